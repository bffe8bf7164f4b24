"""What a submission earns does not depend on the course secret, nor on which kernels torch takes on a processor.

`every_secret.py` grades the works and is a command too; ``tests/quality/test_secrets.py`` shows every day that what
depends on a draw is found.
"""

from __future__ import annotations

import pytest

from autograder.corpus import Case, Edit
from autograder.grading.slots import Slots
from tests.course.test_kernels import lacking
from tests.grading.every_secret import FEW, KERNELS, SECRETS, finding, slots_with, tried, works
from tests.grading.works import IDS, job_for

pytestmark = pytest.mark.soak


def findings(slots: Slots, assignment_id: str, secrets: int) -> dict[str, str]:
    """What was not as stated, by question and name of the work."""
    results = tried(slots, assignment_id, works(assignment_id), secrets, lambda line: print(line, flush=True))
    assert results
    return {f"{r.case.question} {r.case.name}": finding(r) for r in results if not r.as_stated}


@pytest.mark.parametrize("assignment_id", IDS)
def test_every_work_earns_and_loses_the_same_under_every_secret(assignment_id: str) -> None:
    """The reference and every right work earn everything, and a wrong one loses exactly what it states."""
    with slots_with() as slots:
        assert findings(slots, assignment_id, SECRETS) == {}


@pytest.mark.parametrize("kernels", KERNELS)
def test_other_kernels_change_no_outcome(kernels: str) -> None:
    """Sums in another order round in another way; neither the judge's nor the student's side minds."""
    if missing := lacking(kernels):
        pytest.skip(f"this processor has no {', '.join(sorted(missing))}")
    told = f"import torch\nassert torch.backends.cpu.get_cpu_capability() == {kernels.upper()!r}"
    with slots_with(kernels) as slots:
        case = Case("kernels", "", "", (), "", (Edit("after", "setup", told),))
        cells = slots.grade(job_for(IDS[0], case, only=["q1"]), 900.0)["cells"]
        assert {cell["status"] for cell in cells} == {"ok"}, "not these kernels"

        assert {i: findings(slots, i, FEW) for i in IDS} == {i: {} for i in IDS}
