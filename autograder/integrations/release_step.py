"""nbgrader's step ``generate_assignment``, with what a course would lose by it refused first.

Formgrader's Generate button, ``nbgrader generate_assignment`` and ``nbgrader assign`` all come through
`CheckedGenerate`. A master that would stop the grading of its class, or cost somebody points, is refused in Korean
before anything is written (`release_check.RULES`, and here: which file is graded). Whatever else goes wrong in
nbgrader's own step, the students' form that was there before is there again afterwards.

Importing this module imports nbgrader, which takes about 3 s.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from nbgrader.converters import NbGraderException
from nbgrader.converters.generate_assignment import GenerateAssignment

from autograder.catalog import load_assignment, read_master, suites_dir
from autograder.errors import AssignmentError, GraderError
from autograder.findings import Finding
from autograder.integrations.nbgrader_course import settings_of
from autograder.integrations.release_cells import cells_lock, create_tables, released_cells
from autograder.integrations.release_check import cell_problems, refusal
from autograder.korean import fill
from autograder.model import Assignment
from autograder.sinks.log import clean_log

__all__ = ["CheckedGenerate"]

_AGAIN = "Generate를 누르세요"


class CheckedGenerate(GenerateAssignment):  # type: ignore[misc]
    """nbgrader's generate step for masters that a suite can grade; others are refused and nothing is touched."""

    def convert_notebooks(self) -> None:
        """Check every matched assignment, then do what nbgrader does.

        Raises:
            NbGraderException: a master is refused, or nbgrader's own step failed.
        """
        clean_log(self.log)
        root = Path(self.coursedir.root)
        folders = {Path(place).resolve().name: [Path(n) for n in found] for place, found in self.assignments.items()}
        for assignment_id, notebooks in sorted(folders.items()):
            try:
                self._check(assignment_id, notebooks, root.resolve())
            except GraderError as error:
                self.log.error("%s", error.message)  # noqa: TRY400 (what to do is in the message)
                if error.code == "master-invalid":
                    self.log.error("%s", error.detail)  # noqa: TRY400 (nbgrader's own words)
                raise NbGraderException(error.message) from error
        # This is also where nbgrader would look for a program that may not be on PATH.
        if not self.no_database:
            create_tables(self.coursedir.db_url)
        lock = nullcontext() if self.no_database else cells_lock(self.coursedir.db_url)
        with lock, _kept([Path(self._format_dest(name, ".")) for name in folders]):
            super().convert_notebooks()

    def _check(self, assignment_id: str, notebooks: list[Path], root: Path) -> None:
        """Raise GraderError if this master must not be released."""
        graded = [path for path in notebooks if _has_points(path)]
        if not (suites_dir() / assignment_id / "assignment.toml").is_file():
            if graded:
                raise AssignmentError(
                    "assignment-unknown",
                    fill(
                        "'{id}' 과제의 노트북에 점수가 있는 셀이 있는데 시험지(assignment.toml)가 없어 "
                        "채점할 수 없습니다. 폴더 이름을 과제 ID로 되돌리거나 점수 셀의 nbgrader 종류를 지운 뒤 "
                        "다시 {again}.",
                        id=assignment_id,
                        again=_AGAIN,
                    ),
                )
            return  # handed out for reading or practice: nothing of it is graded
        assignment = load_assignment(assignment_id, root)
        wrong = _wrong_names(assignment, notebooks, graded)
        if wrong:
            raise refusal(assignment, wrong, _AGAIN)
        before = Path(self._format_dest(assignment_id, ".")) / assignment.notebook
        master = read_master(assignment)
        problems = cell_problems(assignment, master, master, _notebook(before))
        if problems:
            raise refusal(assignment, problems, _AGAIN)
        released = released_cells(master, assignment)
        if not self.no_database:
            settings = settings_of(self.coursedir, self)
            released.save(settings.db_url, settings.course_id)


def _wrong_names(assignment: Assignment, notebooks: list[Path], graded: list[Path]) -> list[Finding]:
    names = [path.name for path in notebooks]
    if assignment.notebook not in names:
        message = "원본 노트북 '{wanted}'{wanted:이/가} 없습니다. '{given}'의 파일 이름을 되돌리세요."
        text = fill(message, wanted=assignment.notebook, given=(graded or notebooks)[0].name)
        return [Finding("release-cell", text, assignment.notebook)]
    message = "'{given}'에 점수가 있는 셀이 있습니다. 채점하는 노트북은 '{wanted}' 하나입니다. 그 파일을 옮기세요."
    others = [path.name for path in graded if path.name != assignment.notebook]
    return [
        Finding("release-cell", fill(message, given=name, wanted=assignment.notebook), assignment.notebook)
        for name in others
    ]


@contextmanager
def _kept(folders: list[Path]) -> Iterator[None]:
    """Put folders back as they were if what is done meanwhile fails: nbgrader deletes what it could not make."""
    with tempfile.TemporaryDirectory(prefix="release-") as scratch:
        copies = {folder: Path(scratch, str(place)) for place, folder in enumerate(folders) if folder.is_dir()}
        for folder, copy in copies.items():
            shutil.copytree(folder, copy, symlinks=True)
        try:
            yield
        except BaseException:
            for folder, copy in copies.items():
                if folder.is_dir():
                    shutil.rmtree(folder)
                shutil.copytree(copy, folder, symlinks=True)
            raise


def _has_points(path: Path) -> bool:
    cells = (_notebook(path) or {}).get("cells", ())
    return any(own.get("grade") or own.get("task") for own in map(_own, cells))


def _notebook(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("cells"), list) else None


def _own(cell: Any) -> dict[str, Any]:
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return own if isinstance(own, dict) else {}
