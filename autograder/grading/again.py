"""Which stored results a clock decided, and not the student's work: what ``--again-timeouts`` grades again.

Records of version 1 had wall-clock limits: on a busy machine right work met them. Records of version 2 count CPU
seconds, and say ``machine-busy`` where a submission could not be graded for want of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from autograder.grading.fault import MACHINE_BUSY
from autograder.grading.ledger import Ledger

__all__ = ["lost_to_a_clock", "works_to_grade_again"]

# What version 1 told of tests and of answers' cells that met a wall-clock limit. No other place knows these sentences.
_OLD_TOLD = re.compile(
    r"제한 시간\([^)]*초\) 안에 끝나지 않았습니다"  # one call
    r"|이 문항의 채점 시간\([^)]*초\)을 앞선 테스트에서 모두 썼습니다"  # a question's calls together
    r"|실행이 제한 시간 안에 끝나지 않았습니다"  # blocked: the cell that defines the function
)
_OLD_VERDICTS = frozenset({"cell-timeout", "notebook-timeout"})
_LOST = frozenset({"failed", "blocked"})


def works_to_grade_again(ledger: Ledger, assignment: str) -> frozenset[tuple[str, str]]:
    """Return student and digest of each work whose newest result, by whichever grader or suite, a clock decided."""
    return frozenset(
        (student, digest) for student, digest, record in ledger.newest_results(assignment) if lost_to_a_clock(record)
    )


def lost_to_a_clock(record: Mapping[str, Any]) -> bool:
    """Say whether a clock cost points, or a grade at all.

    Args:
        record: as stored, since a record that was read no longer tells its version.
    """
    if record.get("schema") != 1:
        return MACHINE_BUSY in record.get("reasons", ())
    tests = record.get("tests", ())
    if any(t.get("outcome") in _LOST and _OLD_TOLD.search(t.get("message", "")) for t in tests):
        return True
    score = record.get("score")
    if score is not None and score >= record.get("possible", 0.0):
        return False  # an experiment met the limit, and nothing depended on it
    cells = record.get("cells", ())
    verdicts = record.get("verdicts", ())
    return any(c.get("status") == "timeout" for c in cells) or any(v.get("code") in _OLD_VERDICTS for v in verdicts)
