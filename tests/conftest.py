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
    """Groups for ``--dist loadgroup``: tests that share a module's fixture stay together, so that it is made once.

    ``xdist_group`` marks go before that. Since pytest 9.2 a node's id is not where xdist 3.8 appends a group's name.
    """

    @pytest.hookimpl(tryfirst=True, wrapper=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> Iterator[None]:
        for item in items:
            fixtures = item._fixtureinfo.name2fixturedefs.values() if hasattr(item, "_fixtureinfo") else ()
            shares = any(found and found[-1].scope == "module" for found in fixtures)
            if shares and item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}-{item.path.stem}"))
        yield
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
