"""The pytest plug-in of a hidden suite: the fixtures a test may ask for, and the marks it may carry.

One `SuitePlugin` belongs to one collected `Suite`, which tells it before each test whose `student` it is and which
seed holds. Nothing of one submission stays in it after the test.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from types import ModuleType

import numpy as np
import pytest
import torch

from autograder.judge.student import Student

__all__ = ["SuitePlugin", "derive_seed"]

_MARKS = (
    "points(value): what the test is worth",
    "gpu: a badge test that needs a GPU runner",
    "leans_on(*names): earlier functions this test needs",
    "error_rate(value): probability that a right work fails the test by chance",
)


def derive_seed(secret: bytes, assignment: str, test: str, purpose: str = "rng") -> int:
    """Return the 256-bit seed of a test: the same for every student and regrade, unknown without the secret.

    HMAC-SHA256 (RFC 2104) over ``assignment/test/purpose``.
    """
    message = f"{assignment}/{test}/{purpose}".encode()
    return int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest(), "big")


class SuitePlugin:
    """Fixtures ``student``, ``rng``, ``generator``, ``reference`` and ``device``.

    Args:
        assignment: assignment id, part of every seed.
        reference: the suite's ``reference.py`` as a module, or None without one.
    """

    def __init__(self, assignment: str, reference: ModuleType | None) -> None:
        self._assignment = assignment
        self._reference = reference
        self._student: Student | None = None
        self._secret = b""
        self._device = "cpu"

    def enter(self, test: str, student: Student, secret: bytes, device: str) -> None:
        """Prepare for one test: its student, its device, and every global random state from the test's seed."""
        self._student, self._secret, self._device = student, secret, device
        seed = derive_seed(secret, self._assignment, test, "global")
        random.seed(seed)
        np.random.seed(seed & 0xFFFF_FFFF)
        torch.default_generator.manual_seed(seed & 0x7FFF_FFFF_FFFF_FFFF)

    def leave(self) -> None:
        """Forget the student."""
        self._student, self._secret, self._device = None, b"", "cpu"

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marks; any other is an error in the suite."""
        for line in _MARKS:
            config.addinivalue_line("markers", line)

    @pytest.fixture
    def student(self) -> Student:
        """The student's functions, in the sandbox."""
        assert self._student is not None
        return self._student

    @pytest.fixture
    def device(self) -> str:
        """Where a badge test has the student's code compute: ``"cuda"``, or ``"cpu"`` while a suite is written."""
        return self._device

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """A numpy generator, the same for every student."""
        return np.random.default_rng(derive_seed(self._secret, self._assignment, request.node.name))

    @pytest.fixture
    def generator(self, request: pytest.FixtureRequest) -> torch.Generator:
        """A torch CPU generator, the same for every student."""
        seed = derive_seed(self._secret, self._assignment, request.node.name, "torch")
        return torch.Generator().manual_seed(seed & 0x7FFF_FFFF_FFFF_FFFF)

    @pytest.fixture
    def reference(self) -> ModuleType:
        """The suite's reference solution."""
        if self._reference is None:
            raise LookupError("this suite has no reference.py")
        return self._reference
