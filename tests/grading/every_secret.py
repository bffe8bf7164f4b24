"""The corpora under many secrets: the reference and right works earn everything, wrong ones lose what they state.

    python -m tests.grading.every_secret [ID[:qN,...] ...] [--seeds N] [--kernels NAME] [-k TEXT] [--tests NAME,...]

prints every work as it is graded, with what the draw decided. `test_every_secret.py` asserts the same.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from autograder.corpus import Case
from autograder.grading.slots import Slots
from autograder.quality.bench import PATIENT, Bench, CaseResult, reference_case
from tests.grading.works import IDS, assignment_of, cases, master_of

SECRETS = 20
KERNELS = ("default", "avx2")
"""Values of ATEN_CPU_CAPABILITY under which some of the secrets are tried: other kernels round in another way."""
FEW = 3
"""Secrets under each of them."""


def works(assignment_id: str, questions: Sequence[str] = ()) -> Iterator[Case]:
    """The reference, question by question, then the right and the wrong works, about these questions; about all, if
    none is named."""
    known = [q.id for q in assignment_of(assignment_id).questions if not q.manual]
    for question in questions or known:
        yield reference_case(question)
    for case in (*cases(assignment_id, "right"), *cases(assignment_id, "wrong")):
        if not questions or case.question in questions:
            yield case


def tried(
    slots: Slots,
    assignment_id: str,
    todo: Iterable[Case],
    secrets: int = SECRETS,
    tell: Callable[[str], None] = print,
    named: Sequence[str] = (),
) -> list[CaseResult]:
    """Grade the works under so many secrets, telling of each; the results are in the order of the works.

    With `named` only these tests are run, and only of their losses are the works asked.
    """
    assignment = assignment_of(assignment_id)
    every = tuple(q.id for q in assignment.questions if not q.manual)
    bench = Bench(assignment, master_of(assignment_id), slots.grade)

    def one(case: Case) -> CaseResult:
        started = time.monotonic()
        if named:
            case = replace(case, loses=tuple(name for name in case.loses if name in named))
        chosen = (case.question,) if case.question else every
        result = bench.grade_case(case, chosen, PATIENT, secrets=secrets, named=named)
        words = f"{assignment_id[:2]} {case.question:2} {case.name}: {time.monotonic() - started:.1f} s"
        tell(words if result.as_stated else f"{words}  {finding(result)}")
        return result

    with ThreadPoolExecutor(slots.count) as executor:
        return list(executor.map(one, todo))


def finding(result: CaseResult) -> str:
    """What is wrong with a result, "" for nothing: for each test how often it was lost, where that is not as stated."""
    every = (result.lost, *result.draws)
    names = dict.fromkeys((*result.case.loses, *(name for lost in every for name in lost)))
    counts = {name: [number for number, lost in enumerate(every) if name in lost] for name in names}
    told = []
    for name, numbers in counts.items():
        wanted = len(every) if name in result.case.loses else 0
        if len(numbers) != wanted:
            told.append(f"{name} lost {len(numbers)}/{len(every)}, stated {wanted} (draws {numbers})")
    return "; ".join((*told, *(f"{name} erred" for name in result.erred)))


@contextmanager
def slots_with(kernels: str = "", count: int | None = None) -> Iterator[Slots]:
    """Slots whose judges and sandboxes compute with these kernels, the machine's own if none are named."""
    before = os.environ.get("ATEN_CPU_CAPABILITY")
    if kernels:
        os.environ["ATEN_CPU_CAPABILITY"] = kernels  # the fork server keeps it, see policy.SERVER_ENVIRONMENT_KEPT
    try:
        with Slots(count or len(os.sched_getaffinity(0))) as slots:
            yield slots
    finally:
        if before is None:
            os.environ.pop("ATEN_CPU_CAPABILITY", None)
        else:
            os.environ["ATEN_CPU_CAPABILITY"] = before


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("which", nargs="*", default=IDS)
    parser.add_argument("--seeds", type=int, default=SECRETS)
    parser.add_argument("--kernels", default="")
    parser.add_argument("-k", dest="text", default="")
    parser.add_argument("--wrong", action="store_true", help="wrong works only")
    parser.add_argument("--tests", default="")
    parser.add_argument("--slots", type=int, default=None)
    options = parser.parse_args()
    with slots_with(options.kernels, options.slots) as slots:
        for which in options.which:
            start, _, questions = which.partition(":")
            (assignment_id,) = (i for i in IDS if i.startswith(start))
            named = questions.split(",") if questions else ()
            wanted = [
                case
                for case in works(assignment_id, named)
                if options.text in case.name and (case.loses or not options.wrong)
            ]
            started = time.monotonic()
            tests = [name for name in options.tests.split(",") if name]
            found = tried(slots, assignment_id, wanted, options.seeds, lambda text: print(text, flush=True), tests)
            bad = sum(not result.as_stated for result in found)
            total = f"{len(found)} works, {options.seeds} secrets, {time.monotonic() - started:.0f} s, {bad} findings"
            print(f"{which}: {total}", flush=True)


if __name__ == "__main__":
    main()
