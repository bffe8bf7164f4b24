"""A stand-in for JupyterHub's API: who a token belongs to, groups, and the three requests of a sign-in."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

GROUPS = {"formgrade-whydl": ["teacher"], "nbgrader-whydl": ["kim", "lee", "park"]}
PEOPLE = ("kim", "lee", "park", "teacher", "stranger")
SCOPE = "access:services!service=autograder"


def token_of(name: str) -> str:
    return f"token-of-{name}"


class StandIn:
    """Serves on a port of its own until closed; `who` signs in when a browser is sent to it."""

    def __init__(self) -> None:
        self.who = "kim"
        self.without_access: set[str] = set()
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlparse(self.path)
                if url.path.endswith("/oauth2/authorize"):
                    asked = {k: v[0] for k, v in parse_qs(url.query).items()}
                    self.send_response(302)
                    self.send_header("Location", f"{asked['redirect_uri']}?code={outer.who}&state={asked['state']}")
                    self.end_headers()
                elif url.path.endswith("/api/user"):
                    name = (self.headers.get("Authorization") or "").removeprefix("token ").removeprefix("token-of-")
                    self._say(outer.model(name) if name in PEOPLE else None)
                elif "/api/groups/" in url.path:
                    group = url.path.rsplit("/", 1)[1]
                    self._say({"name": group, "users": GROUPS[group]} if group in GROUPS else None)
                else:
                    self._say(None)

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._say({"access_token": token_of(form["code"][0]), "token_type": "Bearer"})

            def _say(self, value: Any) -> None:
                body = json.dumps(value or {"message": "no"}).encode()
                self.send_response(200 if value is not None else 403)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def model(self, name: str) -> dict[str, Any]:
        return {
            "kind": "user",
            "name": name,
            "admin": False,
            "groups": [group for group, members in GROUPS.items() if name in members],
            "scopes": [] if name in self.without_access else [SCOPE],
        }

    def environment(self, service_port: int) -> dict[str, str]:
        hub = f"http://127.0.0.1:{self.port}/hub/api"
        return {
            "JUPYTERHUB_API_URL": hub,
            "JUPYTERHUB_API_TOKEN": "token-of-the-service",
            "JUPYTERHUB_HOST": f"http://127.0.0.1:{self.port}",
            "JUPYTERHUB_BASE_URL": "/",
            "JUPYTERHUB_CLIENT_ID": "service-autograder",
            "JUPYTERHUB_SERVICE_NAME": "autograder",
            "JUPYTERHUB_SERVICE_PREFIX": "/services/autograder/",
            "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{service_port}",
            "JUPYTERHUB_OAUTH_CALLBACK_URL": f"http://127.0.0.1:{service_port}/services/autograder/oauth_callback",
            "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([SCOPE]),
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
