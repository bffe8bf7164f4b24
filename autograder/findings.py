"""A mistake in an assignment's own files, with its place: what `lint` lists and what an error says first.

Owns the value `Finding`, the table of all codes, and the errors that are made of findings. How a mistake is found is
for `assignment_file`, `judge`, `integrations` and `lint`. Messages are Korean sentences without the place, so that a
list can sort by place and a sentence can lead with it::

    >>> Finding("unknown-name", "reference에 'forwrd'가 없습니다.", "test_q2.py", 41).sentence
    "test_q2.py 41번째 줄: reference에 'forwrd'가 없습니다."
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.errors import AssignmentError
from autograder.korean import particle

__all__ = ["CODES", "Finding", "did_you_mean", "error_of", "file_error", "suite_error"]

CODES: Mapping[str, str] = {
    # assignment.toml
    "toml-unreadable": "the file is missing, is not UTF-8 or is not TOML",
    "toml-unknown-key": "a key that no table has",
    "toml-missing-key": "a key that a table must have",
    "toml-wrong-type": "a value of the wrong kind",
    "toml-wrong-value": "a value of the right kind that cannot be",
    "toml-twice": "an id or a name that stands twice",
    "toml-points": "the stated points are not the sum of the questions' points",
    # collecting a suite
    "suite-import": "a file of the suite cannot be imported, or its top level raises",
    "suite-no-tests": "a question without a test file, a file without a question, a file without tests",
    "suite-manual": "tests for a question that a person grades",
    "suite-not-a-test": "a class, a coroutine, a generator, or a marked function that pytest does not take for a test",
    "suite-twice": "two tests, functions or parameters of one name, where one hides the other",
    "suite-docstring": "a test without a docstring",
    "suite-mark": "a mark that is missing or wrong",
    "suite-points": "points of the tests that do not add up to the question's",
    "suite-error-rate": "error rates of random answers that add up to more than a suite may have",
    "suite-fixture": "a fixture that does not exist",
    "suite-stand-in": "a stand-in that does not exist, or a STAYS that says nothing",
    "stand-in-shown": "a probe, or a stand-in that stays, that would take a hidden stand-in into the sandbox",
    "stand-in-lent": "a stand-in that is to be computed elsewhere and cannot be",
    # static checks
    "unknown-name": "a name that the object asked for it does not have",
    "unknown-probe": "a probe that probes.py does not define",
    "unknown-stand-in": "a stand-in for a function that no question asks for",
    "wrong-arguments": "a call whose arguments do not fit the function",
    "undefined-name": "a name that nothing defines",
    "claim-unchecked": "a value from the sandbox that a test uses before it has looked at it",
    "unseeded-randomness": "a random number or a clock that no secret seeds",
    # what only running shows
    "trial-lost": "a hidden test that the instructor's own answers do not pass",
    "trial-raises": "a hidden test that ends with an exception of its own",
    "trial-carried": "a hidden test that the instructor's answers pass only with a stand-in for an earlier one",
    "trial-stand-in": "a hidden test that is not passed with the stand-in for an earlier answer",
    "trial-limit": "a hidden test in which the instructor's answers meet a limit",
    "limit-near": "a limit of which the instructor's answers use more than a tenth",
    "master-stops": "a cell of the master notebook that does not run to its end",
    "check-rejects": "a public check that the instructor's answer does not pass",
    "check-accepts": "a public check in which an unwritten answer earns points",
    # what would be released
    "release-region": "BEGIN and END of a region do not match",
    "release-cell": "a question without its cells, or a graded cell without a question",
    "release-points": "points of the notebook, of assignment.toml and of the marks that differ",
    "release-name": "a function that the question asks for and its cell does not define",
    "release-check": "a question without its public check, or a check without a question",
    "release-open-problem": "an open problem without its cell, a cell without an open problem, or one that takes part",
    "release-stray-file": "a file that would be released and is not meant to be",
    "release-solution": "a solution, or a marker of one, in what students would get",
}
"""Each code and what it is about; this is the one home of all of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake.

    Args:
        code: a key of `CODES`.
        message: a Korean sentence: what is wrong, then what to do; without the place.
        file: relative to the suite's folder, or to the folder of the master notebook; "" for the whole assignment.
        line: counted from 1; 0 if it is not known or makes no sense.
        detail: English, for staff: what the finder saw.
    """

    code: str
    message: str
    file: str = ""
    line: int = 0
    detail: str = ""

    @property
    def place(self) -> str:
        """Where it is, in Korean: ``"test_q3.py 41번째 줄"``, ``"test_q3.py"`` or ``""``."""
        return f"{self.file} {self.line}번째 줄" if self.file and self.line else self.file

    @property
    def sentence(self) -> str:
        """The message, led by the place."""
        return f"{self.place}: {self.message}" if self.place else self.message

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return {
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "detail": self.detail,
        }


def suite_error(assignment_id: str, findings: Sequence[Finding]) -> AssignmentError:
    """Return the error (``suite-invalid``) of a suite with these findings, one at least; the first is its sentence."""
    return error_of("suite-invalid", f"'{assignment_id}' 과제의 테스트: ", findings)


def file_error(assignment_id: str, findings: Sequence[Finding]) -> AssignmentError:
    """Return the error (``assignment-invalid``) of an ``assignment.toml`` with these findings, as `suite_error`."""
    return error_of("assignment-invalid", f"'{assignment_id}' 과제의 ", findings)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a Korean sentence, led by a space, that names the known name nearest to `name`; "" without a near one."""
    near = difflib.get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    return f" '{near[0]}'{particle(near[0], '을/를')} 뜻한 것인지 확인하세요." if near else ""


def error_of(code: str, lead: str, findings: Sequence[Finding]) -> AssignmentError:
    """Return an error of this code whose message is `lead` and the first of the findings; its detail lists all."""
    more = f" 고칠 곳이 모두 {len(findings)}군데 있습니다." if len(findings) > 1 else ""
    return AssignmentError(code, lead + findings[0].sentence + more, detail="\n".join(map(_line, findings)))


def _line(finding: Finding) -> str:
    """Return a finding as compilers write it: ``file:line: text``."""
    place = ":".join([part for part in (finding.file, str(finding.line or "")) if part])
    text = f"{place}: {finding.message}" if place else finding.message
    return text + (f" ({finding.detail})" if finding.detail else "")
