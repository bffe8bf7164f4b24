"""What nbgrader's Validate button meets in a student's server, in place of nbgrader's own answer.

nbgrader's server extension runs the whole notebook inside the event loop of the server: JupyterLab stands still until
the last cell has run. A hub of this course turns that extension off and this one on (``jpserver_extensions``); a page
that shows the button all the same gets its answer at once, and the answer says where the checks are.
"""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

__all__ = ["ANSWER", "ValidateHandler"]

ANSWER = (
    "이 과목에서는 Validate를 쓰지 않습니다. 노트북은 그대로이고, 잘못된 것이 아닙니다.\n"
    '노트북 안의 점검 셀(check("q1") 등)을 실행하면 바로 확인할 수 있고, 제출하면 접수증이 나옵니다.'
)


class ValidateHandler(JupyterHandler):
    """Answers ``POST assignments/validate`` without running anything."""

    @web.authenticated
    def post(self) -> None:
        """Say where the checks are, in the form that nbgrader's dialog shows as it is."""
        self.finish(json.dumps({"success": False, "value": ANSWER}))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course.validate"}]


def _load_jupyter_server_extension(server: Any) -> None:
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(".*$", [(url_path_join(base, "assignments/validate"), ValidateHandler)])
