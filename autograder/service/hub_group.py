"""Keeps the students' group on JupyterHub in step with the course's roster, in a thread of its own.

A member of ``roster.csv`` is added as soon as the hub knows the account, which is when the student has logged in for
the first time. Whom somebody put into the group by hand stays. Who was removed from the roster is taken out once;
whoever is put back by hand after that stays too. What it did last stands in ``graded/hub-group.json``, for
``course roster`` to tell.

The service's token needs ``groups!group=GROUP`` (read and change that one group) and ``list:users`` (the names of the
hub's users; nothing can be asked of them or done with them). A hub that is down or lacks a scope is asked again.
"""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, InfrastructureError
from autograder.grading.records import json_text, write_atomically
from autograder.intake.roster import Roster
from autograder.integrations.course_roster import GROUP_STATE, course_roster, roster_stamp
from autograder.sinks.log import logger

__all__ = ["HubGroup", "ask_hub"]

_log = logger(__name__)
_LOOK_SECONDS = 8.0
"""Between two looks, so that a student who has just logged in is in the group within 20 s."""
_ANSWER_SECONDS = 10.0
"""For each of the hub's answers; without one the hub is asked again at the next look."""
_PAGE = 200
"""The most users that a hub lists at once, unless it is configured otherwise."""
_LIST_ALL_EVERY = 40
"""Looks between two listings of all users; between them the newest ones are listed until a page brings nothing new."""

Ask = Callable[..., Any]


class HubGroup:
    """The students' group of one course, from `start` until `stop`.

    Args:
        root: the course folder.
        results: where the state is kept.
        group: the group's name.
        ask: sends a request to the hub; `ask_hub`, or a stand-in.
    """

    def __init__(self, root: Path, results: Path, group: str, ask: Ask | None = None) -> None:
        self._root, self._state_file, self._group = root, results / GROUP_STATE, group
        self._ask = ask or ask_hub
        self._roster: Roster | None = None
        self._stamp: tuple[int, int] | None = None
        self._names: set[str] = set()
        self._looks = 0
        self._told = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_forever, name="hub-group", daemon=True)

    def start(self) -> None:
        """Begin, where there is a hub."""
        if os.environ.get("JUPYTERHUB_API_URL") and os.environ.get("JUPYTERHUB_API_TOKEN"):
            self._thread.start()

    def stop(self) -> None:
        """End the thread; a request that is under way is not waited for."""
        self._stopping.set()

    def look(self) -> None:
        """Compare the group with the roster once and put it right; trouble is logged and written into the state."""
        state = self._state()
        try:
            roster = self._read()
            if roster is None:
                return
            state.update(self._put_right(roster, set(state["taken_out"])), trouble="")
        except GraderError as error:
            state["trouble"] = error.message
            self._tell(str(error))
        else:
            self._told = ""
        self._keep(state)

    def _look_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:  # nothing else of the service depends on it, and the next look may succeed
                _log.exception("the group of students was not looked at")
            self._stopping.wait(_LOOK_SECONDS)

    def _read(self) -> Roster | None:
        """Return the roster, read anew when its file has changed."""
        stamp = roster_stamp(self._root)
        if stamp is None or stamp != self._stamp:
            self._roster = course_roster(self._root)
            self._stamp, self._looks = stamp, 0
        return self._roster

    def _put_right(self, roster: Roster, taken_out: set[str]) -> dict[str, Any]:
        where = f"groups/{urllib.parse.quote(self._group, safe='')}"
        inside = set(self._ask("GET", where).get("users", ()))

        if missing := [m.account for m in roster if m.account not in inside]:
            self._list_users()
            if coming := [name for name in missing if name in self._names]:
                try:
                    self._ask("POST", f"{where}/users", {"users": coming})
                except InfrastructureError:
                    self._looks = 0  # one user who is gone makes the hub refuse them all: all are listed anew
                    raise
                _log.info("group %s: added %s", self._group, ", ".join(coming))
                inside.update(coming)

        out = {member.account for member in roster.removed}
        if going := sorted(out & inside - taken_out):
            self._ask("DELETE", f"{where}/users", {"users": going})
            _log.info("group %s: took out %s", self._group, ", ".join(going))

        absent = [name for name in missing if name not in inside]
        folded = {name.casefold(): name for name in self._names}
        return {
            "in_group": len(roster) - len(absent),
            "not_on_the_hub": absent,
            "written_otherwise": {name: folded[name.casefold()] for name in absent if name.casefold() in folded},
            "taken_out": sorted(taken_out & out | set(going)),
        }

    def _list_users(self) -> None:
        """Bring the names of the hub's users up to date, newest first."""
        whole = self._looks % _LIST_ALL_EVERY == 0
        found: set[str] = set()
        offset: int | None = 0
        while offset is not None:
            query = urllib.parse.urlencode({"sort": "-id", "limit": _PAGE, "offset": offset})
            page = self._ask("GET", f"users?{query}")
            names = {str(user["name"]) for user in page["items"]}
            found |= names
            following = page["_pagination"]["next"]
            offset = int(following["offset"]) if following and (whole or names - self._names) else None
        self._names = found if whole else self._names | found
        self._looks += 1

    def _state(self) -> dict[str, Any]:
        empty = {"in_group": 0, "not_on_the_hub": [], "written_otherwise": {}, "taken_out": [], "trouble": ""}
        try:
            found = json.loads(self._state_file.read_text(encoding="utf-8"))
            return empty | {name: found[name] for name in empty if isinstance(found[name], type(empty[name]))}
        except (OSError, ValueError, KeyError, TypeError):
            return empty

    def _keep(self, state: Mapping[str, Any]) -> None:
        text = json_text(state)
        try:
            if not self._state_file.is_file() or self._state_file.read_text(encoding="utf-8") != text:
                write_atomically(self._state_file, text)
        except OSError as error:
            self._tell(f"the state of the group cannot be kept: {error}")

    def _tell(self, what: str) -> None:
        """Log trouble once, until it is another one."""
        if what != self._told:
            _log.warning("group %s: %s", self._group, what)
        self._told = what


