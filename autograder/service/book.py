"""What the course's gradebook and its own configuration say, kept until their files change, and what is wrong there.

The one place where the service reads totals, due dates, what lateness costs, and which assignments are released.
"""

from __future__ import annotations

import datetime as dt
import importlib
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.course_file import read_course_file
from autograder.errors import GraderError
from autograder.integrations.nbgrader_course import CONFIG_NAME, CourseSettings, course_settings
from autograder.integrations.offered import Offered, offered
from autograder.integrations.totals import Totals, TotalsReader
from autograder.model import Assignment
from autograder.report.standing import Standing, cost_words
from autograder.service.settings import Settings
from autograder.service.trouble import Troubles
from autograder.sinks.log import logger

__all__ = ["Book", "Reading"]

_log = logger(__name__)
_LATELY_SECONDS = 5.0
"""For which students' pages may show what was released before."""
_LEAST_FREE = 64 * 2**20
"""Bytes of a file system below which it is told as full."""

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The gradebook as one page needs it.

    Args:
        standings: by student.
        due: when the assignment is due, ISO 8601; "" without a due date.
        known: the gradebook could be read.
    """

    standings: Mapping[str, Standing]
    due: str = ""
    known: bool = True


class Book:
    """One course's gradebook and configuration, read; its methods may be called from any thread.

    Args:
        settings: the course.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.troubles = Troubles()
        self._lock = threading.Lock()
        self._read: tuple[Stamp, CourseSettings | GraderError] | None = None
        self._plain = _plain(settings)
        self._readers: dict[str, TotalsReader] = {}
        self._offered: tuple[float, list[Offered]] | None = None
        self._costs: dict[tuple[str, str, float], str] = {}

    def course(self) -> CourseSettings:
        """Return what the course's nbgrader configuration says, read again when it or a file beside it has changed.

        Raises:
            GraderError: ``nbgrader-config-invalid``.
        """
        with self._lock:
            stamp = self.configuration()
            if self._read is None or self._read[0] != stamp:
                try:
                    with _anew(self.settings.root):
                        self._read = stamp, course_settings(self.settings.root) or self._plain
                    self._costs.clear()
                    self.troubles.clear("configuration")
                    self.troubles.clear("late")
                except GraderError as error:
                    _log.error("%s", error)
                    self.troubles.note("configuration", error)
                    self._read = stamp, error
            found = self._read[1]
        if isinstance(found, GraderError):
            raise found
        return found

    def configuration(self) -> Stamp:
        """Return what changes when the course's configuration, or a module beside it, does."""
        root = self.settings.root
        return tuple((path.name, _changed(path)) for path in sorted([*root.glob("*.py"), *root.glob("*.toml")]))

    def has_rule(self, course: CourseSettings) -> bool:
        """Whether a configuration says what lateness costs."""
        return course is not self._plain

    @property
    def known_url(self) -> str:
        """SQLAlchemy URL of the gradebook as far as it is known without reading the configuration."""
        known = self._read[1] if self._read else self._plain
        return (self._plain if isinstance(known, GraderError) else known).db_url

    def held(self, assignment_id: str) -> bool:
        """Whether results of an assignment are not entered into the gradebook for the present."""
        return self.troubles.at("publish", assignment_id)

    def reader(self) -> TotalsReader:
        """Return the reader of the gradebook, of the usual one where the configuration cannot be read."""
        try:
            url = self.course().db_url
        except GraderError:
            url = self._plain.db_url
        with self._lock:
            return self._readers.setdefault(url, TotalsReader(url))

    def totals(self) -> Mapping[str, Totals]:
        """Return the gradebook's assignments; none where it cannot be read, which is taken note of."""
        try:
            found = self.reader().outlines()
        except GraderError as error:
            self.troubles.note("gradebook", error)
            return {}
        self.troubles.clear("gradebook")
        return found

    def reading(self, assignment: Assignment) -> Reading:
        """Return what the gradebook says of an assignment; nothing where it cannot be read."""
        try:
            reader = self.reader()
            standings = reader.standings(assignment)
            totals = reader.outlines().get(assignment.id)
        except GraderError as error:
            self.troubles.note("gradebook", error)
            return Reading({}, known=False)
        return Reading(standings, totals.due if totals else "")

    def cost(self, assignment: Assignment, student: str) -> str:
        """Return in words what lateness costs a student; "" where nobody can say."""
        try:
            course = self.course()
        except GraderError:
            return ""
        full = assignment.points + assignment.manual_points
        key = (assignment.id, student, full)
        if key not in self._costs:
            if len(self._costs) > 10_000:
                self._costs.clear()
            try:
                words = cost_words(lambda score, seconds: course.late(student, score, seconds), full)
            except GraderError as error:
                self.troubles.note("late", error)
                words = ""
            else:
                self.troubles.clear("late")
            self._costs[key] = words
        return self._costs[key]

    def offered(self, handed_in: frozenset[str], now: float) -> list[Offered]:
        """Return the course's assignments with their states.

        Args:
            handed_in: assignments of which something was graded.
            now: seconds since the epoch.
        """
        moment = dt.datetime.fromtimestamp(now, dt.UTC)
        settings = self.settings
        return offered(settings.root, settings.exchange / settings.course_id, self.totals(), handed_in, moment)

    def offered_lately(self, handed_in: Callable[[], frozenset[str]], now: float) -> list[Offered]:
        """Return the same as `offered`, at most a few seconds old: for pages that many people poll."""
        kept = self._offered
        if kept is None or not kept[0] <= now < kept[0] + _LATELY_SECONDS:
            kept = self._offered = now, self.offered(handed_in(), now)
        return kept[1]

    def notebook(self, assignment: Assignment, base: str) -> str:
        """Return the address of an assignment's notebook on the viewer's own server, below JupyterHub's base URL."""
        try:
            by_course = self.course().by_course
        except GraderError:
            by_course = False
        folder = f"{self.settings.course_id}/{assignment.id}" if by_course else assignment.id
        return f"{base}hub/user-redirect/lab/tree/{quote(folder)}/{quote(assignment.notebook)}"

    def check(self) -> None:
        """See whether the configuration, the gradebook and the disks are in order, and take note of what is not."""
        try:
            read_course_file(self.settings.root)
            self.troubles.clear("course-file")
        except GraderError as error:
            self.troubles.note("course-file", error)
        try:
            course = self.course()
        except GraderError:
            return
        homes = {totals.course_id for totals in self.totals().values()} - {"", "default_course"}
        if homes and course.course_id not in homes:
            self.troubles.note("gradebook-course", _other_course(homes, course.course_id))
        else:
            self.troubles.clear("gradebook-course")
        self._check_disks()

    def other_course(self) -> GraderError | None:
        """Return the error where the gradebook is another course's: nothing is written into it."""
        course = self.course()
        homes = {totals.course_id for totals in self.totals().values()} - {"", "default_course"}
        return _other_course(homes, course.course_id) if homes and course.course_id not in homes else None

    def _check_disks(self) -> None:
        for name, path in (("results", self.settings.results), ("exchange", self.settings.exchange)):
            try:
                free = shutil.disk_usage(path).free
            except OSError:
                continue
            if free < _LEAST_FREE:
                said = f"{path}의 디스크가 가득 찼습니다. 공간을 비우면 저절로 이어서 채점합니다."
                self.troubles.note(f"disk-{name}", GraderError("disk-full", said, detail=f"{free} bytes free"))
            else:
                self.troubles.clear(f"disk-{name}")


