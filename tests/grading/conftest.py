"""What tests of this folder share."""

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def listening() -> Iterator[None]:
    """Python's own answer to Ctrl-C, which a shell's `&` has processes ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
