"""The service's web application on a real port, in a thread, and a small client for it."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import socket
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from jupyterhub.services.auth import HubOAuth
from tornado.httpserver import HTTPServer

from autograder.service.app import make_app
from autograder.service.desk import Desk
from tests.service.standin import StandIn, token_of

PREFIX = "/services/autograder/"


@dataclass
class Reply:
    status: int
    text: str
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.text)


class Web:
    """Serves a desk's pages; `get` and `post` speak as a person with a token of JupyterHub's, or as nobody."""

    def __init__(self, desk: Desk) -> None:
        self.hub = StandIn()
        self.desk = desk
        self.port = free_port()
        self._patch = pytest.MonkeyPatch()
        for name, value in self.hub.environment(self.port).items():
            self._patch.setenv(name, value)
        HubOAuth.clear_instance()
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(30)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def get(self, path: str = "", who: str | None = None, method: str = "GET", **headers: str) -> Reply:
        return self._ask(method, path, who, None, headers)

    def post(self, path: str, who: str | None = None, form: dict[str, str] | None = None, **headers: str) -> Reply:
        body = urlencode(form or {})
        return self._ask("POST", path, who, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self.hub.close()
        HubOAuth.clear_instance()
        self._patch.undo()

    def _ask(self, method: str, path: str, who: str | None, body: str | None, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            if who is not None:
                headers = {**headers, "Authorization": f"token {token_of(who)}"}
            connection.request(method, path if path.startswith("/") else PREFIX + path, body, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.getheaders()})
        finally:
            connection.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = HTTPServer(make_app(self.desk.settings, self.desk, PREFIX))
        server.listen(self.port, "127.0.0.1")
        ready.set()
        await self._stop.wait()
        server.stop()
        await server.close_all_connections()


def free_port() -> int:
    """Return a port that is free now, from the range $AUTOGRADER_TEST_PORTS (FIRST-LAST) if that is set."""
    first, _, last = os.environ.get("AUTOGRADER_TEST_PORTS", "0-0").partition("-")
    for port in range(int(first), int(last) + 1):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise AssertionError("no free port")
