"""What each command does, put together from the layers below: the one place that knows where results are written.

A result folder (`--out`) holds ``ledger.db``, ``secret``, ``submissions/DIGEST.ipynb``, ``records/*.json``,
``feedback/*.html``, ``grades.csv`` over all its assignments, ``notices.json`` and ``report.html``: the class report,
or, once the folder holds more than one assignment, the course's, with a ``report-ID.html`` for each. Staff's answers to
whose a name is are in ``who-is-this.csv``. Everything but the ledger, the secret and the answers can be rebuilt from
the ledger.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.catalog import assignments, course_root, load_assignment, read_master
from autograder.class_views import write_class_views
from autograder.errors import AssignmentError, ConfinementError, GraderError, InfrastructureError, IntakeError
from autograder.grading.again import works_to_grade_again
from autograder.grading.ahead import Ahead, Work
from autograder.grading.badges import complete_badges
from autograder.grading.due_figures import DueFigures
from autograder.grading.fault import without_grade
from autograder.grading.figures import make_figures
from autograder.grading.gpu import quarantined
from autograder.grading.identity import course_secret
from autograder.grading.ledger import Ledger
from autograder.grading.notices import Notice
from autograder.grading.pipeline import OURS, Progress, store_submission
from autograder.grading.pipeline import grade as run_grading
from autograder.grading.records import file_stem, tells_the_same, write_atomically, write_record
from autograder.grading.runs import Figures, Run, open_run
from autograder.grading.trial import Trial, admit, kept_trial
from autograder.grading.whose import ANYBODY, Whose, current_records
from autograder.intake import read_notebook
from autograder.intake.belonging import fingerprints_beside
from autograder.intake.document import MAX_RAW_BYTES
from autograder.intake.look import look
from autograder.intake.notebook import stated_assignment
from autograder.intake.pattern import name_pattern
from autograder.intake.verdicts import NOTHING_TO_GRADE
from autograder.marks import FiguresState
from autograder.model import Assignment, GradeRecord, Outcome, RecordState, Submission, Verdict
from autograder.roll_call import class_of, gradebook_url

if TYPE_CHECKING:
    from autograder.grading.engines import Engine

__all__ = [
    "GradeOptions",
    "Summary",
    "check_file",
    "course_folder",
    "grade_class",
    "gradebook_url",
    "refused",
    "release_assignments",
    "sync_gradebook",
]


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """The options of ``autograder grade``; see its help."""

    assignment_id: str
    sources: tuple[Path, ...]
    out: Path
    slots: int | None = None
    device: str = "auto"
    student: str | None = None
    regrade: bool = False
    again_timeouts: bool = False
    ledger: str | None = None
    root: Path | None = None
    unsafe: bool = False
    engine: str = "local"
    names: str | None = None
    roster: Path | None = None
    figures: Figures = Figures.AFTER


@dataclass(slots=True)
class Summary:
    """What a run did: every record it ended with, and how many of them an earlier run had made.

    Without the executed notebooks, which would fill the memory with the class; the files in ``records/`` have them.
    `notices` are troubles that cost no grade: a GPU that was taken out, say. `again` says how many were graded again
    because a clock had decided their result, None where that was not asked for; `never` how many were left alone then
    because they had no result at all. `seen` is what staff should see of the whole class's work.
    """

    assignment: Assignment
    out: Path
    records: list[GradeRecord] = field(default_factory=list)
    cached: int = 0
    notices: list[GraderError] = field(default_factory=list)
    again: int | None = None
    never: int = 0
    seen: list[Notice] = field(default_factory=list)
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, progress: Progress) -> None:
        """Take in a finished submission, in place of the same work's record so far."""
        record = replace(progress.record, executed=None)
        place = self._places.setdefault((record.student, record.digest), len(self.records))
        if place < len(self.records):
            self.records[place] = record
        else:
            self.records.append(record)
            self.cached += progress.cached

    @property
    def troubled(self) -> list[GradeRecord]:
        """Records without a grade for a reason of our own."""
        return [r for r in self.records if without_grade(r)]

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "assignment": self.assignment.id,
            "out": str(self.out),
            "submissions": len(self.records),
            "cached": self.cached,
            **({} if self.again is None else {"again": self.again, "never_graded": self.never}),
            "needs_staff": [
                {"student": r.student, "reasons": list(r.reasons)}
                for r in self.records
                if r.state is RecordState.NEEDS_STAFF
            ],
            "deferred": sum(any(t.outcome is Outcome.DEFERRED for t in r.tests) for r in self.records),
            "notices": [
                *({"code": n.code, "message": n.message, "detail": n.detail} for n in self.notices),
                *(notice.to_dict() for notice in self.seen),
            ],
            "scores": {r.student: r.score for r in sorted(self.records, key=lambda r: r.student)},
        }


