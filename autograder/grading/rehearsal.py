"""A rehearsal: the smallest assignment, graded to the end in the place where a class will be; ``autograder doctor``.

What a machine can is no sum of probes: a rehearsal takes the way of every submission, from a file through assembly, the
fork server, a judge, a sandbox and hidden tests to a score, and looks at the score. A right work must earn everything,
a wrong one nothing, and one that earns its points by leaving the sandbox nothing either. It ends within its time, with
all that it started, and leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from autograder.catalog import load_assignment
from autograder.errors import GraderError
from autograder.grading import hello
from autograder.grading.ledger import Ledger
from autograder.grading.records import write_atomically
from autograder.grading.runs import GradeJob, Run, job_of, open_run
from autograder.grading.scoring import score_questions, staff_reasons, total
from autograder.intake import assemble, read_source
from autograder.judge import SILENCE_SECONDS
from autograder.model import TestOutcome, Verdict

__all__ = ["Rehearsal", "Step", "failed", "look_at_results", "rehearse", "step_of"]

_UNWINDING_SECONDS = 20.0
"""For jobs to come back after everything that they wait for was killed."""


class Step(StrEnum):
    """How far a rehearsal came: where it ended, if it failed."""

    RESULTS = "results"
    """The result folder: the ledger and the files of a class."""
    FILES = "files"
    """The temporary folder: the files of the rehearsal."""
    ENGINE = "engine"
    """Reaching where jobs run."""
    START = "start"
    """The fork server: imports, and what can be confined."""
    JUDGE = "judge"
    """The judge: forked, and its suite collected."""
    SANDBOX = "sandbox"
    """The sandbox: confined, and the notebook run."""
    SCORE = "score"
    """The score: it is not what the works deserve."""


_STEPS: Mapping[str, Step] = {
    "results-folder": Step.RESULTS,
    "temporary-folder": Step.FILES,
    "cannot-confine": Step.START,
    "fork-server-start": Step.START,
    "grader-differs": Step.START,
    "engine": Step.ENGINE,
    "worker": Step.ENGINE,
    "confinement": Step.SANDBOX,
    "sandbox": Step.SANDBOX,
    "machine-busy": Step.SANDBOX,
    "score": Step.SCORE,
}
"""The step by the beginning of an error's code; every other error is the judge's."""


_DOING: Mapping[Step, str] = {
    Step.RESULTS: "결과 폴더에 쓰기",
    Step.FILES: "임시 폴더에 쓰기",
    Step.ENGINE: "채점할 곳에 연결하기",
    Step.START: "격리 서버를 시작하기",
    Step.JUDGE: "채점 프로세스를 시작하기",
    Step.SANDBOX: "격리된 실행 환경에서 노트북을 실행하기",
    Step.SCORE: "점수를 확인하기",
}
"""What a step of a rehearsal does."""

_MEANING: Mapping[str, str] = {
    "results-folder": "결과 폴더(--out)에 장부와 기록을 쓸 수 없습니다. 권한과 남은 자리를 확인하세요. "
    "네트워크 폴더라면 SQLite의 잠금이 되는지 확인하거나 다른 폴더를 지정하세요.",
    "temporary-folder": "임시 폴더에 파일을 쓸 수 없습니다. 권한과 남은 자리를 확인하거나 TMPDIR로 다른 폴더를 "
    "지정하세요.",
    "cannot-confine": "격리에 꼭 필요한 기능이 없어 격리 서버가 시작하지 않았습니다.",
    "fork-server-start": "격리 서버가 시작하다가 끝났습니다. torch 같은 패키지를 불러오는 단계입니다.",
    "fork-server": "격리 서버가 채점 도중에 끝났습니다. 메모리나 프로세스의 한도, 컨테이너의 설정을 확인하세요.",
    "grader-differs": "채점기의 파일이 이 명령을 시작한 뒤에 바뀌었습니다. 명령을 다시 실행하세요.",
    "engine": "채점할 곳(--engine)에 연결하지 못했습니다. 주소, 인증서, 워커가 실행 중인지 확인하세요.",
    "worker": "Dask 워커에서 채점하지 못했습니다. 워커의 기록을 보고, 그 컴퓨터에서 `autograder doctor`를 실행하세요.",
    "judge": "채점 프로세스가 시작하지 못했거나 도중에 끝났습니다. 프로세스와 메모리의 한도를 확인하세요.",
    "confinement-failed": "실행 환경을 가두지 못해 코드를 실행하지 않았습니다.",
    "sandbox": "실행 환경이 시작하지 않았거나 밖에서 끝났습니다. 메모리와 프로세스의 한도를 확인하세요.",
    "machine-busy": "컴퓨터가 너무 바빠 시간을 얻지 못했습니다. 한가할 때 다시 실행하세요.",
    "score-right-lost": "맞는 답이 점수를 잃었습니다. 이대로 채점하면 학생이 점수를 잃습니다.",
    "score-wrong-earned": "틀린 답이 점수를 얻었습니다. 설치가 온전한지 확인하세요.",
    "score-unconfined": "학생 코드가 격리된 곳 밖의 파일이나 네트워크에 닿았습니다. 격리가 듣지 않습니다.",
    "rehearsal-late": "정해진 시간 안에 끝나지 않아 멈추었습니다. 느린 컴퓨터라면 --seconds를 늘려 보세요.",
    "rehearsal-failed": "시험 채점이 뜻밖의 오류로 끝났습니다.",
}
"""What an error that ends a rehearsal means, by its code or by the longest beginning of its code that is here."""


def step_of(code: str) -> Step:
    """Return the step in which an error of this code ends a rehearsal."""
    return next((step for start, step in _STEPS.items() if code.startswith(start)), Step.JUDGE)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a rehearsal went in one place.

    Args:
        place: the address of a worker, or "" for this process's own slots.
        code: "" if every work got what it deserves; else the code of the error, or ``score-right-lost``,
            ``score-wrong-earned``, ``score-unconfined``, ``rehearsal-late``.
        detail: English: what was seen.
        seconds: wall-clock seconds.
        works: works graded to the end.
    """

    place: str
    code: str
    detail: str
    seconds: float
    works: int = 0

    @property
    def passed(self) -> bool:
        """Whether a class can be graded there."""
        return not self.code

    @property
    def step(self) -> Step:
        """Where it ended; `Step.SCORE` where it passed."""
        return step_of(self.code) if self.code else Step.SCORE

    @property
    def doing(self) -> str:
        """What its step does, in Korean."""
        return _DOING[self.step]

    @property
    def message(self) -> str:
        """What its code means, in Korean, for staff; "" where it passed."""
        if self.passed:
            return ""
        known = [start for start in _MEANING if self.code.startswith(start)]
        return _MEANING[max(known, key=len) if known else "rehearsal-failed"]

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON types."""
        return {
            **dataclasses.asdict(self),
            "passed": self.passed,
            "step": self.step.value,
            "message": self.message,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild what `to_dict` returned."""
        return cls(**{f.name: data[f.name] for f in dataclasses.fields(cls)})


