"""The JSON interface: the values of the pages, for their script, for tests and for people's own programs.

Every answer that a page polls has a ``version`` that changes when what the page shows has.
"""

from __future__ import annotations

from tornado import web

from autograder.service import views
from autograder.service.access import Handler, Need
from autograder.service.pages import assignment_here, board_of, submission_of

__all__ = ["ApiBoard", "ApiClass", "ApiCourse", "ApiMe", "ApiNotHere", "ApiRecord", "ApiRegrade", "ApiSubmission"]


class _Api(Handler):
    as_json = True


class ApiMe(_Api):
    """One's own submissions."""

    async def get(self) -> None:
        """Return them."""
        shell = self.shell
        own = await self.aside(
            views.own_submissions, self.viewer.name, shell.receipts, shell.settings, shell.book, shell.base
        )
        if not self.viewer.student:
            raise web.HTTPError(404)
        self.data({"version": views.version(own), **own})


class ApiSubmission(_Api):
    """One submission, with its result as its student sees it."""

    async def get(self, ref: str) -> None:
        """Return it."""
        receipt = await self.receipt(ref)
        own, _, result = await submission_of(self, receipt)
        self.data({"version": views.version(own), **own, "result": result})


class ApiRecord(_Api):
    """The record of one submission as the grader keeps it, hidden inputs and all: staff only."""

    needs = Need.STAFF

    async def get(self, ref: str) -> None:
        """Return it without the executed notebook."""
        receipt = await self.receipt(ref)
        if receipt.summary is None:
            raise web.HTTPError(404)
        self.data(receipt.summary.to_dict())


class ApiCourse(_Api):
    """Every assignment of the course, for staff."""

    needs = Need.STAFF

    async def get(self) -> None:
        """Return them."""
        shell = self.shell
        course = await self.aside(views.course_overview, shell.receipts, shell.settings, shell.desk.suites, shell.book)
        self.data({"version": views.version(course), **course})


class ApiClass(_Api):
    """The queue and the progress of one assignment, for staff."""

    needs = Need.STAFF

    async def get(self, assignment_id: str) -> None:
        """Return them."""
        assignment = assignment_here(assignment_id, self)
        shell = self.shell
        live = await self.aside(views.class_live, assignment, shell.receipts, shell.desk.suites, shell.book)
        self.data({"version": views.version(live), **live})


class ApiBoard(_Api):
    """The class board of one assignment, as the viewer sees it."""

    async def get(self, assignment_id: str) -> None:
        """Return it."""
        board = await board_of(self, assignment_id)
        self.data({"version": views.version(board), **board})


class ApiRegrade(_Api):
    """Grade again, for staff."""

    needs = Need.STAFF

    async def post(self, assignment_id: str) -> None:
        """Take ``scope`` (all, student, question, busy) and ``which``; return how many will be graded again."""
        assignment = assignment_here(assignment_id, self)
        scope, which = self.get_argument("scope", ""), self.get_argument("which", "")
        try:
            refs = await self.aside(views.regrade_refs, assignment, self.shell.receipts, scope, which)
        except KeyError as error:
            raise web.HTTPError(404) from error
        self.set_status(202)
        self.data({"regrading": await self.aside(self.shell.desk.regrade, refs)})


class ApiNotHere(_Api):
    """Every other address of the interface."""

    async def get(self, *_: str) -> None:
        """Say so."""
        raise web.HTTPError(404)

    post = put = patch = delete = get