def _other_course(homes: set[str], own: str) -> GraderError:
    return GraderError(
        "gradebook-other-course",
        f"성적부가 다른 과목({', '.join(sorted(homes))})의 것입니다. 이 과목은 {own}입니다. "
        "nbgrader_config.py의 course_id와 gradebook.db를 확인하세요. 그때까지 성적부에 쓰지 않습니다.",
        detail=f"assignments of {sorted(homes)}, configured {own}",
    )


def _plain(settings: Settings) -> CourseSettings:
    """Return the settings of a course without a configuration of its own."""
    root = settings.root
    return CourseSettings(
        root=root,
        course_id=settings.course_id,
        db_url=f"sqlite:///{root / 'gradebook.db'}",
        submitted=root / "submitted",
        autograded=root / "autograded",
        late=_no_penalty,
        exchange=settings.exchange,
    )


def _no_penalty(_student: str, _score: float, _seconds: float) -> float | None:
    return None


@contextmanager
def _anew(root: Path) -> Iterator[None]:
    """Let Python read the modules beside the configuration anew: a mended penalty rule has to be taken up.

    Python takes a compiled file for current if its source has the same size and the same second.
    """
    for name in {path.stem for path in root.glob("*.py")}:
        place = getattr(sys.modules.get(name), "__file__", None)
        if place and (Path(place).parent / CONFIG_NAME).is_file():
            del sys.modules[name]
    importlib.invalidate_caches()
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _changed(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return (0, 0)
    return about.st_mtime_ns, about.st_size