def rehearse(
    grade_job: GradeJob,
    count: int,
    *,
    seconds: float,
    stop: Callable[[], None] = lambda: None,
    place: str = "",
) -> Rehearsal:
    """Grade the smallest assignment's works, on all slots at the same time; never raises for what it meets.

    Args:
        grade_job: grades one job, as `autograder.grading.slots.Slots.grade`.
        count: jobs that run at the same time; as many works of each kind are graded.
        seconds: wall-clock seconds for all of it.
        stop: ends at once what `grade_job` waits for; called when the time is over.
        place: see `Rehearsal`.
    """
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="autograder-doctor-", ignore_cleanup_errors=True) as folder:
            root = Path(folder)
            suites = hello.write_course(root)
            (root / "handed-in").mkdir()
            for name, answers in _WORKS.items():
                hello.write_work(root / "handed-in" / f"{name}.ipynb", answers)
            # In memory: a class's ledger lies in the result folder, see `look_at_results`.
            with closing(Ledger("sqlite://")) as ledger:
                run = open_run(load_assignment(hello.ID, root, suites), ledger, secrets.token_bytes(16))
                found, works = _grade(run, root / "handed-in", grade_job, count, started + seconds, stop)
    except OSError as error:
        found, works = ("temporary-folder", f"{type(error).__name__}: {error}"), 0
    except GraderError as error:
        found, works = (error.code, error.detail or error.message), 0
    except Exception as error:  # whatever it is, no class can be graded here
        found, works = ("rehearsal-failed", f"{type(error).__name__}: {error}"), 0
    return Rehearsal(place, *found, round(time.monotonic() - started, 2), works)


