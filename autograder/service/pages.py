"""The pages: what a student has submitted, how a class stands, and the form that asks before anything is graded again.

Each page works without its script, by being loaded again; the script asks the JSON interface whether anything changed.
"""

from __future__ import annotations

from typing import Any

from tornado import web

from autograder.catalog import load_assignment
from autograder.errors import AssignmentError, GraderError
from autograder.model import Assignment
from autograder.report import class_report_html
from autograder.service import views
from autograder.service.access import Handler, Need
from autograder.service.board import board_values
from autograder.service.receipt import Receipt

__all__ = [
    "Asset",
    "BoardPage",
    "ClassPage",
    "ClassReport",
    "Feedback",
    "Home",
    "Mine",
    "NotHere",
    "Regrade",
    "SubmissionPage",
    "TrySuite",
]


class Home(Handler):
    """The first page: the class for staff, one's own submissions for a student."""

    async def get(self) -> None:
        """Show it."""
        if not self.viewer.staff:
            await show_own(self)
            return
        shell = self.shell
        course = await self.aside(views.course_overview, shell.receipts, shell.settings, shell.desk.suites, shell.book)
        self.page("course.html.j2", live=views.version(course), **course)


class Mine(Handler):
    """One's own submissions, for those who are staff too."""

    async def get(self) -> None:
        """Show them."""
        if not self.viewer.student:
            raise web.HTTPError(404)
        await show_own(self)


class SubmissionPage(Handler):
    """One submission: its state, and its result by question."""

    async def get(self, ref: str) -> None:
        """Show it."""
        receipt = await self.receipt(ref)
        own, assignment, result = await submission_of(self, receipt)
        staff = self.viewer.staff
        mine = assignment is not None and receipt.student == self.viewer.name
        self.page(
            "submission.html.j2",
            live=views.version(own),
            own=own,
            receipt=receipt,
            title=assignment.title if assignment else receipt.assignment,
            result=result,
            notebook=self.shell.book.notebook(assignment, self.shell.base) if assignment and mine else "",
            tests=receipt.summary.tests if staff and receipt.summary else (),
            record=receipt.summary if staff else None,
        )


class Feedback(Handler):
    """The feedback page of one submission, as the student's "Fetch Feedback" brings it."""

    async def get(self, ref: str) -> None:
        """Show it."""
        receipt = await self.receipt(ref)
        assignment = assignment_or_none(self, receipt.assignment)
        record = await self.aside(self.shell.desk.record, receipt)
        if record is None or assignment is None:
            raise web.HTTPError(404)
        back = f"{self.shell.prefix}submissions/{receipt.ref}"
        await self.whole(await self.aside(self.shell.desk.feedback, receipt, record, assignment, back))

    async def whole(self, html: str) -> None:
        """Answer with a page that carries its own style and policy, shut into an origin of its own."""
        self.set_header(
            "Content-Security-Policy",
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'none'",
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(html)


class BoardPage(Handler):
    """The class board of an assignment's open problem: for staff the same as for students, without names."""

    async def get(self, assignment_id: str) -> None:
        """Show it."""
        board = await board_of(self, assignment_id)
        self.page("board.html.j2", live=views.version(board), **board)


class ClassPage(Handler):
    """A class and its assignment: live queue, statistics, who needs a person, and what can be graded again."""

    needs = Need.STAFF

    async def get(self, assignment_id: str) -> None:
        """Show it."""
        shell = self.shell
        try:
            assignment = assignment_here(assignment_id, self)
        except AssignmentError:  # the page on top of which it stands why cannot be made: the course's has it too
            course = await self.aside(
                views.course_overview, shell.receipts, shell.settings, shell.desk.suites, shell.book
            )
            self.page("stopped.html.j2", assignment_id=assignment_id, stopped=course["stopped"])
            return
        live = await self.aside(views.class_live, assignment, shell.receipts, shell.desk.suites, shell.book)
        values = await self.aside(views.class_page, assignment, shell.receipts, shell.book)
        checked = await self.aside(lambda: self.shell.desk.owners_compared)
        self.page("class.html.j2", live=views.version(live), queue=live, owners_compared=checked, **values)


class ClassReport(Feedback):
    """The printable report of a class, the same as the command line writes."""

    needs = Need.STAFF

    async def get(self, assignment_id: str) -> None:
        """Show it."""
        assignment = assignment_here(assignment_id, self)
        latest = await self.aside(self.shell.receipts.latest, assignment_id)
        records = [r.summary for r in latest if r.summary is not None]
        await self.whole(await self.aside(class_report_html, records, assignment))


class Regrade(Handler):
    """Asks whether to grade again, and does."""

    needs = Need.STAFF

    async def get(self, assignment_id: str) -> None:
        """Show what would be graded again, and ask."""
        assignment = assignment_here(assignment_id, self)
        scope, which, refs = await self._meant(assignment)
        question = next((q for q in assignment.questions if q.id == which), None) if scope == "question" else None
        self.page(
            "confirm.html.j2", assignment=assignment, scope=scope, which=which, count=len(refs), question=question
        )

    async def post(self, assignment_id: str) -> None:
        """Let it be graded again and go back to the class."""
        assignment = assignment_here(assignment_id, self)
        _, _, refs = await self._meant(assignment)
        await self.aside(self.shell.desk.regrade, refs)
        self.redirect(f"{self.shell.prefix}class/{assignment.id}", status=303)

    async def _meant(self, assignment: Assignment) -> tuple[str, str, list[str]]:
        scope, which = self.get_argument("scope", ""), self.get_argument("which", "")
        try:
            refs = await self.aside(views.regrade_refs, assignment, self.shell.receipts, scope, which)
        except KeyError as error:
            raise web.HTTPError(404) from error
        return scope, which, refs


class TrySuite(Handler):
    """Tries a suite that was refused once more, because staff think that it is mended."""

    needs = Need.STAFF

    async def post(self, assignment_id: str) -> None:
        """Begin, and go back to the class, which shows what comes of it."""
        await self.aside(self.shell.desk.try_suite, assignment_id)
        self.redirect(f"{self.shell.prefix}", status=303)


class NotHere(Handler):
    """Every address that is none of the others."""

    async def get(self, *_: str) -> None:
        """Say so."""
        raise web.HTTPError(404)

    post = put = patch = delete = get


class Asset(web.RequestHandler):
    """Style and script: the same for everybody, without anybody's data."""

    def initialize(self, assets: dict[str, tuple[str, str]]) -> None:
        """Take the texts."""
        self._assets = assets

    def get(self, name: str) -> None:
        """Answer with one."""
        if name not in self._assets:
            raise web.HTTPError(404)
        kind, text = self._assets[name]
        self.set_header("Content-Type", kind)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "public, max-age=86400")
        self.clear_header("Server")
        self.finish(text)