def grade_class(
    options: GradeOptions,
    show: Callable[[Progress], None] = lambda _: None,
    trying: Callable[[], None] = lambda: None,
    ahead: Callable[[Ahead], None] = lambda _: None,
    scored: Callable[[Summary], None] = lambda _: None,
    drawn: Callable[[int, int], None] = lambda _done, _all: None,
) -> Summary:
    """Grade every submission of the sources and write records, feedback and the class's views.

    Args:
        options: what to grade and where to write.
        show: called for each submission as it is finished.
        trying: called before the suite is tried with the instructor's own answers, which takes seconds.
        ahead: called after each submission, with what is left of the run.
        scored: called when all scores are known and written, before figures are made.
        drawn: called with how many submissions have their figures, and how many are to have them.

    Raises:
        GraderError: nothing could be graded at all (see the subclasses, and `autograder.grading.trial.admit`); a single
            bad submission never raises.
    """
    from autograder.grading.engines import open_engine

    assignment = load_assignment(options.assignment_id, options.root)
    if options.names is not None:
        name_pattern(options.names)  # refused before anything is started or written
    out = options.out
    whose = class_of(out, options.roster, options.root)
    secret = course_secret(out)
    ledger = Ledger(options.ledger or out / "ledger.db")
    count = options.slots or len(os.sched_getaffinity(0))
    summary = Summary(assignment, out)
    counting: Ahead | None = None
    try:
        ledger.reclaim()
        again = options.regrade or options.again_timeouts
        run = open_run(assignment, ledger, secret, regrade=again, unsafe=options.unsafe, figures=options.figures)

        def take(progress: Progress) -> None:
            summary.add(progress)
            _write_result(out, progress, assignment, ledger)
            show(progress)
            if counting is not None:
                counting.take(progress)
                ahead(counting)

        work: Callable[[], Iterator[Submission]] = partial(_submissions, options, assignment, whose)
        if options.again_timeouts:

            def show_kept(progress: Progress) -> None:
                show(progress)
                if counting is not None:
                    counting.take(progress)

            work = _only_again(work, ledger, assignment, summary, show_kept)

        def left_deferred(submission: Submission, error: GraderError) -> None:
            message = f"{submission.student}: GPU 배지를 미룹니다. {error.message}"
            summary.notices.append(InfrastructureError(error.code, message, detail=error.detail))

        with open_engine(options.engine, count, unsafe=options.unsafe) as engine:
            badges = _wants_badges(options.device, assignment, has_gpu=engine.gpus > 0)
            admit(
                run, out, engine.executor, engine.grade, parts=engine.count, again=True, alive=engine.alive, tell=trying
            )
            everything = partial(_submissions, options, assignment, whose, keep=False)
            counting = Ahead(everything, partial(_free_works, options, run), engine.count)
            window = 2 * engine.count
            for progress in run_grading(run, work(), engine.executor, engine.grade, window=window, alive=engine.alive):
                take(progress)
            summary.seen = write_class_views(out, ledger, options.root).get(assignment.id, [])
            if badges:
                try:
                    for progress in complete_badges(run, work(), engine.gpu, count=engine.gpus, tell=left_deferred):
                        take(progress)
                    if out_of_use := engine.out():
                        summary.notices.append(quarantined(out_of_use))
                except (ConfinementError, InfrastructureError) as trouble:
                    if options.device != "auto":
                        raise
                    summary.notices.append(trouble)
                finally:
                    write_class_views(out, ledger, options.root)
            scored(summary)
            if options.figures is not Figures.NEVER:
                _draw(run, engine, window, summary, drawn)
    finally:
        if counting is not None:
            counting.close()
        ledger.close()
    return summary


def _draw(run: Run, engine: Engine, window: int, summary: Summary, drawn: Callable[[int, int], None]) -> None:
    """Make the figures of the works of this run and put them into their files; what prevents it is a notice."""
    out, works = summary.out, {(record.student, record.digest) for record in summary.records}
    states, due = (FiguresState.DUE, FiguresState.LEFT), DueFigures(run.ledger)
    due.reopen(run.assignment.id)
    total, done = len(due.jobs(run.assignment.id, states)), 0
    if not total:
        return
    drawn(done, total)
    made = make_figures(
        run,
        engine.executor,
        engine.grade,
        window=window,
        states=states,
        wanted=lambda job: (job.student, job.digest) in works,
        alive=engine.alive,
    )
    try:
        for record in made:
            _write_files(out, record, run.assignment)
            done += 1
            drawn(done, total)
    except (AssignmentError, ConfinementError, InfrastructureError) as trouble:
        summary.notices.append(trouble)


