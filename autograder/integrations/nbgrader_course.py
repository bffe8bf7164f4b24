"""What a course's own nbgrader configuration says: where things are, what the course is called, what lateness costs.

Reads ``nbgrader_config.py`` the way nbgrader's commands do. The instructor's penalty plug-in is theirs: here it is only
asked, and its answer is kept between nothing and the score. nbgrader takes about 3 s to import, inside functions.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.korean import with_particle

__all__ = ["CONFIG_NAME", "CourseSettings", "LatePenalty", "course_settings", "late_penalty", "settings_of"]

CONFIG_NAME = "nbgrader_config.py"

LatePenalty = Callable[[str, float, float], float | None]
"""Points taken off for lateness, None for no penalty: of a student, the score and the seconds late."""


@dataclass(frozen=True, slots=True)
class CourseSettings:
    """A course as nbgrader sees it.

    Args:
        root: the course folder.
        course_id: `CourseDirectory.course_id`, ``default_course`` if there is none, as in nbgrader's gradebook.
        db_url: SQLAlchemy URL of the gradebook.
        submitted: folder of the submissions.
        autograded: folder of the autograded ones.
        late: what lateness costs.
        exchange: root of the exchange, None where nothing is said of it.
        by_course: students have their assignments in a folder of the course's name (`Exchange.path_includes_course`).
    """

    root: Path
    course_id: str
    db_url: str
    submitted: Path
    autograded: Path
    late: LatePenalty
    exchange: Path | None = None
    by_course: bool = False

    def released(self) -> set[str] | None:
        """Return the ids of the assignments that students were given, None where there is no exchange to look at."""
        outbound = self.exchange and self.exchange / self.course_id / "outbound"
        if outbound is None or not outbound.is_dir():
            return None
        return {path.name for path in outbound.iterdir() if path.is_dir()}


def course_settings(root: Path) -> CourseSettings | None:
    """Return what the configuration in a course folder says, None if the folder has none.

    Raises:
        GraderError: the configuration fails (``nbgrader-config-invalid``): nothing is guessed in its place.
    """
    if not (root / CONFIG_NAME).is_file():
        return None
    from nbgrader.apps.baseapp import NbGrader

    before = list(sys.path)
    try:
        sys.path.insert(0, str(root))  # where nbgrader, run in the course folder, finds the course's own plug-ins
        app = NbGrader(raise_config_file_errors=True, log_level=logging.ERROR)
        app.initialize([], root=str(root))
        return settings_of(app.coursedir, app)
    except (Exception, SystemExit) as error:
        raise GraderError(
            "nbgrader-config-invalid",
            f"과목의 {with_particle(CONFIG_NAME, '을/를')} 읽을 수 없습니다. 파일 내용을 확인하세요.",
            detail=f"{root / CONFIG_NAME}: {type(error).__name__}: {error}",
        ) from error
    finally:
        sys.path[:] = before


def settings_of(coursedir: Any, parent: Any) -> CourseSettings:
    """Return the settings of a running nbgrader command or server.

    Args:
        coursedir: its `CourseDirectory`.
        parent: the application or converter that holds the configuration.
    """
    from nbgrader.exchange.default import Exchange

    root = Path(coursedir.root).resolve()
    exchange = parent.config.get("Exchange", {})
    return CourseSettings(
        root=root,
        course_id=str(coursedir.course_id) or "default_course",
        db_url=str(coursedir.db_url),
        submitted=root / str(coursedir.submitted_directory),
        autograded=root / str(coursedir.autograded_directory),
        late=late_penalty(parent),
        exchange=Path(Exchange(coursedir=coursedir, parent=parent).root),
        by_course=bool(exchange.get("path_includes_course", False)),
    )


def late_penalty(parent: Any) -> LatePenalty:
    """Return the penalty that `AssignLatePenalties.plugin_class` of this configuration decides.

    The returned function raises GraderError (``late-penalty-failed``) if the plug-in does, or answers with no number.
    """
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(parent=parent)
    step.init_plugin()

    def penalty(student: str, score: float, seconds: float) -> float | None:
        try:
            points = step.plugin_inst.late_submission_penalty(student, score, seconds)
            if points is None:
                return None
            if not math.isfinite(points := float(points)):
                raise ValueError(points)
        except Exception as error:
            raise GraderError(
                "late-penalty-failed",
                "지각 감점을 계산하지 못했습니다. nbgrader_config.py의 감점 규칙을 확인하세요.",
                detail=f"{type(error).__name__}: {error}",
            ) from error
        return min(max(points, 0.0), score)

    return penalty
