"""GPU slots: a job has a device to itself, and a sick device costs nobody a badge."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import socketpair
from typing import Any

import nbformat
import pytest

from autograder.errors import ConfinementError, GraderError, InfrastructureError
from autograder.grading import engines, gpu_device
from autograder.grading.gpu import FINAL, GpuSlots
from autograder.grading.gpu_device import GpuDevice, examine, open_gpus
from autograder.sandbox import ForkServer, SandboxControl
from autograder.sandbox.confinement import devices
from autograder.sandbox.confinement.devices import Gpu
from autograder.sandbox.processes import client, forkserver
from autograder.session import GradeOptions, grade_class
from tests.bench import material

JOB = {"badges": True, "device": "cuda"}
SILENT = InfrastructureError("gpu-silent", "응답하지 않습니다.", detail="no answer in 60 s")
BROKEN = InfrastructureError("gpu-broken", "계산에 실패합니다.", detail="RuntimeError: uncorrectable ECC error")
TIMEOUT = InfrastructureError("judge-timeout", "중단했습니다.")
BUSY = InfrastructureError("machine-busy", "장비가 바쁩니다.", detail="starved 1800 s")
STUCK = InfrastructureError("sandbox-stuck", "끝나지 않습니다.", detail="process 7 does not die")


def result(outcome: str) -> dict[str, Any]:
    return {"tests": [{"name": "test_badge", "badge": True, "outcome": outcome}]}


def earned(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
    return result("passed")


def lost(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
    return result("failed")


def raises(error: GraderError) -> Callable[[dict[str, Any], float], dict[str, Any]]:
    def grade(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        raise error

    return grade


class FakeGpu:
    """A device whose examinations end as listed, the last one for good, and which notes what is asked of it."""

    def __init__(
        self,
        number: int,
        *health: GraderError | None,
        grade: Callable[[dict[str, Any], float], dict[str, Any]] = earned,
    ) -> None:
        self.name = f"cuda:{number}"
        self.label = f"cuda:{number} (Test GPU)"
        self.log: list[str] = []
        self._health = list(health) or [None]
        self._grade = grade

    def examine(self) -> None:
        self.log.append("examine")
        state = self._health.pop(0) if len(self._health) > 1 else self._health[0]
        if state is not None:
            raise state

    def grade(self, job: dict[str, Any], seconds: float) -> dict[str, Any]:
        self.log.append("grade")
        assert job["device"] == self.name
        return self._grade(job, seconds)

    def reset(self) -> None:
        self.log.append("reset")


def test_a_healthy_device_is_examined_once_and_told_to_every_job() -> None:
    gpu = FakeGpu(3)
    slots = GpuSlots([gpu])
    for _ in range(3):
        assert slots.grade(JOB, 1.0) == {**result("passed"), "gpu": "cuda:3 (Test GPU)"}
    assert gpu.log == ["examine", "grade", "grade", "grade"]
    assert (slots.count, slots.out) == (1, [])


def test_a_students_endless_kernel_costs_a_badge_and_no_device() -> None:
    gpu = FakeGpu(0, grade=lost)
    slots = GpuSlots([gpu])
    assert slots.grade(JOB, 1.0)["tests"][0]["outcome"] == "failed"
    assert gpu.log == ["examine", "grade", "examine"]
    slots.grade(JOB, 1.0)
    assert gpu.log[3:] == ["grade", "examine"], "just seen healthy: the next job starts at once"
    assert slots.out == []


@pytest.mark.parametrize("grade", [lost, raises(TIMEOUT), raises(InfrastructureError("judge-died", "끝났습니다."))])
def test_a_device_that_breaks_under_a_job_costs_no_badge(
    grade: Callable[[dict[str, Any], float], dict[str, Any]],
) -> None:
    breaking, healthy = FakeGpu(0, None, BROKEN, grade=grade), FakeGpu(1)
    slots = GpuSlots([breaking, healthy])
    assert slots.grade(JOB, 1.0) == {**result("passed"), "gpu": "cuda:1 (Test GPU)"}
    assert breaking.log == ["examine", "grade", "examine", "reset"]
    assert [(out.device, out.code) for out in slots.out] == [("cuda:0 (Test GPU)", "gpu-broken")]
    slots.grade(JOB, 1.0)
    assert breaking.log == ["examine", "grade", "examine", "reset"]


def test_a_device_that_does_not_answer_gets_no_job() -> None:
    silent, healthy = FakeGpu(0, SILENT), FakeGpu(1)
    assert GpuSlots([silent, healthy]).grade(JOB, 1.0)["gpu"] == healthy.label
    assert silent.log == ["examine", "reset"]


def test_a_process_that_cannot_be_ended_takes_its_device_out_without_another_try() -> None:
    stuck, healthy = FakeGpu(0, grade=raises(STUCK)), FakeGpu(1)
    slots = GpuSlots([stuck, healthy])
    assert slots.grade(JOB, 1.0)["gpu"] == healthy.label
    assert stuck.log == ["examine", "grade", "reset"]
    assert slots.out[0].code == "sandbox-stuck"


def test_with_no_device_left_the_staff_are_told_which_and_why_and_how_to_go_on() -> None:
    slots = GpuSlots([FakeGpu(0, SILENT), FakeGpu(1, BROKEN)])
    with pytest.raises(InfrastructureError) as caught:
        slots.grade(JOB, 1.0)
    assert caught.value.code == "gpu-quarantined"
    for part in ("cuda:0 (Test GPU): 응답이 없습니다", "cuda:1 (Test GPU): 계산에 실패합니다", "같은 명령을 다시 실행"):
        assert part in caught.value.message
    assert "uncorrectable ECC error" in caught.value.detail
    with pytest.raises(InfrastructureError, match="gpu-quarantined"):
        GpuSlots([]).grade(JOB, 1.0)


def test_a_device_that_has_recovered_is_used_again_after_a_pause() -> None:
    now = [0.0]
    gpu = FakeGpu(0, SILENT, SILENT, None)
    slots = GpuSlots([gpu], clock=lambda: now[0])
    for instant, code in ((0.0, "gpu-quarantined"), (800.0, "gpu-quarantined"), (901.0, "gpu-quarantined")):
        now[0] = instant
        with pytest.raises(InfrastructureError, match=code):
            slots.grade(JOB, 1.0)
    assert gpu.log == ["examine", "reset"] * 2, "asked again only when the pause is over"
    now[0] = 1802.0
    assert slots.grade(JOB, 1.0)["gpu"] == gpu.label
    assert slots.out == []


def test_a_job_that_loses_two_devices_in_a_row_gets_no_third() -> None:
    gpus = [FakeGpu(number, None, BROKEN, grade=lost) for number in (0, 1)] + [FakeGpu(2)]
    slots = GpuSlots(gpus)
    with pytest.raises(InfrastructureError, match="gpu-suspect"):
        slots.grade(JOB, 1.0)
    assert gpus[2].log == []
    assert slots.grade(JOB, 1.0)["gpu"] == gpus[2].label, "for another submission it is there"


def test_trouble_of_the_machinery_on_a_healthy_device_is_for_the_caller() -> None:
    gpu = FakeGpu(0, grade=raises(TIMEOUT))
    slots = GpuSlots([gpu])
    with pytest.raises(InfrastructureError, match="judge-timeout"):
        slots.grade(JOB, 1.0)
    assert (gpu.log, slots.out) == (["examine", "grade", "examine"], [])


def test_a_machine_that_cannot_confine_is_no_sick_device() -> None:
    refusing = FakeGpu(0, ConfinementError("cannot-confine-landlock", "격리할 수 없습니다."))
    slots = GpuSlots([refusing, FakeGpu(1)])
    with pytest.raises(ConfinementError):
        slots.grade(JOB, 1.0)
    assert slots.out == []


def test_a_busy_machine_says_nothing_about_a_device() -> None:
    """The examination starved: the job is told so, and the device is there for the next one."""
    gpu = FakeGpu(0, BUSY, None)
    slots = GpuSlots([gpu])
    with pytest.raises(InfrastructureError, match="machine-busy"):
        slots.grade(JOB, 1.0)
    assert slots.out == []
    assert slots.grade(JOB, 1.0)["gpu"] == gpu.label
    assert "machine-busy" in FINAL, "badges of that job wait for the next run"


def test_every_device_has_one_job_at_a_time_and_all_devices_work() -> None:
    together = threading.Barrier(2, timeout=30)
    busy: dict[str, int] = {}
    most: list[int] = []

    def both(job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        name = job["device"]
        busy[name] = busy.get(name, 0) + 1
        most.append(busy[name])
        together.wait()  # goes on only while the other device has a job too
        busy[name] -= 1
        return result("passed")

    slots = GpuSlots([FakeGpu(number, grade=both) for number in (0, 1)])
    with ThreadPoolExecutor(6) as pool:
        used = [done["gpu"] for done in pool.map(lambda _: slots.grade(JOB, 1.0), range(6))]
    assert max(most) == 1
    assert sorted(set(used)) == ["cuda:0 (Test GPU)", "cuda:1 (Test GPU)"]


def test_a_device_that_hangs_holds_up_nobody_else() -> None:
    hangs, over = threading.Event(), threading.Event()

    def hang(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        hangs.set()
        assert over.wait(30)
        raise TIMEOUT  # its deadline, in the end

    slots = GpuSlots([FakeGpu(0, None, SILENT, grade=hang), FakeGpu(1)])
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slots.grade, JOB, 1.0)
        assert hangs.wait(30)
        assert {slots.grade(JOB, 1.0)["gpu"] for _ in range(3)} == {"cuda:1 (Test GPU)"}
        over.set()
        assert first.result(30)["gpu"] == "cuda:1 (Test GPU)"
    assert [out.code for out in slots.out] == ["gpu-silent"]


def test_the_end_of_a_run_ends_who_waits_for_a_device() -> None:
    started, ended = threading.Event(), threading.Event()

    def run(_job: dict[str, Any], _seconds: float) -> dict[str, Any]:
        started.set()
        assert ended.wait(30)
        raise InfrastructureError("judge-died", "끝났습니다.")

    gpu = FakeGpu(0, grade=run)
    slots = GpuSlots([gpu])
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(slots.grade, JOB, 1.0)]
        assert started.wait(30)
        jobs.append(pool.submit(slots.grade, JOB, 1.0))
        slots.close()
        ended.set()
        for job in jobs:
            with pytest.raises(InfrastructureError, match="gpu-closed"):
                job.result(30)
    assert gpu.log == ["examine", "grade", "reset"], "nothing is started again while everything ends"


# -- the real device, as far as a machine without one goes


def test_an_examination_really_computes_in_a_sandbox(fork_server: ForkServer) -> None:
    if devices.gpus({}):
        pytest.skip("this machine has GPUs: see tests/hostile/test_gpu.py")
    control = SandboxControl(fork_server.control())
    with pytest.raises(InfrastructureError) as caught:
        examine(control, "cuda")
    control.close()
    assert caught.value.code == "gpu-broken"
    assert "CUDA" in caught.value.detail, "what CUDA itself said"


class Answers:
    """A sandbox in which the examination found this."""

    def __init__(self, found: Any) -> None:
        self.found = found

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def spawn(self, **_: object) -> Answers:
        return self

    def run_cell(self, *_: object, **__: object) -> Any:
        return type("Result", (), {"status": "ok"})

    def direct(self) -> Answers:
        return self

    def call(self, *_: object, **__: object) -> Any:
        return self.found


RIGHT = {"value": float(256**3), "count": 1, "free": 8 << 30, "total": 16 << 30, "name": "Test GPU"}


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (RIGHT, ""),
        ({**RIGHT, "value": 1.0}, "gpu-broken"),
        ({**RIGHT, "count": 2}, "gpu-broken"),
        ({**RIGHT, "free": 100 << 20}, "gpu-full"),
        (None, "gpu-broken"),
    ],
)
def test_what_an_examination_accepts(found: Any, code: str) -> None:
    control: Any = Answers(found)
    if not code:
        assert examine(control, "cuda:0") == RIGHT
        return
    with pytest.raises(InfrastructureError) as caught:
        examine(control, "cuda:0")
    assert caught.value.code == code


def test_a_gpu_is_lent_to_one_grader_on_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_device, "examine", lambda *_: RIGHT)
    monkeypatch.setattr(gpu_device.Slots, "control", lambda _: type("Control", (), {"close": lambda _: None})())
    name = f"cuda:{900 + os.getpid() % 99}"
    first, second = GpuDevice(Gpu(name)), GpuDevice(Gpu(name))
    first.examine()
    with pytest.raises(InfrastructureError, match="gpu-taken"):
        second.examine()
    first.reset()
    second.examine()
    second.reset()


def test_a_wrong_share_of_memory_is_told_where_there_is_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(devices.FRACTION, "2")
    monkeypatch.setattr(devices, "gpus", list)
    assert open_gpus().count == 0
    monkeypatch.setattr(devices, "gpus", lambda: [Gpu("cuda:0")])
    with pytest.raises(InfrastructureError, match="gpu-fraction-invalid"):
        open_gpus()


def test_a_fork_server_gives_no_gpu_away_while_a_process_on_it_does_not_die(monkeypatch: pytest.MonkeyPatch) -> None:
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    here, there = socketpair()
    server = forkserver.Server.__new__(forkserver.Server)
    seat = forkserver.Seat(sleeping.pid, os.pidfd_open(sleeping.pid), None, "/nowhere", here, "cuda:0")
    server.seats, server.stuck, server.judges = {seat}, set(), {}
    monkeypatch.setattr(forkserver.procfs, "wait_exit", lambda *_: False)  # as in the state D, whatever the signal
    control = forkserver.Control(there)
    assert server._kill(seat) == {"stuck": sleeping.pid}
    assert server._spawn(control, {"device": "cuda:0"}, []) == {"stuck": sleeping.pid}
    monkeypatch.undo()
    monkeypatch.setattr(forkserver.scratch, "wipe", lambda _: None)
    monkeypatch.setattr(server, "_kill_family", lambda _: [resource.getrusage(resource.RUSAGE_SELF)])
    assert forkserver.procfs.wait_exit(seat.pidfd, 30)
    assert server._still_stuck() == []
    assert (server.seats, server.stuck) == (set(), set())
    there.close()
    sleeping.returncode = 0  # it was waited for


def test_a_judge_is_told_that_a_process_does_not_die() -> None:
    here, there = socketpair()
    there.send(b'{"stuck": 7}')
    with pytest.raises(InfrastructureError) as caught:
        client.ask(here, {"op": "spawn"})
    assert (caught.value.code, caught.value.detail) == ("sandbox-stuck", "process 7 does not die")
    here.close()
    there.close()


@pytest.mark.soak
@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_a_class_is_graded_on_a_machine_whose_gpu_does_not_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    material.write_ours(tmp_path)
    suite = tmp_path / "suites" / material.ASSIGNMENT
    toml = suite / "assignment.toml"
    toml.write_text('runner = "gpu"\n' + toml.read_text(encoding="utf-8"), encoding="utf-8")
    tests = next(suite.glob("test_*.py"))
    badge = '\n\n@gpu\ndef test_badge(student, device):\n    """배지."""\n    student.nothing(device)\n'
    text = tests.read_text(encoding="utf-8") + "\nfrom autograder.judge import gpu\n" + badge
    tests.write_text(text, encoding="utf-8")
    nbformat.write(material.submission(tests_inside=False), tmp_path / "kim.ipynb")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    monkeypatch.setattr(devices, "gpus", lambda: [Gpu("cuda", "", "broken")])  # its sandbox starts; CUDA does not
    out = tmp_path / "graded"
    options = GradeOptions(material.ASSIGNMENT, (tmp_path / "kim.ipynb",), out, slots=1, device=device, root=tmp_path)
    if device == "auto":
        summary = grade_class(options)
        assert [record.score for record in summary.records] == [100]
        assert [notice.code for notice in summary.notices] == ["gpu-quarantined"]
        assert summary.to_dict()["deferred"] == 1
    else:
        with pytest.raises(InfrastructureError, match="gpu-quarantined"):
            grade_class(options)
    assert "kim" in (out / "grades.csv").read_text(encoding="utf-8")
    assert engines.open_gpus is open_gpus
