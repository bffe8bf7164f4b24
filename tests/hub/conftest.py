"""One hub for all tests that only use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hub.running import Hub, running_hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("hub") / "state") as started:
        yield started