def failed(error: GraderError, place: str = "", seconds: float = 0.0) -> Rehearsal:
    """Return the rehearsal of a place that an error keeps from being reached."""
    return Rehearsal(place, error.code, error.detail or error.message, seconds)


def look_at_results(out: Path) -> Rehearsal | None:
    """Try to keep a ledger and a file where a run would; None if it can. Nothing is left there.

    Args:
        out: the result folder; where it does not exist yet, the nearest folder above it is tried.
    """
    started = time.monotonic()
    place = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryDirectory(prefix=".autograder-doctor-", dir=place) as folder:
            with closing(Ledger(Path(folder) / "ledger.db")) as ledger:
                ledger.reclaim()
            write_atomically(Path(folder) / "record.json", "{}\n")
    except (OSError, GraderError) as error:
        detail = error.detail if isinstance(error, GraderError) else str(error)
        return Rehearsal("", "results-folder", f"{place}: {detail}", round(time.monotonic() - started, 2))
    return None


_WORKS: Mapping[str, dict[str, str]] = {"right": hello.RIGHT, "wrong": hello.WRONG, "prying": hello.PRYING}


def _grade(
    run: Run, folder: Path, grade_job: GradeJob, count: int, end: float, stop: Callable[[], None]
) -> tuple[tuple[str, str], int]:
    """Grade every work in a folder; return the first trouble as code and detail, and how many came to a score."""
    jobs: dict[str, dict[str, Any]] = {}
    for submission in read_source(folder, run.assignment):
        assembled = assemble(submission, run.assignment, run.master)
        verdicts = (*submission.verdicts, *assembled.verdicts)
        if fatal := next((verdict for verdict in verdicts if verdict.fatal), None):
            return ("rehearsal-failed", f"{submission.student}: {fatal.code} {fatal.detail}"), 0
        jobs[submission.student] = job_of(run, assembled.notebook, assembled.put_off)
    executor = ThreadPoolExecutor(count, thread_name_prefix="rehearsal")
    try:
        # One goes first: where nothing can start, starting it for each work would take as many times as long.
        flying = {executor.submit(grade_job, jobs["right"], SILENCE_SECONDS): "right"}
        waiting = wait(flying, timeout=max(0.0, end - time.monotonic())).not_done
        if not waiting and next(iter(flying)).exception() is None:
            todo = [(name, job) for _ in range(count) for name, job in jobs.items()]
            flying |= {executor.submit(grade_job, job, SILENCE_SECONDS): name for name, job in todo}
            waiting = wait(flying, timeout=max(0.0, end - time.monotonic())).not_done
        if waiting:
            executor.shutdown(wait=False, cancel_futures=True)  # else the next job starts anew what is stopped now
            stop()
            wait([future for future in flying if not future.cancelled()], timeout=_UNWINDING_SECONDS)
            return ("rehearsal-late", f"{len(waiting)} of {len(flying)} works had no score in time"), 0
        told = [_told(run, name, future) for future, name in flying.items()]
    except BaseException:
        stop()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
    bad = [found for found in told if found is not None]
    return (bad[0] if bad else ("", "")), len(told) - len(bad)


def _told(run: Run, name: str, future: Future[dict[str, Any]]) -> tuple[str, str] | None:
    """Return what is wrong with a work's result, None where it got what it deserves."""
    try:
        result = future.result()
    except GraderError as error:
        return error.code, error.detail or error.message
    except Exception as error:  # a lost worker, a thread that cannot be started
        return "judge-unreachable", f"{type(error).__name__}: {error}"
    tests = [TestOutcome.from_dict(test) for test in result["tests"]]
    questions = score_questions(run.assignment, tests)
    reasons = staff_reasons(questions, tests, [Verdict.from_dict(verdict) for verdict in result["verdicts"]])
    score = total(questions)
    if name == "right":
        return None if score == hello.POINTS and not reasons else ("score-right-lost", _why(score, tests, result))
    if score == 0.0:
        return None
    code = "score-unconfined" if name == "prying" else "score-wrong-earned"
    return code, _why(score, tests, result)


def _why(score: float | None, tests: list[TestOutcome], result: Mapping[str, Any]) -> str:
    """Return what became of a work, for staff."""
    seen = [f"score {score}"]
    seen += [f"cell {c['grade_id']}: {c['status']} {c['ename']}" for c in result["cells"] if c["status"] != "ok"]
    seen += [f"{test.name}: {test.outcome} {test.detail.strip()[-300:]}".strip() for test in tests]
    return "; ".join(seen)