async def show_own(handler: Handler) -> None:
    """Answer with the viewer's own submissions."""
    shell = handler.shell
    own = await handler.aside(
        views.own_submissions, handler.viewer.name, shell.receipts, shell.settings, shell.book, shell.base
    )
    handler.page("mine.html.j2", live=views.version(own), **own)


async def submission_of(
    handler: Handler, receipt: Receipt
) -> tuple[dict[str, Any], Assignment | None, dict[str, Any] | None]:
    """Return a submission, its assignment, None if that cannot be read, and its result, None without one."""
    shell = handler.shell
    own = await handler.aside(views.one_submission, receipt, shell.receipts, shell.book)
    assignment = assignment_or_none(handler, receipt.assignment)
    if assignment is None or receipt.summary is None:
        return own, assignment, None
    standing = await handler.aside(views.counted_standing, receipt, shell.receipts, assignment, shell.book)
    return own, assignment, views.result_for_student(receipt.summary, assignment, standing)


async def board_of(handler: Handler, assignment_id: str) -> dict[str, Any]:
    """Return the class board of an assignment; raises 404 where it has none, or the viewer does not have it yet."""
    assignment = assignment_or_none(handler, assignment_id)
    viewer, shell = handler.viewer, handler.shell
    if assignment is None or assignment.open_problem is None:
        raise web.HTTPError(404)
    if not viewer.staff and not await handler.aside(
        views.has_assignment, viewer.name, assignment, shell.receipts, shell.book
    ):
        raise web.HTTPError(404)
    found: dict[str, Any] = await handler.aside(
        board_values, assignment, shell.receipts, shell.desk.roster.account, viewer.name if viewer.student else ""
    )
    return found


def assignment_here(assignment_id: str, handler: Handler) -> Assignment:
    """Return an assignment of the course; raises 404 if there is none of this name."""
    try:
        return load_assignment(assignment_id, handler.shell.settings.root)
    except AssignmentError as error:
        if error.code == "assignment-unknown":
            raise web.HTTPError(404) from error
        raise


def assignment_or_none(handler: Handler, assignment_id: str) -> Assignment | None:
    """Return an assignment, None if it is not one of the course's or cannot be read now."""
    try:
        return load_assignment(assignment_id, handler.shell.settings.root)
    except GraderError:
        return None