def check_file(
    path: Path, assignment_id: str | None, root: Path | None, whose: Whose = ANYBODY, names: str | None = None
) -> list[tuple[str, tuple[Verdict, ...]]]:
    """Return what intake and assembly would say of each submission in `path`, without running any.

    `names` is the pattern of students' names in the paths; see `intake.pattern`.
    """
    assignment = load_assignment(assignment_id, root) if assignment_id else _guess(path, root)
    master = read_master(assignment)
    others = cache(partial(fingerprints_beside, assignment))
    found = []
    for submission in whose.read(path, assignment, pattern=names):
        found.append((submission.student, look(submission, assignment, master, others).verdicts))
    return found


def refused(verdicts: Sequence[Verdict]) -> bool:
    """Return whether work with these verdicts waits for staff, or earns nothing because there is no answer in it."""
    return any(v.fatal or v.code in NOTHING_TO_GRADE for v in verdicts)


def release_assignments(
    ids: Sequence[str], root: Path | None, *, write: bool, out: Path
) -> list[tuple[Any, Trial | None]]:
    """Make the students' notebooks of the named assignments (all, if none is named); see `integrations.release`.

    Beside each stands what the result folder `out` keeps of its suite's trial.
    """
    from autograder.integrations.release import release

    base = course_folder(root)
    found = _named(ids, base)
    made = release([assignment.id for assignment in found], base, write=write)
    return [(result, kept_trial(out, assignment)) for result, assignment in zip(made, found, strict=True)]


def sync_gradebook(
    ids: Sequence[str],
    *,
    out: Path,
    db: str | None,
    autograded: Path | None,
    ledger: str | None,
    root: Path | None,
    roster: Path | None = None,
) -> list[dict[str, Any]]:
    """Write the latest records of the named assignments (all, if none is named) into nbgrader's gradebook.

    A `roster` is written into the gradebook too: all its members, with the names and addresses that nobody has entered
    yet. Records of whoever is not in the class are refused.

    In a course folder with an ``nbgrader_config.py`` the gradebook, ``autograded/``, the course's id and what lateness
    costs are what that says, unless `db` or `autograded` names others.
    """
    from autograder.integrations.gradebook import sync
    from autograder.integrations.gradebook_roster import enter_members
    from autograder.integrations.nbgrader_course import course_settings

    base = course_folder(root)
    warnings.filterwarnings("ignore", module="nbgrader")  # its own queries warn about its own sessions
    course = course_settings(base)
    options: dict[str, Any] = {
        "db_url": f"sqlite:///{(out / 'gradebook.db').resolve()}",
        "autograded_dir": (out / "autograded").resolve(),
    }
    if course is not None:
        options = {
            "db_url": course.db_url,
            "autograded_dir": course.autograded,
            "submitted_dir": course.submitted,
            "course_id": course.course_id,
            "late": course.late,
            "secret": course_secret(out),
        }
    if db:
        options["db_url"] = db
    if autograded:
        options["autograded_dir"] = autograded.resolve()
    whose = class_of(out, roster, root, str(options["db_url"]))
    options["roster"] = whose.roster
    if roster and whose.roster is not None:
        enter_members(whose.roster, str(options["db_url"]))
    book = Ledger(ledger or out / "ledger.db")
    results = []
    try:
        for assignment in _named(ids, base):
            records = current_records(book, assignment.id, whose.answers, executed=True)
            if not records:
                continue
            results.append(sync(records, assignment, read_master(assignment), base, **options).to_dict())
    finally:
        book.close()
    return results


def _write_result(out: Path, progress: Progress, assignment: Assignment, ledger: Ledger) -> None:
    """Write a record and its feedback; a cached one only if its files are gone or say otherwise."""
    from autograder.report import feedback_html

    record = progress.record
    stem = file_stem(record.student, record.assignment)
    feedback = out / "feedback" / f"{stem}.html"
    written = out / "records" / f"{stem}.json"
    if progress.cached and feedback.exists() and written.exists():
        if tells_the_same(written, record):
            return  # the usual case: nothing was handed in anew
        history = ledger.history(record.assignment, record.student)
        if history and history[-1].digest != record.digest:
            return  # older work of a student whose files are about newer work
    write_record(out / "records", record)
    write_atomically(feedback, feedback_html(record, assignment))


