"""Who may see and do what: the one place where a request's person, rights and security headers are decided.

A handler states `needs`; everything is refused that does not meet it, before the handler runs. A row that is not the
viewer's own is not there (404), whether or not it exists. JupyterHub says who somebody is and in which groups; its
answer is remembered for as long as JupyterHub's own library does (five minutes).
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import Any

from jupyterhub.services.auth import HubOAuthenticated
from tornado import web

from autograder.errors import GraderError
from autograder.service.receipt import Receipt
from autograder.service.roster import on_roster
from autograder.service.shell import Shell
from autograder.sinks.log import logger

__all__ = ["Handler", "Need", "Viewer"]

_log = logger(__name__)

_MESSAGES = {
    400: ("request-invalid", "요청을 이해할 수 없습니다. 이전 화면으로 돌아가 다시 시도하세요."),
    401: ("login-needed", "로그인이 필요합니다. JupyterHub에 로그인한 뒤 다시 시도하세요."),
    403: ("not-allowed", "이 페이지를 볼 권한이 없습니다. 수강생이나 조교로 등록되어 있는지 확인하세요."),
    404: ("not-found", "찾는 페이지나 제출물이 없습니다. 주소를 확인하세요."),
    405: ("method-not-allowed", "이 주소에서는 할 수 없는 요청입니다."),
    409: ("conflict", "지금은 할 수 없습니다. 잠시 뒤에 다시 시도하세요."),
}
_OURS = ("service-trouble", "채점 서비스에 문제가 생겼습니다. 제출물과 점수는 안전합니다. 잠시 뒤에 다시 시도하세요.")
_JOINING = (
    "roster-joining",
    "수강생 명단에서 확인했습니다. 수강생으로 등록하는 중이니 30초쯤 뒤에 이 페이지를 새로 고치세요.",
)


class Need:
    """What a handler asks of a viewer."""

    MEMBER = "member"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whom JupyterHub says is looking."""

    name: str
    staff: bool
    student: bool

    def may_see(self, receipt: Receipt) -> bool:
        """Whether a row is theirs to see: one's own, or any for staff."""
        return self.staff or (self.student and receipt.student != "" and receipt.student == self.name)


class Handler(HubOAuthenticated, web.RequestHandler):  # type: ignore[misc]
    """Base of every handler that shows or does anything."""

    needs = Need.MEMBER
    as_json = False

    def initialize(self, shell: Shell) -> None:
        """Take what all handlers share."""
        self.shell = shell

    @property
    def viewer(self) -> Viewer:
        """Who is looking; set before any handler runs."""
        return self._viewer

    def set_default_headers(self) -> None:
        """Forbid everything that our pages don't need."""
        self.nonce = secrets.token_urlsafe(16)
        self.set_header("Content-Security-Policy", policy(self.nonce))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    async def prepare(self) -> None:
        """Identify the viewer and refuse whoever may not do this."""
        known = await self.hub_auth.get_user(self, sync=False)
        model = self.current_user
        if not model:
            if known:  # whom the hub does not let in here, as far as is remembered
                self._say_if_joining(known)
            if self.request.method in ("GET", "HEAD") and not self.as_json:
                self.redirect(self.get_login_url())
                return
            signed_in = self.get_cookie(self.hub_auth.cookie_name) is not None
            raise web.HTTPError(403, "_xsrf missing or wrong") if signed_in else web.HTTPError(401)
        if self.request.method not in ("GET", "HEAD"):
            self.check_xsrf_cookie()
        groups = set(model.get("groups") or ())
        settings = self.shell.settings
        user = model.get("kind", "user") == "user"
        self._viewer = Viewer(
            name=str(model.get("name", "")),
            staff=settings.staff_group in groups,
            student=user and settings.student_group in groups,
        )
        if self._viewer.student:
            self.shell.desk.roster.meet(self._viewer.name)
        if not (self._viewer.staff or (self._viewer.student and self.needs == Need.MEMBER)):
            if not self._viewer.student:
                self._say_if_joining(model)
            raise web.HTTPError(403)

    def _say_if_joining(self, model: dict[str, Any]) -> None:
        """Tell a member of the roster who is not in the students' group yet that they soon will be (403)."""
        if model.get("kind", "user") == "user" and on_roster(self.shell.settings.root, str(model.get("name", ""))):
            self.hub_auth.cache.clear()  # rights as they were remembered: the next look asks the hub anew
            raise web.HTTPError(403, _JOINING[0])

    async def receipt(self, ref: str) -> Receipt:
        """Return a row that the viewer may see; raises 404 for any other."""
        found: Receipt | None = await self.aside(self.shell.receipts.get, ref)
        if found is None or not self.viewer.may_see(found):
            raise web.HTTPError(404)
        return found

    async def aside(self, function: Any, *arguments: Any, **named: Any) -> Any:
        """Call what reads files or databases in a thread, so that nobody else waits for it."""
        return await asyncio.get_running_loop().run_in_executor(
            self.shell.readers, lambda: function(*arguments, **named)
        )

    def page(self, template: str, **values: Any) -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            self.shell.render(
                template,
                nonce=self.nonce,
                viewer=getattr(self, "_viewer", None),
                xsrf=self.xsrf_token.decode("ascii"),
                **values,
            )
        )

    def data(self, value: Any) -> None:
        """Answer with JSON."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(value, ensure_ascii=False))

    def write_error(self, status_code: int, **options: Any) -> None:
        """Say in Korean what went wrong, with a stable code."""
        error = (options.get("exc_info") or (None, None, None))[1]
        code, message = _MESSAGES.get(status_code, _OURS)
        if isinstance(error, GraderError):
            code, message = error.code, error.message
        if status_code == 403 and isinstance(error, web.HTTPError) and "_xsrf" in str(error.log_message).lower():
            code, message = "form-expired", "화면이 오래되었습니다. 페이지를 새로 고친 뒤 다시 시도하세요."
        if isinstance(error, web.HTTPError) and error.log_message == _JOINING[0]:
            code, message = _JOINING
        if self.as_json:
            self.data({"error": code, "message": message})
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            self.shell.render(
                "message.html.j2",
                nonce=self.nonce,
                viewer=None,
                xsrf="",
                code=code,
                message=message,
                status=status_code,
            )
        )


def policy(nonce: str) -> str:
    """Return our pages' content security policy: our own style and script by nonce, requests to this service only."""
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
