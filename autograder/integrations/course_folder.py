"""The folder that a course lives in on its instructor's account: made, and brought up to date, by ``course init``.

It holds ``solutions/`` (copied from the kit, the instructor's to change), ``nbgrader_config.py``, ``course.toml``, and
later what nbgrader and the grader write: ``gradebook.db``, ``roster.csv``, ``submitted/``, ``graded/``. None of it is
for students, so the folder itself is closed to everyone but its owner. What the kit wrote is remembered by its hash in
``.course-kit.json``: a file that still is as the kit left it follows the kit, a file that somebody edited is kept and
reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.catalog import course_root
from autograder.course_file import COURSE_FILE
from autograder.errors import GraderError
from autograder.grading.folders import private_folder
from autograder.korean import particle

__all__ = ["CONFIG_FILE", "CourseFolder", "init_course"]

CONFIG_FILE = "nbgrader_config.py"
_REMEMBERED = ".course-kit.json"
_COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)
"""nbgrader puts the id into folder names that it splits at "+", JupyterHub into group names and scopes."""
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", ".OTTER_LOG", ".DS_Store"}

_CONFIG = '''"""nbgrader configuration of this course. Late penalties, due dates and the like may be added below."""

from pathlib import Path

c = get_config()  # noqa: F821
try:
    from autograder.integrations.nbgrader_config import configure
except ImportError:
    # An nbgrader that has no autograder beside it would run students' work unconfined: here it does not start.
    c.Autograde.exporter_class = "autograder_is_not_installed_beside_this_nbgrader.Exporter"
else:
    configure(c, root=Path(__file__).resolve().parent, course_id={course_id!r}, exchange={exchange})
'''


_COURSE = """\
# 과목의 이름(비워 두면 과목 ID)과 시간대. 화면, 피드백, 성적 파일, 기록의 모든 시각에 쓰며, 고치면 바로 바뀝니다.
title = ""
timezone = "Asia/Seoul"
"""


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """What `init_course` did; paths are relative to `folder`.

    Args:
        folder: the course folder.
        written: files added, or updated because nobody had changed them.
        kept: files that differ from the kit's because somebody changed them.
    """

    folder: Path
    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def init_course(
    folder: Path, course_id: str, *, exchange: Path | None = None, solutions: Path | None = None
) -> CourseFolder:
    """Make a course folder, or bring one up to date without touching what its instructor changed.

    Args:
        folder: where; made if it is not there.
        course_id: nbgrader's id of the course.
        exchange: nbgrader's exchange; its own default if None.
        solutions: master notebooks to copy; the kit's if None.

    Raises:
        GraderError: the id (``course-id-invalid``) or the exchange's place (``exchange-inside-course``) will not do,
            there are no master notebooks (``solutions-missing``), or the folder cannot be written
            (``course-folder-unwritable``).
    """
    folder = folder.resolve()
    if not _COURSE_ID.fullmatch(course_id):
        raise GraderError(
            "course-id-invalid",
            f"과목 ID '{course_id}'{particle(course_id, '은/는')} 쓸 수 없습니다. 영문자나 숫자로 시작하고, "
            "영문자, 숫자, '_', '.', '-'만으로 64자 이내로 정하세요.",
        )
    if exchange is not None:
        exchange = exchange.resolve()
        if exchange.is_relative_to(folder):
            raise GraderError(
                "exchange-inside-course",
                "교환 폴더(exchange)는 과목 폴더 밖에 두어야 합니다. 과목 폴더는 학생이 읽을 수 없습니다.",
                detail=str(exchange),
            )
    wanted = _wanted(solutions or _kit_solutions(), folder)
    place = "None" if exchange is None else f"Path({str(exchange)!r})"
    wanted[Path(COURSE_FILE)] = _COURSE.encode()
    wanted[Path(CONFIG_FILE)] = _CONFIG.format(course_id=course_id, exchange=place).encode()
    try:
        private_folder(folder)
        folder.chmod(0o700)  # solutions come into it, whoever made it
        return _bring_up_to_date(folder, wanted)
    except OSError as error:
        raise GraderError(
            "course-folder-unwritable",
            f"과목 폴더에 쓸 수 없습니다: {folder}. 폴더의 소유자와 권한을 확인하세요.",
            detail=f"{type(error).__name__}: {error}",
        ) from error


def _kit_solutions() -> Path:
    """Return the kit's own master notebooks, else those of the course around the working directory."""
    beside = Path(autograder.__file__).resolve().parent.parent
    root = beside if (beside / "solutions").is_dir() else course_root()
    if root is None:
        raise GraderError(
            "solutions-missing",
            "원본 노트북(solutions/)을 찾을 수 없습니다. 과목 꾸러미의 폴더에서 실행하거나 --solutions로 지정하세요.",
        )
    return root / "solutions"


def _wanted(solutions: Path, folder: Path) -> dict[Path, bytes]:
    source = solutions.resolve()
    if source.is_relative_to(folder):
        return {}
    files = [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _LEFT_OUT & set(path.relative_to(source).parts)
    ]
    if not files:
        raise GraderError("solutions-missing", f"원본 노트북이 없습니다: {solutions}", detail=str(source))
    return {Path("solutions") / path.relative_to(source): path.read_bytes() for path in files}


def _bring_up_to_date(folder: Path, wanted: dict[Path, bytes]) -> CourseFolder:
    remembered = _remembered(folder)
    written, kept = [], []
    for name, content in wanted.items():
        path, new = folder / name, _hash(content)
        there = os.path.lexists(path)
        present = _hash(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""
        if present == new:
            remembered[name.as_posix()] = new
        elif there and present != remembered.get(name.as_posix(), "unknown"):
            kept.append(name)
        else:
            _write(path, content)
            remembered[name.as_posix()] = new
            written.append(name)
    _write(folder / _REMEMBERED, json.dumps(remembered, indent=1, sort_keys=True).encode())
    return CourseFolder(folder, tuple(written), tuple(kept))


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole, bytes as they are: the old content or the new is there, never a part."""
    private_folder(path.parent)
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def _remembered(folder: Path) -> dict[str, str]:
    """Return what the kit wrote; nothing if that is unreadable, so that every difference counts as an edit."""
    try:
        found = json.loads((folder / _REMEMBERED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
