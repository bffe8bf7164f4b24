"""Who may see and do what: every route, as everybody, and what a student must never find in an answer."""

import re
from dataclasses import replace

import pytest

from autograder.service.desk import Desk
from tests.report import records as sample
from tests.service.conftest import REAL, hand_in, result
from tests.service.web import PREFIX, Web

NOBODY, STUDENT, OTHER, STAFF, STRANGER = None, "kim", "lee", "teacher", "stranger"
LOGIN, GONE, FORBIDDEN, UNKNOWN = 302, 404, 403, 401

# Route, method, and what becomes of nobody, the row's student, another student, staff, and somebody of another course.
PAGES = [
    ("", "GET", LOGIN, 200, 200, 200, FORBIDDEN),
    ("me", "GET", LOGIN, 200, 200, GONE, FORBIDDEN),
    ("submissions/{ref}", "GET", LOGIN, 200, GONE, 200, FORBIDDEN),
    ("submissions/{ref}/feedback", "GET", LOGIN, 200, GONE, 200, FORBIDDEN),
    ("submissions/ffffffffffffffffffffffff", "GET", LOGIN, GONE, GONE, GONE, FORBIDDEN),
    ("class/{id}", "GET", LOGIN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("class/{id}/report", "GET", LOGIN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("class/{id}/regrade?scope=all", "GET", LOGIN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("class/{id}/regrade?scope=all", "POST", UNKNOWN, FORBIDDEN, FORBIDDEN, 303, FORBIDDEN),
    ("class/{id}/try-suite", "POST", UNKNOWN, FORBIDDEN, FORBIDDEN, 303, FORBIDDEN),
    ("board/no-such", "GET", LOGIN, GONE, GONE, GONE, FORBIDDEN),
    ("class/no-such", "GET", LOGIN, FORBIDDEN, FORBIDDEN, GONE, FORBIDDEN),
    ("no/such/route", "GET", LOGIN, GONE, GONE, GONE, FORBIDDEN),
    ("submissions/{ref}", "POST", UNKNOWN, 405, 405, 405, FORBIDDEN),
    ("", "DELETE", UNKNOWN, 405, 405, 405, FORBIDDEN),
]
DATA = [
    ("api/me", "GET", UNKNOWN, 200, 200, GONE, FORBIDDEN),
    ("api/submissions/{ref}", "GET", UNKNOWN, 200, GONE, 200, FORBIDDEN),
    ("api/submissions/{ref}/record", "GET", UNKNOWN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("api/course", "GET", UNKNOWN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("api/board/no-such", "GET", UNKNOWN, GONE, GONE, GONE, FORBIDDEN),
    ("api/class/{id}", "GET", UNKNOWN, FORBIDDEN, FORBIDDEN, 200, FORBIDDEN),
    ("api/class/{id}/regrade?scope=all", "POST", UNKNOWN, FORBIDDEN, FORBIDDEN, 202, FORBIDDEN),
    ("api/class/{id}/regrade", "GET", UNKNOWN, FORBIDDEN, FORBIDDEN, 405, FORBIDDEN),
    ("api/no-such", "GET", UNKNOWN, GONE, GONE, GONE, FORBIDDEN),
]


@pytest.mark.parametrize(("path", "method", *"nksto"), PAGES + DATA)
def test_every_route_answers_each_person_as_it_should(
    desk: Desk, web: Web, path: str, method: str, n: int, k: int, s: int, t: int, o: int
) -> None:
    ref = hand_in(desk, "kim", result("kim"))
    where = path.format(ref=ref, id=REAL)
    found = {who: web.get(where, who, method=method) for who in (NOBODY, OTHER, STRANGER, STUDENT, STAFF)}
    assert {who: reply.status for who, reply in found.items()} == {
        NOBODY: n, STUDENT: k, OTHER: s, STAFF: t, STRANGER: o
    }  # fmt: skip
    for reply in found.values():
        if reply.status >= 400:
            assert re.search("[가-힣]", reply.text)
            assert "Traceback" not in reply.text


def test_the_table_above_names_every_route(desk: Desk, web: Web) -> None:
    from autograder.service.app import make_app

    named = {path.split("?")[0].format(ref="0" * 24, id="x") for path, *_ in PAGES + DATA}
    for rule in make_app(desk.settings, desk, PREFIX).wildcard_router.rules:
        pattern = rule.matcher.regex
        if "oauth_callback" in pattern.pattern or "static" in pattern.pattern:
            continue  # JupyterHub's own, and what is nobody's
        assert any(pattern.fullmatch(PREFIX + path) for path in named), pattern.pattern


def test_a_row_of_somebody_else_and_no_row_look_the_same(desk: Desk, web: Web) -> None:
    ref = hand_in(desk, "kim", result("kim"))
    other, none = (web.get(f"api/submissions/{r}", "lee") for r in (ref, "f" * 24))
    assert (other.status, other.text) == (none.status, none.text)


def test_one_is_not_shown_what_is_another_students(desk: Desk, web: Web) -> None:
    hand_in(desk, "kim", result("kim"))
    hand_in(desk, "park")
    hand_in(desk, "lee")
    for path in ("", "me", "api/me"):
        text = web.get(path, "lee").text
        assert "kim" not in text
        assert "park" not in text
    waiting = [s for a in web.get("api/me", "lee").json()["assignments"] for s in a["submissions"]]
    assert [s["place"] for s in waiting] == [2]


def test_students_never_get_hidden_details(desk: Desk, web: Web) -> None:
    record = sample.partial()
    hidden = tuple(replace(t, detail=sample.SECRET_DETAIL, name=sample.SECRET_NAME) for t in record.tests)
    ref = hand_in(desk, "kim", replace(record, tests=hidden))
    for path in ("", "api/me", f"submissions/{ref}", f"api/submissions/{ref}", f"submissions/{ref}/feedback"):
        text = web.get(path, "kim").text
        assert sample.SECRET_NAME not in text
        assert "0.7310585786" not in text
        assert "hidden x" not in text
    assert "0.7310585786" in web.get(f"submissions/{ref}", "teacher").text
    assert "0.7310585786" in web.get(f"api/submissions/{ref}/record", "teacher").text


def test_a_folder_that_names_somebody_else_is_shown_to_staff_only(desk: Desk, web: Web) -> None:
    desk.receipts.add_refused(
        "kim+x+y", "", REAL, "owner-mismatch", "제출 폴더의 소유자와 적힌 이름이 다릅니다.", "uid 7"
    )
    assert "owner-mismatch" in web.get(f"class/{REAL}", "teacher").text
    assert "owner-mismatch" not in web.get("", "kim").text


def test_a_member_without_the_services_scope_is_refused(web: Web) -> None:
    web.hub.without_access = {"kim"}
    assert web.get("", "kim").status == 403
    assert web.get("api/me", "kim").status in (401, 403)


def test_a_regrade_form_needs_the_token_of_its_page(desk: Desk, web: Web) -> None:
    """A browser's cookie alone, as another site's page would send it, changes nothing."""
    import http.cookiejar
    import urllib.error
    import urllib.parse
    import urllib.request

    ref = hand_in(desk, "kim", result("kim"))
    web.hub.who = "teacher"
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.addheaders = [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Site", "same-origin")]
    ask = web.address + f"class/{REAL}/regrade?scope=all"
    text = browser.open(ask).read().decode()
    assert "다시 채점할까요" in text

    def send(form: dict[str, str]) -> int:
        try:
            return browser.open(ask, urllib.parse.urlencode(form).encode()).status
        except urllib.error.HTTPError as error:
            return error.code

    for forged in ({}, {"_xsrf": "x"}):
        assert send({"scope": "all", **forged}) == 403
        assert desk.receipts.get(ref).state == "done"  # type: ignore[union-attr]
    token = re.search(r'name="_xsrf" value="([^"]+)"', text)[1]  # type: ignore[index]
    assert send({"scope": "all", "_xsrf": token}) == 200
    assert desk.receipts.get(ref).state == "waiting"  # type: ignore[union-attr]


def test_another_page_of_the_hub_cannot_read_with_the_viewers_cookie(desk: Desk, web: Web) -> None:
    """Students' servers share the hub's address: a script there is asked for a token that only our pages hold."""
    import http.cookiejar
    import urllib.error
    import urllib.request

    web.hub.who = "teacher"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    browser.addheaders = [("Sec-Fetch-Mode", "navigate")]
    page = browser.open(web.address).read().decode()
    token = re.search(r'data-xsrf="([^"]+)"', page)[1]  # type: ignore[index]
    browser.addheaders = [("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Site", "same-origin")]
    with pytest.raises(urllib.error.HTTPError) as refused:
        browser.open(web.address + "api/course")
    assert refused.value.code in (401, 403)
    browser.addheaders.append(("X-XSRFToken", token))
    assert browser.open(web.address + "api/course").status == 200


def test_every_page_forbids_scripts_that_are_not_its_own(desk: Desk, web: Web) -> None:
    ref = hand_in(desk, "kim", result("kim"))
    for path in ("", f"class/{REAL}", f"submissions/{ref}", "no/such"):
        reply = web.get(path, "teacher")
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        nonce = re.search("script-src 'nonce-([^']+)'", policy)[1]  # type: ignore[index]
        for tag in re.findall("<(?:script|link rel=.stylesheet)[^>]*>", reply.text):
            assert f'nonce="{nonce}"' in tag
        assert not re.search(r"\son\w+=|style=|<style|javascript:", reply.text)
        assert reply.headers["x-content-type-options"] == "nosniff"
    feedback = web.get(f"submissions/{ref}/feedback", "kim").headers["content-security-policy"]
    assert feedback.startswith("sandbox;")
    assert "script-src" not in feedback


def test_hostile_names_and_messages_are_text(desk: Desk, web: Web) -> None:
    evil = "<img src=x onerror=alert(1)>"
    record = result("kim")
    tests = tuple(replace(t, title=evil, message=evil) for t in record.tests)
    ref = hand_in(desk, "kim", replace(record, tests=tests))
    desk.receipts.add_refused(f"a+b+{evil}", "", REAL, "folder-name", "이름", evil)
    for path in ("", f"class/{REAL}", f"submissions/{ref}"):
        assert "<img" not in web.get(path, "teacher").text
