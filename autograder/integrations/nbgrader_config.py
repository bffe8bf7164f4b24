"""A course's nbgrader configuration: the one function that its ``nbgrader_config.py`` calls.

    from pathlib import Path
    from autograder.integrations.nbgrader_config import configure

    configure(get_config(), root=Path(__file__).parent, course_id="whydl")

Afterwards ``nbgrader autograde`` and formgrader's button grade with this package, in confinement; what nbgrader itself
would run student code with refuses. Whatever the course sets before or after it (late penalties, due dates, exchange)
stays the course's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.course_file import read_course_file
from autograder.intake.release import CODE_STUB, TEXT_STUB

__all__ = ["configure"]

_PLUGIN = "autograder.integrations.nbgrader_plugin"


def configure(c: Any, root: Path, course_id: str, exchange: Path | None = None, out: str = "graded") -> None:
    """Set what nbgrader needs to grade a course with this package.

    Args:
        c: nbgrader's configuration object (`get_config()`).
        root: the course folder, which holds ``solutions/``.
        course_id: nbgrader's id of the course.
        exchange: the exchange's folder; nbgrader's default if None.
        out: the result folder, relative to `root` or absolute: ledger, course secret, records, feedback. The one that
            ``autograder grade --out`` and the service use, so that work is graded once and by the same secret.

    Raises:
        AssignmentError: the course's ``course.toml`` is wrong (``course-file-invalid``).
        GraderError: this nbgrader is built otherwise than the plug-in expects (``nbgrader-unexpected``).
    """
    from autograder.integrations.nbgrader_plugin import install

    install()
    root = Path(root).resolve()
    results = str(root / out)

    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = course_id
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "assignments"
    c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
    c.ClearSolutions.code_stub = {"python": CODE_STUB}
    c.ClearSolutions.text_stub = TEXT_STUB
    if exchange is not None:
        c.Exchange.root = str(exchange)

    c.NbGraderAPI.timezone = read_course_file(root).timezone
    c.ConfinedAutograde.results = results
    # nbgrader's own class, should it ever come to run, executes nothing.
    c.Autograde.exporter_class = f"{_PLUGIN}.RefusingExporter"

    c.GenerateFeedback.exporter_class = f"{_PLUGIN}.FeedbackExporter"
    c.GenerateFeedback.preprocessors = []
    c.FeedbackExporter.results = results