def _write_files(out: Path, record: GradeRecord, assignment: Assignment) -> None:
    """Write a record and its feedback again, with figures, unless the files are about newer work by now."""
    from autograder.report import feedback_html

    stem = file_stem(record.student, record.assignment)
    if tells_the_same(out / "records" / f"{stem}.json", record):
        write_record(out / "records", record)
        write_atomically(out / "feedback" / f"{stem}.html", feedback_html(record, assignment))


def _submissions(
    options: GradeOptions, assignment: Assignment, whose: Whose, *, keep: bool = True
) -> Iterator[Submission]:
    student = whose.required(options.student) if options.student else None
    for source in options.sources:
        single = source.suffix == ".ipynb"
        # Staff say whose a notebook of its own is: then its name says nothing.
        for submission in (ANYBODY if student and single else whose).read(source, assignment, pattern=options.names):
            if student and single:
                submission = replace(submission, student=student)
            elif student and submission.student != student:
                continue
            if keep:
                store_submission(options.out / "submissions", submission)
            yield submission


def _free_works(options: GradeOptions, run: Run) -> Iterator[Work]:
    """Yield the works that this run does not grade, since it has their results."""
    if options.regrade:
        return
    again = works_to_grade_again(run.ledger, run.assignment.id) if options.again_timeouts else frozenset[Work]()
    for student, digest, record in run.ledger.newest_results(run.assignment.id):
        if options.again_timeouts:
            if (student, digest) not in again:
                yield student, digest
            continue
        by_this = (record.get("suite_hash"), record.get("grader_version")) == (
            run.key.suite_hash,
            run.key.grader_version,
        )
        if by_this and not OURS.intersection(record.get("reasons", ())):
            yield student, digest


def _only_again(
    work: Callable[[], Iterator[Submission]],
    ledger: Ledger,
    assignment: Assignment,
    summary: Summary,
    show: Callable[[Progress], None],
) -> Callable[[], Iterator[Submission]]:
    """Return a function that yields those submissions whose result a clock decided, the same ones each time.

    The others keep their results, whichever grader or suite made them: they are shown, and no row of theirs is touched.
    """
    again = works_to_grade_again(ledger, assignment.id)
    known = {(job.student, job.digest): job.record for job in ledger.latest(assignment.id, executed=False)}
    summary.again = 0
    told: set[tuple[str, str]] = set()

    def chosen() -> Iterator[Submission]:
        for submission in work():
            key = submission.student, submission.digest
            first = key not in told
            told.add(key)
            if key in again:
                summary.again = (summary.again or 0) + first
                yield submission
            elif first and (record := known.get(key)) is not None:
                finished = Progress(record, cached=True)
                summary.add(finished)
                show(finished)
            else:
                summary.never += first

    return chosen


def _wants_badges(requested: str, assignment: Assignment, *, has_gpu: bool) -> bool:
    if requested == "cuda" and not has_gpu:
        raise ConfinementError(
            "gpu-missing",
            "GPU를 찾을 수 없습니다. `--device cpu`로 채점하면 GPU 항목은 나중으로 미룹니다.",
        )
    return has_gpu and requested != "cpu" and assignment.runner == "gpu"


def course_folder(root: Path | None) -> Path:
    """Return the course folder, found from the working directory if None; raises AssignmentError without one."""
    base = root or course_root()
    if base is None:
        raise AssignmentError(
            "course-root-missing", "과목 폴더(solutions/가 있는 폴더)를 찾을 수 없습니다. --root로 지정하세요."
        )
    return base.resolve()


def _named(ids: Sequence[str], root: Path) -> list[Assignment]:
    if ids:
        return [load_assignment(i, root) for i in ids]
    found, broken = assignments(root)
    if broken and not found:
        raise broken[0]
    return found


def _guess(path: Path, root: Path | None) -> Assignment:
    found, _ = assignments(root)
    for assignment in found:
        if path.name == assignment.notebook or assignment.id in path.parts or assignment.id in path.name:
            return assignment
    stated = _stated(path)
    for assignment in found:
        if assignment.id == stated:
            return assignment
    if len(found) == 1:
        return found[0]
    raise IntakeError(
        "assignment-unclear",
        "파일 이름으로 과제를 알 수 없습니다. `--assignment ID`로 과제를 지정하세요.",
        detail=str(path),
    )


def _stated(path: Path) -> str:
    """Return which assignment a notebook file says it was released for, or ""."""
    if path.suffix.casefold() != ".ipynb":
        return ""
    try:
        with path.open("rb") as file:
            notebook, _ = read_notebook(file.read(MAX_RAW_BYTES + 1))
    except OSError:
        return ""
    return stated_assignment(notebook or {})