def ask_hub(method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    """Send a request to the hub's API and return its answer.

    Raises:
        InfrastructureError: ``hub-scope`` (the service may not do it), ``hub-group`` (no such group, or the hub takes
            no members for it), ``hub-unreachable`` (no answer, or one that is none).
    """
    base, token = os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_API_TOKEN"]
    request = urllib.request.Request(  # noqa: S310 - the hub's own
        f"{base.rstrip('/')}/{path}",
        None if body is None else json.dumps(body).encode(),
        {
            "Authorization": f"token {token}",
            "Accept": "application/jupyterhub-pagination+json",
            "Content-Type": "application/json",
        },
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_SECONDS) as reply:  # noqa: S310
            return json.loads(reply.read() or b"{}")
    except urllib.error.HTTPError as error:
        detail = f"{method} {path.partition('?')[0]}: {error.code} {error.read(500).decode(errors='replace')}"
        if error.code == 403:
            raise InfrastructureError(
                "hub-scope",
                "채점 서비스에 학생 그룹을 고칠 권한이 없습니다. JupyterHub 설정에서 서비스의 역할에 "
                "`groups!group=그룹`과 `list:users`를 더하세요.",
                detail=detail,
            ) from error
        if error.code in (400, 404):
            raise InfrastructureError(
                "hub-group",
                "JupyterHub이 학생 그룹을 고치지 못했습니다. 그룹이 있는지 확인하세요. 곧 다시 시도합니다.",
                detail=detail,
            ) from error
        raise _unreachable(detail) from error
    except (OSError, ValueError) as error:
        raise _unreachable(f"{method} {path.partition('?')[0]}: {type(error).__name__}: {error}") from error


def _unreachable(detail: str) -> InfrastructureError:
    message = "JupyterHub이 대답하지 않아 학생 그룹을 맞추지 못했습니다. 곧 다시 시도합니다."
    return InfrastructureError("hub-unreachable", message, detail=detail)
