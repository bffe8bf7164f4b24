"""Submit as nbgrader has it, with the service's receipt written beside the notebook: ``제출 확인.md``.

For students' servers, by one line in their ``nbgrader_config.py``::

    c.ExchangeFactory.submit = "course.submit.Submit"

The work is handed in by nbgrader's own code, before anything here runs. Then the receipt is waited for: in a server by
a thread of its own, so that JupyterLab never stands still; on the command line for some seconds. Where no service
answers the file says only that the work was handed in. Nothing here makes a submission fail.

Needs nbgrader, and so is imported by it only: `import course` does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from nbgrader.exchange.default.submit import ExchangeSubmit

__all__ = ["FILE", "Submit", "receipt_text"]

FILE = "제출 확인.md"
_HISTORY = "## 이 과제의 제출 기록"
_MOST = 10
_SERVER_SECONDS = 20.0
_COMMAND_SECONDS = 3.0
_PAUSE_SECONDS = 0.2
_LARGEST = 2**16


class Submit(ExchangeSubmit):  # type: ignore[misc]
    """nbgrader's Submit, and a receipt beside the notebook."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy as nbgrader does, without the receipt of the submission before."""
        if FILE not in self.coursedir.ignore:
            self.coursedir.ignore = [*self.coursedir.ignore, FILE]
        super().do_copy(src, dest, log)

    def copy_files(self) -> None:
        """Hand in, then see to the receipt."""
        super().copy_files()
        try:
            self._receipt()
        except Exception:  # the work is handed in, which is all that counts
            self.log.warning("no receipt", exc_info=True)

    def _receipt(self) -> None:
        folder = Path(self.src_path)
        handed = Path(self.inbound_path) / self.assignment_filename
        secret = (handed / "submission_secret.txt").read_text(encoding="utf-8")
        receipts = Path(self.root) / self.coursedir.course_id / "receipts"
        awaited = receipts / f"{hashlib.sha256(f'{secret}receipt'.encode()).hexdigest()}.json"
        stamp = str(self.timestamp)
        # At once, so that no older submission's receipt stands there: the answer takes this one's place.
        _write(folder, receipt_text(None, stamp, _read(folder / FILE)))
        wait = _SERVER_SECONDS if _in_a_server() else _COMMAND_SECONDS
        thread = threading.Thread(target=_follow, args=(folder, awaited, stamp, wait), name="receipt", daemon=True)
        thread.start()
        if not _in_a_server():
            thread.join(wait + 1.0)
            self.log.info("Receipt: %s", folder / FILE)


def receipt_text(receipt: dict[str, Any] | None, stamp: str, before: str) -> str:
    """Return the text of the file beside the notebook.

    Args:
        receipt: the service's answer, None while there is none.
        stamp: the time of this submission as nbgrader names it, in UTC.
        before: the file's text until now: the last submissions' lines are kept.
    """
    history = [line for line in before.partition(_HISTORY)[2].splitlines() if line.startswith("- ")]
    mark = f"<!-- {stamp} -->"
    history = [line for line in history if mark not in line][: _MOST - 1]
    if receipt is None:
        history.insert(0, f"- {_local(stamp)}: 제출했고 확인을 기다립니다. {mark}")
        head = [
            "# 제출 확인",
            "",
            f"**{_local(stamp)}에 제출했습니다.** 채점 서비스의 확인을 기다립니다.",
            "",
            "몇 초 안에 이 파일이 바뀝니다. 바뀌지 않아도 제출물은 그대로 있으며 다시 제출하지 않아도 됩니다.",
        ]
        return "\n".join([*head, "", _HISTORY, "", *history, ""])
    lines = [_plain(line) for line in receipt["lines"]]
    state = "받았습니다" if receipt["ok"] else "받았지만 확인할 것이 있습니다"
    attempt, received = int(receipt["attempt"]), _plain(receipt["received"])
    history.insert(0, f"- {received}: {attempt}번째 제출, {state}. {mark}")
    notebook = f"- 노트북: {_plain(receipt['notebook'])}" if receipt["notebook"] else ""
    head = [
        f"# 제출 확인: {_plain(receipt['title'])}",
        "",
        f"**{received}에 {attempt}번째 제출을 {state}.**",
        "",
        *filter(None, [notebook, *(f"- {line}" for line in lines)]),
        "",
        f"{_plain(receipt['wait'])} [채점 상태와 결과 보기]({_path(receipt['page'])})".strip(),
        "",
        f"[내 제출물 모두 보기]({_path(receipt['home'])})",
    ]
    return "\n".join([*head, "", _HISTORY, "", *history, ""])


def _follow(folder: Path, awaited: Path, stamp: str, seconds: float) -> None:
    """Wait for the answer and write it down; whatever goes wrong here, the work is handed in."""
    end = time.monotonic() + seconds
    with contextlib.suppress(Exception):
        while time.monotonic() < end:
            found = _answer(awaited)
            if found is not None:
                before = _read(folder / FILE)
                if f"<!-- {stamp} -->" in before and before.index(stamp) == _newest(before):
                    _write(folder, receipt_text(found, stamp, before))
                return
            time.sleep(_PAUSE_SECONDS)


def _newest(text: str) -> int:
    """Return where the newest submission's mark stands: a later Submit's file is not written over."""
    found = re.search(r"<!-- ([^>]*) -->", text)
    return found.start(1) if found else -1


def _answer(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(_read(path))
    except ValueError:
        return None
    asked = {"title", "attempt", "received", "notebook", "ok", "lines", "wait", "page", "home"}
    return found if isinstance(found, dict) and asked <= found.keys() else None


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""


def _write(folder: Path, text: str) -> None:
    """Put the file in place whole; a link of that name is replaced, not followed."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".receipt-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(folder / FILE)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _plain(text: object) -> str:
    """Return text that stays text in Markdown, on one line."""
    return re.sub(r"([\\*\[\]<])", r"\\\1", " ".join(str(text).split()))


def _path(text: object) -> str:
    """Return an address on this hub; anything else leads to the service's usual place."""
    found = str(text)
    return found if re.fullmatch(r"(/[\w.~@%+-]+)*/?", found) and found.startswith("/") else "/services/autograder/"


def _local(stamp: str) -> str:
    """Return nbgrader's time in the server's own zone, which the hub sets: "2026-11-30 23:59:00 KST"."""
    plain = re.sub(r"(:\d\d)\.\d+", r"\1", stamp)
    try:
        moment = dt.datetime.strptime(plain, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=dt.UTC).astimezone()
    except ValueError:
        return plain
    return f"{moment:%Y-%m-%d %H:%M:%S} {moment.tzname()}"


def _in_a_server() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
