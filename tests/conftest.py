"""One fork server and one judge for each test process: they take seconds to start, and are shared in reality too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.judge import Judge
from autograder.sandbox import ForkServer


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    with ForkServer() as started:
        yield started


@pytest.fixture(scope="session")
def real_judge(fork_server: ForkServer) -> Iterator[Judge]:
    with Judge(fork_server) as started:
        yield started
