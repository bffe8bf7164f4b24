"""Where the seconds of a request went: a watch with a fake clock, and one real process beside others."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox import Allowance
from autograder.sandbox.processes import procfs
from autograder.sandbox.processes.meter import TICK_SECONDS, Watch

UNLIMITED = Allowance(math.inf, math.inf, math.inf)


class Machine:
    """Processes whose CPU time and wish for more are set by hand."""

    def __init__(self, *pids: int) -> None:
        self.now = 100.0
        self.cpu = dict.fromkeys(pids, 5.0)
        self.wants = False
        self.own = 0.0

    def watch(self, allowance: Allowance = UNLIMITED) -> Watch:
        return Watch(
            list(self.cpu),
            allowance,
            clock=lambda: self.now,
            cpu=self.cpu.get,
            wants_machine=lambda _pid: self.wants,
            own=lambda: self.own,
        )

    def passes(self, seconds: float, cpu: float = 0.0, *, wants: bool = False) -> None:
        self.now += seconds
        self.cpu[next(iter(self.cpu))] += cpu
        self.wants = wants


@pytest.mark.parametrize(
    ("cpu", "wants", "expected"),
    [
        (0.25, True, (0.25, 0.0, 0.0)),
        (0.01, True, (0.01, 0.24, 0.0)),
        (0.0, False, (0.0, 0.0, 0.25)),
        (0.05, False, (0.05, 0.0, 0.20)),
        (0.5, True, (0.5, 0.0, 0.0)),
    ],
    ids=["at work", "starved", "asleep", "wakes for a moment", "two threads at work"],
)
def test_an_interval_is_divided(cpu: float, wants: bool, expected: tuple[float, float, float]) -> None:
    machine = Machine(1)
    watch = machine.watch()
    machine.passes(TICK_SECONDS, cpu, wants=wants)
    watch.look()
    meter = watch.meter
    assert (meter.cpu, meter.starved, meter.asleep) == pytest.approx(expected)


def test_a_late_look_is_the_machines_delay_and_not_the_sandboxs_sleep() -> None:
    """The judge did not run either: what the sandbox was doing all that time nobody saw."""
    machine = Machine(1)
    watch = machine.watch()
    machine.passes(40.0)
    watch.look()
    assert watch.meter.asleep == pytest.approx(2 * TICK_SECONDS)
    assert watch.meter.starved == pytest.approx(40.0 - 2 * TICK_SECONDS)


def test_only_cpu_seconds_count_between_the_last_look_and_the_reply() -> None:
    machine = Machine(1)
    watch = machine.watch()
    machine.passes(0.2, 0.03)
    assert watch.finish().cpu == pytest.approx(0.03)
    assert (watch.meter.starved, watch.meter.asleep) == (0.0, 0.0)


def test_a_process_that_is_gone_takes_nothing_back() -> None:
    machine = Machine(1, 2)
    watch = machine.watch()
    machine.passes(1.0, 0.5)
    watch.look()
    del machine.cpu[1]
    machine.passes(1.0)
    watch.look()
    assert watch.meter.cpu == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("step", "clock"), [((0.25, 0.25, True), "cpu"), ((0.25, 0.0, False), "asleep"), ((0.25, 0.0, True), "starved")]
)
def test_the_clock_that_runs_out_is_named(step: tuple[float, float, bool], clock: str) -> None:
    machine = Machine(1)
    watch = machine.watch(Allowance(1.0, 1.0, 1.0))
    for count in range(1, 5):
        assert watch.over() == ""
        machine.passes(step[0], step[1], wants=step[2])
        watch.look()
        assert (watch.over() == clock) is (count == 4)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 3), st.booleans()), max_size=30))
def test_no_second_is_counted_twice_and_a_busy_machine_uses_up_nothing(
    steps: list[tuple[float, float, bool]],
) -> None:
    machine = Machine(1)
    watch = machine.watch()
    for seconds, share, wants in steps:
        machine.passes(seconds, seconds * share, wants=wants)
        watch.look()
    meter = watch.meter
    assert meter.cpu == pytest.approx(sum(seconds * share for seconds, share, _ in steps))
    waited = sum(seconds * max(0.0, 1.0 - share) for seconds, share, _ in steps)
    assert meter.starved + meter.asleep == pytest.approx(waited)
    assert meter.asleep <= 2 * TICK_SECONDS * len(steps) + 1e-9


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    source = "import sys, time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", source]) as process:
        yield process
        process.kill()


def test_a_real_process_is_read_from_outside_and_after_its_end(child: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while (procfs.cpu_clock(child.pid) or 0.0) < 0.3 and time.monotonic() < end:
        os.sched_yield()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert 0.3 <= (procfs.cpu_clock(child.pid) or 0.0) < 2.0
    child.wait()
    assert procfs.cpu_clock(child.pid) is None


def test_a_stopped_process_wants_the_machine_and_a_sleeping_one_does_not(child: subprocess.Popen[bytes]) -> None:
    import signal

    end = time.monotonic() + 60
    while procfs.wants_machine(child.pid) and time.monotonic() < end:
        os.sched_yield()
    assert not procfs.wants_machine(child.pid)
    child.send_signal(signal.SIGSTOP)
    while not procfs.wants_machine(child.pid) and time.monotonic() < end:
        os.sched_yield()
    assert procfs.wants_machine(child.pid)


def test_what_a_process_waits_for_the_judge_is_nobodys() -> None:
    machine = Machine(1)
    watch = machine.watch()
    machine.passes(0.1, 0.05)
    with watch.excused():
        machine.passes(30.0)
    machine.passes(0.1)
    watch.look()

    assert watch.meter.asleep == pytest.approx(0.15)
    assert watch.meter.cpu == pytest.approx(0.05)
    assert watch.meter.starved == pytest.approx(0.0)


def test_a_look_in_the_middle_of_what_is_excused_charges_what_passed_once() -> None:
    machine = Machine(1)
    watch = machine.watch()
    with watch.excused():
        machine.passes(0.2)
        watch.look()
        machine.passes(0.1)
    machine.passes(0.1)
    watch.look()

    assert watch.meter.asleep == pytest.approx(0.4)


def test_a_judge_that_waits_for_a_processor_between_asks_owes_these_seconds() -> None:
    machine = Machine(1)
    watch = machine.watch()
    for _ in range(2):
        with watch.excused():
            machine.passes(1.0)
        machine.own += 0.08
        machine.passes(0.1)
    watch.look()
    machine.own += 5.0  # long after the last ask
    machine.passes(0.25)
    watch.look()

    assert watch.meter.starved == pytest.approx(0.16)
    assert watch.meter.asleep == pytest.approx(0.04 + 0.25)
