"""Wrong clocks, graders back from the dead, a suite that changes, work handed in while it is graded.

Real graders as processes of their own; they are stopped by SIGSTOP, and their wall clocks are wrong from the start.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.grading.graders import asked, check, course, finished, free, start, submit, until, write_suite

pytestmark = pytest.mark.xdist_group("heavy")

ROWS = "select student, digest, suite_hash, lease_token, record from jobs order by id"
LEASED = "select count(*) from jobs where state = 'leased'"


def freeze(root: Path, grader: subprocess.Popen[bytes]) -> None:
    """Stop a grader that has results and holds leases, at a moment when it does not hold the database."""

    def stopped() -> bool:
        if finished(root) < 1:
            return False
        grader.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, grader.pid, os.WSTOPPED)
        if asked(root, LEASED) != [(0,)] and free(root):
            return True
        grader.send_signal(signal.SIGCONT)
        return False

    until(stopped)


def test_a_grader_back_from_the_dead_records_nothing_and_jumping_clocks_end_nothing(tmp_path: Path) -> None:
    course(tmp_path, 12)
    first = start(tmp_path, clock="random.choice((0, -1e4))")
    freeze(tmp_path, first)
    kept = finished(tmp_path)
    second = start(tmp_path, clock="random.choice((1e5, 1e9))")  # a day later or more: every lease has run out
    output, errors = second.communicate(timeout=240)
    assert second.returncode == 0, errors.decode()
    assert json.loads(output)["cached"] == kept
    check(tmp_path, output, 12)
    rows = asked(tmp_path, ROWS)
    first.send_signal(signal.SIGCONT)
    output, errors = first.communicate(timeout=240)
    assert first.returncode == 0, errors.decode()
    check(tmp_path, output, 12)
    assert asked(tmp_path, ROWS) == rows, "a late result was recorded"
    assert 2 in {row[3] for row in rows}, "nothing was taken over"


@pytest.mark.soak
def test_while_its_lease_lasts_a_silent_grader_keeps_its_work(tmp_path: Path) -> None:
    course(tmp_path, 12)
    first = start(tmp_path)
    freeze(tmp_path, first)
    held = asked(tmp_path, "select id, lease_token, lease_owner from jobs where state = 'leased'")
    second = start(tmp_path)
    _, errors = second.communicate(timeout=240)
    assert second.returncode == 0, errors.decode()
    assert asked(tmp_path, "select id, lease_token, lease_owner from jobs where state = 'leased'") == held
    first.send_signal(signal.SIGCONT)
    output, errors = first.communicate(timeout=240)
    assert first.returncode == 0, errors.decode()
    check(tmp_path, output, 12)
    assert {row[3] for row in asked(tmp_path, ROWS)} == {1}


@pytest.mark.soak
def test_a_changed_suite_and_work_handed_in_again_while_it_is_graded(tmp_path: Path) -> None:
    course(tmp_path, 8)
    first = start(tmp_path)
    freeze(tmp_path, first)
    write_suite(tmp_path, 22)
    submit(tmp_path, "s00000", "def double(x):\n    return x\n")
    submit(tmp_path, "s00007")  # the same again
    second = start(tmp_path)
    output, errors = second.communicate(timeout=240)
    assert second.returncode == 0, errors.decode()
    assert json.loads(output)["cached"] == 0, "a result of the old suite was taken for one of the new"
    new = asked(tmp_path, "select suite_hash from jobs order by id desc limit 1")[0][0]
    rows = [row for row in asked(tmp_path, ROWS) if row[2] == new]
    assert sorted(str(row[0]) for row in rows) == [f"s{number:05d}" for number in range(8)]
    scores = {row["student"]: row["score"] for row in grades(tmp_path)}
    assert scores == {f"s{number:05d}": "100" if number else "0" for number in range(8)}

    first.send_signal(signal.SIGCONT)
    _, errors = first.communicate(timeout=240)
    assert "suite-changed" in errors.decode()
    assert {row["student"]: row["score"] for row in grades(tmp_path)} == scores
    after = asked(tmp_path, ROWS)
    assert [row for row in after if row[2] == new] == rows, "a late result went to the row of the new suite"
    old = [row for row in after if row[2] != new]
    assert 1 <= len(old) == len({row[0:2] for row in old})
    assert all(row[4] is None or json.loads(str(row[4]))["suite_hash"] == row[2] for row in after)
    assert asked(tmp_path, LEASED) == [(0,)]


def grades(root: Path) -> list[dict[str, str]]:
    with (root / "graded" / "grades.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
