"""Slots of a long-lived process: they start with the first job, and end when nobody needs them."""

from __future__ import annotations

import time

import psutil
import pytest

from autograder.errors import GraderError
from autograder.grading.warm import WarmSlots


def test_processes_start_with_the_first_job_and_end_after_a_while_without_any() -> None:
    slots = WarmSlots(1, idle_seconds=0.3)
    before = set(psutil.Process().children(recursive=True))
    assert not slots.warm
    with pytest.raises(GraderError):
        slots.grade({"no": "job"}, 60)
    started = set(psutil.Process().children(recursive=True)) - before
    deadline = time.monotonic() + 60
    while (slots.warm or any(child.is_running() for child in started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not slots.warm
    assert not [child for child in started if child.is_running()]
    slots.close()
