"""What the web handlers share: the desk, the receipts, templates and style. No request's data."""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from autograder.course_file import CourseFile, read_course_file, time_words
from autograder.errors import AssignmentError
from autograder.report.page import prose
from autograder.report.sanitize import clean_text
from autograder.report.standing import due_words
from autograder.report.words import number, seconds_word, time_word
from autograder.service.desk import Desk
from autograder.service.receipts import Receipts
from autograder.service.settings import Settings

__all__ = ["Shell"]


class Shell:
    """One service's parts.

    Args:
        settings: the course.
        desk: what grades.
        prefix: the path below which the service is reached, with a slash at both ends.
    """

    def __init__(self, settings: Settings, desk: Desk, prefix: str) -> None:
        self.settings = settings
        self.desk = desk
        self.prefix = prefix
        self.base = os.environ.get("JUPYTERHUB_BASE_URL") or "/"
        self.book = desk.book
        self.readers = ThreadPoolExecutor(2, thread_name_prefix="reader")

    @property
    def receipts(self) -> Receipts:
        """The table of what arrived."""
        return self.desk.receipts

    def render(self, template: str, **values: Any) -> str:
        """Render one of the service's pages; every text is cleaned and escaped unless it is Markup."""
        try:
            course = read_course_file(self.settings.root)
        except AssignmentError:  # staff read on top of their pages what is wrong with it
            course = CourseFile()
        name = course.title or self.settings.course_id
        return self._environment.get_template(template).render(
            prefix=self.prefix, base=self.base, course=name, timezone=course.timezone, stamp=self._stamp, **values
        )

    @cached_property
    def assets(self) -> dict[str, tuple[str, str]]:
        """Content type and text of the files a page asks for, by name."""
        style = files("autograder.report") / "templates" / "style.css"
        own = files("autograder.service") / "static"
        css = style.read_text("utf-8") + (own / "service.css").read_text("utf-8")
        return {
            "style.css": ("text/css; charset=utf-8", css),
            "live.js": ("text/javascript; charset=utf-8", (own / "live.js").read_text("utf-8")),
        }

    @cached_property
    def _stamp(self) -> str:
        text = "".join(body for _, body in self.assets.values())
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=ChoiceLoader([PackageLoader("autograder.service"), PackageLoader("autograder.report")]),
            autoescape=True,
            finalize=lambda v: clean_text(v, 100_000) if isinstance(v, str) and not isinstance(v, Markup) else v,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            prose=prose, text=clean_text, number=number, seconds=seconds_word, moment=moment, due=due
        )
        environment.globals["time_word"] = time_word
        return environment


@pass_context
def due(context: Context, stamp: str) -> str:
    """Return "마감 12월 1일 23:59 KST", "" without a due date."""
    return due_words(stamp, context["timezone"])


@pass_context
def moment(context: Context, stamp: str | float) -> str:
    """Return a time in the course's zone, with the zone's name; "" if it is none."""
    return time_words(stamp, context["timezone"])
