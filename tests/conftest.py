"""What every test process shares: one fork server and one judge, and groups of tests that stay in one process.

The server and the judge take seconds to start, and are shared in reality too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judge import Judge
from autograder.sandbox import ForkServer


class _Groups:
    """Keeps ``xdist_group`` working: since pytest 9.2 a node's id is not where xdist 3.8 appends the group's name."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        for item in items:
            named = vars(item).get("_nodeid", "")
            if named and item.nodeid != named:
                item._id = type(item.id).parse(named)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(_Groups())


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    with ForkServer() as started:
        yield started


@pytest.fixture(scope="session")
def real_judge(fork_server: ForkServer) -> Iterator[Judge]:
    with Judge(fork_server) as started:
        yield started
