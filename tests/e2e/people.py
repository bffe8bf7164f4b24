"""What people do at the screen: sign in, open, click, type. Each screenshot is kept in build/e2e/."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.hub.running import Hub

__all__ = ["ID", "KOREAN", "SHOTS", "Instructor", "Person", "Student"]

ID = "01-vanishing-gradients"
SHOTS = Path(__file__).resolve().parents[2] / "build" / "e2e"
_PATIENCE = 180_000
KOREAN = {
    "Run": "실행",
    "Run All Above Selected Cell": "위의 모든 셀 실행",
    # The language pack joins the two with a particle that another version may mend.
    "Restart Kernel and Run All Cells": re.compile("커널 재시작.*모든 셀 실행"),
}
"""JupyterLab's menus as the language pack has them; nbgrader's own are not translated."""


class Person:
    """Somebody with a browser of their own. Scripts that run where none may leave a trace in `pwned`."""

    def __init__(self, browser: Any, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.pwned: list[str] = []
        self.context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="ko-KR")
        self.context.expose_binding("pwned", lambda _source, what: self.pwned.append(str(what)))
        self.context.set_default_timeout(_PATIENCE)
        self.page = self._tab()

    def _tab(self) -> Any:
        page = self.context.new_page()
        page.on("dialog", self._answer)
        return page

    def _answer(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # the browser's own, where something is not saved
            dialog.accept()
        else:
            self.pwned.append(dialog.message)
            dialog.dismiss()

    def sign_in(self) -> None:
        """Log in, start the server as the hub's home page offers it, and wait for JupyterLab."""
        page = self.page
        page.goto(f"{self.hub.url}/hub/login?next=/hub/home")
        page.fill("#username_input", self.name)
        page.fill("#password_input", self.hub.passwords[self.name])
        page.click("#login_submit")
        page.click("#start")
        page.wait_for_url(re.compile(f"/user/{self.name}/lab"), wait_until="commit")
        page.wait_for_selector("#jp-main-dock-panel")

    def open(self, path: str, wait_for: str) -> Any:
        """Open a page of the site in the same tab."""
        self.page.goto(self.hub.url + path)
        self.page.locator(wait_for).first.wait_for()
        return self.page

    def shot(self, title: str, *, whole: bool = False) -> None:
        """Keep what is on the screen."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=str(SHOTS / f"{title}.png"), full_page=whole)

    def close(self) -> None:
        self.context.close()


class Instructor(Person):
    """Works in formgrader and in the service's pages."""

    def press(self, listing: str, row: str, button: str) -> str:
        """Press one of formgrader's buttons in a row of a listing and return what its dialog says when it is done."""
        page = self.open(f"/user/{self.name}/formgrader/{listing}", f"tr:has-text('{row}')")
        page.locator(f"tr:has-text('{row}') td.{button} a").first.click()
        dialog = page.locator(".modal-dialog:visible")
        dialog.locator(".modal-title", has_text=re.compile("Success|Error")).wait_for()
        page.wait_for_timeout(500)
        said = str(dialog.inner_text())
        assert "Success" in said, said[-3000:]
        return said

    def grade_by_hand(self, submission: str, points: dict[str, float], comment: tuple[str, str]) -> None:
        """Give points, by the grade cell's name, and a comment in formgrader's page of one submission."""
        page = self.open(f"/user/{self.name}/formgrader/submissions/{submission}/", ".score")
        page.wait_for_load_state("networkidle")
        for cell, value in points.items():
            box = page.locator(f"input.score[id='{cell}']")
            with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
                box.fill(f"{value:g}")
                box.press("Tab")
        cell, text = comment
        area = page.locator(f"textarea.comment[id='{cell}-comment']")
        with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
            area.fill(text)
            area.press("Tab")


class Student(Person):
    """Works in JupyterLab."""

    def assignments(self) -> Any:
        """Show nbgrader's list of assignments."""
        page = self.page
        page.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
        page.locator(".lm-Menu-item", has_text="Assignment List").click()
        page.get_by_text("Released assignments").wait_for()
        return page

    def open_notebook(self) -> Any:
        page = self.open(f"/user/{self.name}/lab/tree/{ID}/{ID}.ipynb", ".jp-NotebookPanel .jp-Cell")
        page.locator(".jp-CodeCell", has_text="def act_and_grad").first.wait_for()
        page.wait_for_timeout(500)
        return page

    def menu(self, name: str, item: str) -> None:
        """Choose an item of JupyterLab's menus, both by their English names."""
        self.page.locator(".lm-MenuBar-item", has_text=KOREAN[name]).click()
        self.page.locator(".lm-Menu-item", has_text=KOREAN[item]).first.click()

    def write(self, cell: Any, text: str) -> None:
        """Type into a cell in place of what stands there."""
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def run_everything(self) -> None:
        """Run all cells anew and save. A kernel that restarts is idle for a moment: the last cell's number tells."""
        self.menu("Run", "Restart Kernel and Run All Cells")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        last = self.page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")
        for prompt in (r"\[\*\]", r"\[\d+\]"):
            last.filter(has_text=re.compile(prompt)).wait_for()
        self.page.wait_for_timeout(1000)
        self.page.keyboard.press("Control+s")
        self.page.locator(".jp-mod-dirty").wait_for(state="detached")
