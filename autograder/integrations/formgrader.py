"""Formgrader in a teacher's Jupyter server: its buttons answer at once, and its lists say what is being graded.

nbgrader's handlers call nbgrader's API inside the server's event loop: while one submission is graded, every tab of the
teacher's JupyterLab stands still. `install` gives some of these handlers other methods. No route is added, no template
and no file of nbgrader's is changed, and a server without our script behaves as before with truthful rows.

- *Autograde* hands the work to the course's service if one runs and has it, else to `formgrader_worker`, a process
  beside the server. It answers in about a second; several clicks for one student are one grading.
- The list of submissions says of each row what is under way. Such a row shows no score, because the old one may be
  gone in a moment. `formgrader_page.js` shows it in the page and follows it.
- A due date is meant in the course's zone, as that is on that day. nbgrader would take today's offset from UTC: a wrong
  hour for a day on the other side of a change of clocks.
- On the page of a submission each cell paints within its own box, whatever its formulas are made of.
- *Generate* and *Generate feedback* for a class, seconds of work, run in a thread with an API of their own, and answer
  when they are done.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import importlib
import json
import subprocess
import sys
import threading
import time
import zoneinfo
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import GraderError
from autograder.integrations.autograded import utc
from autograder.integrations.formgrader_requests import LOOK_SECONDS, Request, Requests, RequestState, is_locked
from autograder.integrations.formgrader_worker import api_of, words_of
from autograder.sinks.log import logger

__all__ = ["HANDLERS", "clipped", "install"]

_log = logger(__name__)
HANDLERS = "nbgrader.server_extensions.formgrader.apihandlers"
"""nbgrader's module of handlers; it is loaded only in a server that has formgrader."""
_PAGES = "nbgrader.server_extensions.formgrader.handlers"
_SERVICE = "autograder.service.formgrader"
"""The service's side. The service stands above this package, so it is found by its name, as a plug-in is."""
_WORKER = "autograder.integrations.formgrader_worker"
_SCRIPT = Path(__file__).with_name("formgrader_page.js")
_CLIPPED = (
    ".rendered_html, .input_area, .output_area, .output_subarea"
    " { overflow: auto; contain: paint; position: relative; z-index: 0 }"
)
"""What a formula or a line may be wider than is scrolled to; `contain: paint` holds what is positioned, too."""
_FIRST_LOOK_SECONDS = 1.5
"""For a grading that fails at once to be told in the answer to the click."""
_ONE_CALL = threading.Lock()
"""nbgrader's converters change the working directory while they run: one at a time."""
_EVERYBODY = "-everybody-"
"""In the place of a student: the answer is about all of them. Letters that no hub on the way writes otherwise."""
_LABELS = {"waiting": "채점 대기", "grading": "채점 중", "blocked": "채점 지연", "failed": "채점하지 못함"}


@dataclass(frozen=True, slots=True)
class _Course:
    """Where a course of this server lies."""

    root: Path
    results: Path
    submitted: Path
    autograded: Path

    @property
    def requests(self) -> Requests:
        return Requests(self.results / "formgrader")


def install() -> None:
    """Give formgrader's handlers their other methods, if this process has formgrader; may be called again."""
    handlers, pages = sys.modules.get(HANDLERS), sys.modules.get(_PAGES)
    if handlers is None or pages is None or getattr(handlers, "served_by_autograder", False):
        return
    wrapped = _wrapped(importlib.import_module("nbgrader.server_extensions.formgrader.base"))
    handlers.AutogradeHandler.post = wrapped(_autograde)
    handlers.AutogradeHandler.get = wrapped(_progress)
    handlers.SubmissionCollectionHandler.get = wrapped(_submissions)
    handlers.SubmissionHandler.get = wrapped(_submission)
    handlers.AssignmentHandler.put = _in_the_courses_zone(handlers.AssignmentHandler.put)
    handlers.AssignHandler.post = wrapped(_in_a_thread("generate_assignment"))
    handlers.GenerateAllFeedbackHandler.post = wrapped(_in_a_thread("generate_feedback"))
    pages.ManageSubmissionsHandler.render = _with_script(pages.ManageSubmissionsHandler.render)
    pages.SubmissionHandler.write = _with_clipping(pages.SubmissionHandler.write)
    handlers.served_by_autograder = True  # type: ignore[attr-defined]


def _wrapped(base: ModuleType) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], Any]:
    """Return the decorator that nbgrader's own methods have: only who is logged in, with formgrader well set up."""
    from tornado.web import authenticated

    return lambda method: authenticated(base.check_xsrf(base.check_notebook_dir(method)))


# -- what the handlers do; `handler` is nbgrader's


