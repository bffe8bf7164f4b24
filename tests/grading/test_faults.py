"""What operations can do to a grader: processes killed at random, a full disk, a locked or lost ledger, Ctrl-C.

Real processes: the grader runs as ``autograder grade``; the killer sees it and everything it started.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from autograder.grading.ledger import Ledger
from tests.grading.graders import (
    Seen,
    all_gone,
    asked,
    check,
    confined,
    course,
    family,
    finished,
    known,
    left_in_scratch,
    start,
    until,
)

pytestmark = pytest.mark.xdist_group("heavy")


class Killer:
    """Ends processes of a grader by ``kill -9``, as results come in: a busy machine is not killed more than it works.

    A grader and a fork server take seconds to start again, so they die a few times, judges and sandboxes all the time.
    """

    def __init__(self, count: int) -> None:
        self.rng = random.Random(20260901)
        self.calm_after = int(count * 0.9)
        self.kills: Counter[str] = Counter()
        moments = self.rng.sample(range(min(10, count // 4), self.calm_after), 2 * max(1, count // 400))
        self.graders, self.servers = sorted(moments[::2], reverse=True), sorted(moments[1::2], reverse=True)
        self.next = 1

    def strike(self, grader: subprocess.Popen[bytes], processes: list[int], done: int) -> bool:
        """Kill what is due; says whether that was the grader itself."""
        if self.graders and done >= self.graders[-1]:
            self.graders.pop()
            self._kill("grader", [grader.pid])
            return True
        server, others = processes[:1], processes[1:]
        if self.servers and done >= self.servers[-1] and server:
            self.servers.pop()
            self._kill("server", server)
        elif done >= self.next and others:
            kind = self.rng.choice(("judge", "sandbox"))
            self._kill(kind, [pid for pid in others if confined(pid) == (kind == "sandbox")])
            self.next = done + self.rng.randint(1, 10)
        return False

    def _kill(self, kind: str, pids: list[int]) -> None:
        if pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.rng.choice(pids), signal.SIGKILL)
                self.kills[kind] += 1


@pytest.mark.parametrize(
    "count", [int(os.environ.get("FAULT_RESULTS", "100")), pytest.param(10_000, marks=pytest.mark.soak)]
)
def test_processes_killed_at_random_lose_and_double_nothing(tmp_path: Path, count: int) -> None:
    course(tmp_path, count)
    killer, seen, pause, runs = Killer(count), Seen(), threading.Event(), 0
    while True:
        runs += 1
        assert runs < 10 + count // 10, "no progress"
        grader, before = start(tmp_path), finished(tmp_path)
        while grader.poll() is None:
            pause.wait(killer.rng.uniform(0.01, 0.08))
            processes, done = family(grader.pid), finished(tmp_path)
            seen |= known(processes)
            if done >= killer.calm_after or killer.strike(grader, processes, done):
                break
        output, errors = grader.communicate(timeout=600 + count)
        until(partial(all_gone, seen), 30)
        assert finished(tmp_path) >= before
        if grader.returncode == 0 and finished(tmp_path) == count:
            break
        print(
            f"run {runs}: {finished(tmp_path)} results, exit {grader.returncode}, killed: {dict(killer.kills)}",
            flush=True,
        )
        print(errors.decode()[-400:], flush=True)
    print(f"{count} results, {runs} runs, killed: {dict(killer.kills)}")
    assert set(killer.kills) == {"grader", "server", "judge", "sandbox"}
    assert json.loads(output)["cached"] >= before
    check(tmp_path, output, count)
    assert left_in_scratch(tmp_path) == []


def test_a_locked_ledger_is_waited_for(tmp_path: Path) -> None:
    course(tmp_path, 1)
    Ledger(tmp_path / "graded" / "ledger.db").close()
    with contextlib.closing(sqlite3.connect(tmp_path / "graded" / "ledger.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        grader = start(tmp_path, slots=1)
        threading.Event().wait(8)  # sqlite3 alone gives up after five
        assert grader.poll() is None
        other.execute("rollback")
        output, errors = grader.communicate(timeout=120)
    assert grader.returncode == 0, errors.decode()
    check(tmp_path, output, 1)


def test_a_damaged_ledger_is_named_and_not_overwritten(tmp_path: Path) -> None:
    course(tmp_path, 2)
    (tmp_path / "graded").mkdir(exist_ok=True)
    ledger = tmp_path / "graded" / "ledger.db"
    ledger.write_bytes(b"not a database" * 1000)
    grader = start(tmp_path)
    _, errors = grader.communicate(timeout=120)
    assert grader.returncode == 5, errors.decode()
    assert "ledger-unavailable" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert ledger.read_bytes() == b"not a database" * 1000


@pytest.mark.soak
def test_a_ledger_moved_away_in_the_middle_ends_the_run_and_keeps_what_is_graded(tmp_path: Path) -> None:
    course(tmp_path, 24)
    grader, seen = start(tmp_path), Seen()
    until(lambda: finished(tmp_path) >= 3)
    seen |= known(family(grader.pid))
    away = tmp_path / "away"
    away.mkdir()
    for path in (tmp_path / "graded").glob("ledger.db*"):
        path.rename(away / path.name)
    _, errors = grader.communicate(timeout=120)
    assert grader.returncode == 5, errors.decode()
    assert "ledger-unavailable" in errors.decode()
    assert "Traceback" not in errors.decode()
    assert not (tmp_path / "graded" / "ledger.db").exists()
    until(partial(all_gone, seen), 30)
    assert 3 <= finished(tmp_path, "away") < 24
    assert asked(tmp_path, "pragma integrity_check", "away") == [("ok",)]


def test_a_ledger_on_a_disk_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "graded", "1m") as folder:
        course(tmp_path, 2)
        Ledger(folder / "ledger.db").close()
        (folder / "secret").write_text("the secret of this course\n", encoding="ascii")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        grader = start(tmp_path)
        _, errors = grader.communicate(timeout=120)
        assert grader.returncode == 5, errors.decode()
        assert "ledger-unavailable" in errors.decode()
        assert "Traceback" not in errors.decode()


def test_ctrl_c_keeps_what_is_graded_and_leaves_no_process(tmp_path: Path) -> None:
    course(tmp_path, 120)
    grader, seen = start(tmp_path), Seen()

    def some() -> bool:
        seen.update(known(family(grader.pid)))
        return finished(tmp_path) >= 4

    until(some)
    grader.send_signal(signal.SIGINT)
    _, errors = grader.communicate(timeout=60)
    assert grader.returncode == 130, errors.decode()
    assert "같은 명령으로 이어서" in errors.decode()
    kept = finished(tmp_path)
    assert 4 <= kept < 120
    assert asked(tmp_path, "select count(*) from jobs where state = 'leased'") == [(0,)]
    until(partial(all_gone, seen), 30)
    assert left_in_scratch(tmp_path) == []


def test_a_full_disk_ends_the_run_with_its_name_and_the_next_one_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "graded", "400k") as folder:
        course(tmp_path, 20)
        grader = start(tmp_path)
        _, errors = grader.communicate(timeout=180)
        assert grader.returncode == 5, errors.decode()
        assert "Traceback" not in errors.decode()
        assert "disk-full" in errors.decode() or "ledger-unavailable" in errors.decode()
        subprocess.run(["mount", "-o", "remount,size=200m", str(folder)], check=True)
        again = start(tmp_path)
        output, errors = again.communicate(timeout=180)
        assert again.returncode == 0, errors.decode()
        check(tmp_path, output, 20)


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or not shutil.which("mount") or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("this machine lets us mount no small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
