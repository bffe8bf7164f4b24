"""The routes, and the server's life: start the desk, serve below JupyterHub's prefix, stop cleanly on a signal."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import signal
import threading
from typing import Any
from urllib.parse import urlparse

from jupyterhub.services.auth import HubOAuthCallbackHandler
from tornado import web
from tornado.httpserver import HTTPServer

from autograder.course_file import course_timezone, live_at, table_time
from autograder.grading.ledger import Ledger
from autograder.integrations.offered import State
from autograder.service import api, pages
from autograder.service.desk import Desk
from autograder.service.hub_group import HubGroup
from autograder.service.receipts import Receipts
from autograder.service.roster import Membership, course_students, hub_group
from autograder.service.settings import Settings, read_settings
from autograder.service.shell import Shell
from autograder.sinks.log import logger

__all__ = ["build_desk", "make_app", "run"]

_log = logger(__name__)
_REF = r"([0-9a-f]{24})"
_ID = r"([\w.-]{1,120})"


def build_desk(settings: Settings) -> Desk:
    """Return the course's desk, not started yet; raises GraderError (see `Desk`)."""
    receipts = Receipts(settings.results / "service.db", slots=settings.slots)
    ledger = Ledger(settings.results / "ledger.db")
    roster = Membership(
        [
            lambda: hub_group(settings.student_group),
            lambda: course_students(settings.root),
        ]
    )
    return Desk(settings, receipts, ledger, roster)


def make_app(settings: Settings, desk: Desk, prefix: str) -> web.Application:
    """Return the application below `prefix` (a slash at both ends)."""
    shell = Shell(settings, desk, prefix)
    own = {"shell": shell}
    cookie = hmac.new(desk.secret, b"service-cookie", hashlib.sha256).hexdigest()
    routes: list[Any] = [
        (rf"{prefix}?", pages.Home, own),
        (rf"{prefix}me", pages.Mine, own),
        (rf"{prefix}submissions/{_REF}", pages.SubmissionPage, own),
        (rf"{prefix}submissions/{_REF}/feedback", pages.Feedback, own),
        (rf"{prefix}board/{_ID}", pages.BoardPage, own),
        (rf"{prefix}class/{_ID}", pages.ClassPage, own),
        (rf"{prefix}class/{_ID}/report", pages.ClassReport, own),
        (rf"{prefix}class/{_ID}/regrade", pages.Regrade, own),
        (rf"{prefix}class/{_ID}/try-suite", pages.TrySuite, own),
        (rf"{prefix}api/me", api.ApiMe, own),
        (rf"{prefix}api/course", api.ApiCourse, own),
        (rf"{prefix}api/submissions/{_REF}", api.ApiSubmission, own),
        (rf"{prefix}api/submissions/{_REF}/record", api.ApiRecord, own),
        (rf"{prefix}api/board/{_ID}", api.ApiBoard, own),
        (rf"{prefix}api/class/{_ID}", api.ApiClass, own),
        (rf"{prefix}api/class/{_ID}/regrade", api.ApiRegrade, own),
        (rf"{prefix}api/.*", api.ApiNotHere, own),
        (rf"{prefix}oauth_callback", HubOAuthCallbackHandler),
        (rf"{prefix}static/([a-z]+\.(?:css|js))", pages.Asset, {"assets": shell.assets}),
        (r".*", pages.NotHere, own),
    ]
    return web.Application(routes, cookie_secret=cookie, log_function=_log_request, compress_response=True)


def run() -> None:
    """Serve until a signal asks to stop.

    Raises:
        GraderError: see `read_settings` and `Desk`.
    """
    settings = read_settings()
    live_at(settings.root)
    prefix = settings.prefix
    url = urlparse(os.environ.get("JUPYTERHUB_SERVICE_URL", "http://127.0.0.1:8000"))
    desk = build_desk(settings)
    group = HubGroup(settings.root, settings.results, settings.student_group)
    group.start()
    try:
        asyncio.run(_serve(settings, desk, prefix, url.hostname or "127.0.0.1", url.port or 8000))
    finally:
        group.stop()
        desk.stop()
        desk.receipts.close()
        desk.ledger.close()


async def _serve(settings: Settings, desk: Desk, prefix: str, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = HTTPServer(make_app(settings, desk, prefix), xheaders=True, max_body_size=2**16)
    server.listen(port, host)
    desk.start()
    _log.info("serving %s at %s:%s%s", settings.course_id, host, port, prefix)
    threading.Thread(target=_tell_offered, args=(desk,), name="offered", daemon=True).start()
    await stopped.wait()
    server.stop()
    await server.close_all_connections()


def _tell_offered(desk: Desk) -> None:
    """Log which assignments the course has."""
    timezone = course_timezone(desk.settings.root)
    handed_in = frozenset(receipt.assignment for receipt in desk.receipts.rows())
    for offer in desk.book.offered(handed_in, desk.receipts.clock()):
        if offer.state is not State.UNMADE:
            _log.info(
                "%s: %s%s", offer.id, offer.state, f", due {table_time(offer.due, timezone)}" if offer.due else ""
            )


def _log_request(handler: web.RequestHandler) -> None:
    """Log a request without its query, which may hold a token."""
    status = handler.get_status()
    level = logging.ERROR if status >= 500 else logging.INFO if status >= 400 else logging.DEBUG
    _log.log(level, "%s %s %s", status, handler.request.method, handler.request.path)