async def _autograde(handler: Any, assignment: str, student: str) -> None:
    handler.write(json.dumps(await _started(_course_of(handler), assignment, student)))


async def _progress(handler: Any, assignment: str, student: str) -> None:
    """Write what is under way, by student, of one student or of all."""
    found = await _underway(_course_of(handler), assignment)
    wanted = found if student == _EVERYBODY else {name: row for name, row in found.items() if name == student}
    handler.write(json.dumps({"students": wanted}))


async def _submissions(handler: Any, assignment: str) -> None:
    underway = await _underway(course := _course_of(handler), assignment)
    api = handler.api
    rows = api.get_submissions(assignment)
    # Between an autograded folder and its row in the gradebook nbgrader lists the student nowhere.
    gone = [name for name, now in underway.items() if now["open"]]
    gone = sorted(
        {name for name in gone if (course.submitted / name / assignment).is_dir()} - {r["student"] for r in rows}
    )
    rows += [api.get_submission(assignment, student, ungraded={student}) for student in gone]
    rows = [_truthful(row, underway) for row in rows]
    handler.write(json.dumps(sorted(rows, key=lambda row: str(row["student"]))))


async def _submission(handler: Any, assignment: str, student: str) -> None:
    from tornado.web import HTTPError

    underway = await _underway(_course_of(handler), assignment)
    meanwhile = {"ungraded": {student}} if underway.get(student, {}).get("open") else {}
    found = handler.api.get_submission(assignment, student, **meanwhile)
    if found is None:
        raise HTTPError(404)
    handler.write(json.dumps(_truthful(found, underway)))


def _in_a_thread(method: str) -> Callable[..., Coroutine[Any, Any, None]]:
    async def call(handler: Any, assignment: str) -> None:
        root = _course_of(handler).root
        handler.write(
            json.dumps(await asyncio.get_running_loop().run_in_executor(None, _call, root, method, assignment))
        )

    return call


def _call(root: Path, method: str, assignment: str) -> dict[str, Any]:
    """Return what a method of nbgrader's API answers; a refusal of ours without the traceback that would hide it."""
    with _ONE_CALL:
        try:
            result: dict[str, Any] = getattr(api_of(root), method)(assignment)
        except Exception as error:
            return {"success": False, "log": f"{type(error).__name__}: {error}"}
    log = str(result.get("log") or "")
    if result.get("success") or "[ERROR]" not in log or "Traceback" in log:
        return result
    return {"success": False, "log": words_of(result)}  # a refusal: what to do stands in it


def _in_the_courses_zone(put: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(handler: Any, assignment: str) -> Any:
        data = handler.get_json_body()
        if isinstance(data, dict):
            zone = str(handler.api.timezone)
            handler.request.body = json.dumps({**data, **_due(data, zone)}).encode()
        return put(handler, assignment)

    return wrapped


def _due(data: dict[str, Any], timezone: str) -> dict[str, str]:
    """Return the offset from UTC that a due date has in the course's zone; nothing if another one was typed."""
    zone = zoneinfo.ZoneInfo(timezone)
    try:
        moment = dt.datetime.fromisoformat(str(data.get("duedate_notimezone")))
    except ValueError:
        return {}
    typed = str(data.get("duedate_timezone") or "").strip()
    if moment.tzinfo or typed not in ("", f"{dt.datetime.now(zone):%z}"):
        return {}
    return {"duedate_timezone": f"{moment.replace(tzinfo=zone):%z}"}


def _with_clipping(write: Callable[..., None]) -> Callable[..., None]:
    def written(handler: Any, chunk: Any) -> None:
        write(handler, clipped(chunk) if isinstance(chunk, str) else chunk)

    return written


def clipped(page: str) -> str:
    """Return the page of a submission in which no cell's text, output or formula paints outside its own box."""
    return page.replace("</head>", f"<style>{_CLIPPED}</style></head>", 1)


def _with_script(render: Callable[..., str]) -> Callable[..., str]:
    def rendered(handler: Any, name: str, **values: Any) -> str:
        script = _SCRIPT.read_text(encoding="utf-8")
        return render(handler, name, **values).replace("</body>", f"<script>\n{script}</script>\n</body>")

    return rendered


# -- what is under way


async def _started(course: _Course, assignment: str, student: str) -> dict[str, Any]:
    """Have one work graded and return formgrader's answer: ``success``, ``log``, and ``started`` if it goes on."""
    loop = asyncio.get_running_loop()
    if any(Path(name).name != name or name == ".." for name in (assignment, student)):
        return {"success": False, "log": "과제나 학생의 이름을 폴더 이름으로 쓸 수 없습니다."}
    try:
        told = await loop.run_in_executor(None, _by_the_service, course, assignment, student)
        if told is not None:
            return {"success": True, "started": True, "log": told}
        request, new = await loop.run_in_executor(None, _by_a_worker, course, assignment, student)
    except GraderError as error:
        return {"success": False, "log": f"{error.message} [{error.code}]"}
    if not new:
        words = _state_of(request, course.requests.all())["words"]
        return {"success": True, "started": True, "log": f"이미 채점을 맡겼습니다. {words}"}
    deadline = time.monotonic() + _FIRST_LOOK_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
        now = course.requests.get(student, assignment)
        if now is not None and not now.is_open:
            return {"success": now.state is RequestState.DONE, "log": now.words}
    return {"success": True, "started": True, "log": "채점을 시작했습니다. 끝나면 이 목록에 점수가 나타납니다."}


def _by_the_service(course: _Course, assignment: str, student: str) -> str | None:
    answer: str | None = importlib.import_module(_SERVICE).ask(
        course.results, student, assignment, _handed_in(course.submitted / student / assignment)
    )
    return answer


def _by_a_worker(course: _Course, assignment: str, student: str) -> tuple[Request, bool]:
    found = course.requests.ask(student, assignment)
    _have_a_worker(course)
    return found


def _have_a_worker(course: _Course) -> None:
    """Start the course's worker unless one lives."""
    requests = course.requests
    if is_locked(requests.worker_lock):
        return
    with (requests.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            _command(course, str(requests.folder)),
            cwd=course.root,
            stdin=subprocess.PIPE,  # closed when this server is gone; that ends the worker
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()


def _command(course: _Course, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-W", "ignore", "-m", _WORKER, str(course.root), *arguments]


async def _underway(course: _Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Return what is under way or has failed, by student; nothing where it cannot be found out."""
    try:
        return await asyncio.get_running_loop().run_in_executor(None, _look, course, assignment)
    except (GraderError, OSError):
        _log.exception("what is being graded of %s could not be found out", assignment)
        return {}


def _look(course: _Course, assignment: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    requests = course.requests.all()
    if any(request.state is RequestState.WAITING for request in requests):
        _have_a_worker(course)  # the one that was to take it may have ended with another server
    for request in requests:
        if request.assignment == assignment and (request.is_open or _is_latest(course, request)):
            found[request.student] = _state_of(request, requests)
    for student, (state, words) in importlib.import_module(_SERVICE).underway(course.results, assignment).items():
        found.setdefault(student, _row(state, words))
    return found


def _is_latest(course: _Course, request: Request) -> bool:
    """Say whether a request has failed and the work was not graded since."""
    folder = course.autograded / request.student / request.assignment
    written = max((path.stat().st_mtime for path in folder.glob("*.ipynb")), default=0.0)
    return request.state is RequestState.FAILED and written < request.since


def _state_of(request: Request, among: Sequence[Request]) -> dict[str, Any]:
    if request.state is RequestState.WAITING:
        ahead = sum(other.is_open and other.asked < request.asked for other in among)
        return _row("waiting", f"앞에 {ahead}건이 있습니다." if ahead else "곧 시작합니다.")
    if request.state is RequestState.GRADING:
        return _row("grading", f"{max(0, round(time.time() - request.since))}초째 채점하고 있습니다.")
    return _row("failed", request.words)


def _row(state: str, words: str) -> dict[str, Any]:
    return {"state": state, "label": _LABELS[state], "words": words, "open": state != "failed"}


def _truthful(row: dict[str, Any], underway: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a row of the list of submissions with what is under way; meanwhile it counts as not autograded."""
    now = underway.get(row["student"])
    hidden = {"autograded": False, "needs_manual_grade": False} if now and now["open"] else {}
    return {**row, **hidden, "autograder": now}


def _handed_in(folder: Path) -> str | None:
    """Return the time of a folder of ``submitted/`` as ISO 8601, "" if it states none; None without the folder."""
    if not folder.is_dir():
        return None
    try:
        stamp = (folder / "timestamp.txt").read_text(encoding="utf-8").strip().removesuffix(" UTC")
    except (OSError, UnicodeDecodeError):
        return ""
    return stamp if utc(stamp) else ""


def _course_of(handler: Any) -> _Course:
    coursedir = handler.coursedir
    root = Path(coursedir.root).resolve()
    config = handler.settings["nbgrader_formgrader"].config
    results = config["ConfinedAutograde"].get("results", "graded") if "ConfinedAutograde" in config else "graded"
    return _Course(
        root=root,
        results=root / str(results),
        submitted=root / str(coursedir.submitted_directory),
        autograded=root / str(coursedir.autograded_directory),
    )
