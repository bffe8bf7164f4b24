"""What passes the sanitiser, and what never does."""

from __future__ import annotations

import base64
import copy
import json
import re
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.report.sanitize import (
    IMAGE_BYTES,
    clean_text,
    html_to_text,
    image_base64,
    neutral_markdown,
    plain_terminal,
    safe_table,
    sanitize_notebook,
)
from tests.report import records as sample

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "cell_type", "source", "outputs", "output_type", "data", "metadata", "nbgrader", "text"]
            )
            | st.text(max_size=8),
            inner | st.sampled_from(["code", "markdown", "stream", "error", "display_data"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200f", "\x00", "\x08", "\x1b", "\x85", "\ud800", "\uffff"]
)
def test_characters_that_hide_or_reverse_text_become_visible(character: str) -> None:
    escape = f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
    assert clean_text(f"점수{character}100") == f"점수{escape}100"
    clean_text(f"점수{character}100").encode("utf-8")


def test_newlines_tabs_and_korean_pass_as_they_are() -> None:
    assert clean_text("가\r\n나\r다\t라\n") == "가\n나\n다\t라\n"


def test_long_text_is_cut_and_says_so() -> None:
    cut = clean_text("가" * 1000, limit=100)
    assert cut.startswith("가" * 70) and cut.endswith("\n… (이하 생략, 전체 1,000자)") and len(cut) == 100


@pytest.mark.parametrize("value", [None, 3, {"a": 1}, b"bytes"])
def test_what_is_not_text_becomes_nothing(value: object) -> None:
    assert clean_text(value) == "" and plain_terminal(value) == ""


def test_terminal_colours_titles_and_cursor_movements_are_dropped() -> None:
    assert plain_terminal("\x1b[0;31mNameError\x1b[0m \x1b]0;title\x07\x1b[2K끝") == "NameError 끝"


def test_a_png_passes_and_is_encoded_again() -> None:
    raw = sample.png()
    spaced = "\n".join(base64.b64encode(raw).decode()[i : i + 7] for i in range(0, 200, 7))
    assert base64.b64decode(image_base64("image/png", spaced) or "") == raw


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/svg+xml", base64.b64encode(b"<svg/>").decode()),
        ("image/png", base64.b64encode(b"<svg onload=alert(1)>").decode()),
        ("image/png", base64.b64encode(b"\xff\xd8\xff\xe0").decode()),
        ("image/jpeg", base64.b64encode(sample.png()).decode()),
        ("image/png", base64.b64encode(sample.png()).decode() + '" onerror="alert(1)'),
        ("image/png", base64.b64encode(sample.png(100_000, 100_000)).decode()),
        ("image/png", base64.b64encode(sample.png() + b"\0" * IMAGE_BYTES).decode()),
        ("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()),
        ("image/png", None),
        ("image/png", {"data": 1}),
        ("text/html", base64.b64encode(sample.png()).decode()),
    ],
)
def test_what_is_not_the_image_it_claims_to_be_does_not_pass(kind: str, data: object) -> None:
    assert image_base64(kind, data) is None


def test_a_table_keeps_its_cells_and_spans_and_nothing_else() -> None:
    data = '<td colspan="2" rowspan=x id=y>1<a href="javascript:a()">2</a></td>'
    table = (
        f'<table class=x style="position:fixed" onclick="a()"><tr>{data}<td colspan=² rowspan=999></td></tr></table>'
    )
    assert safe_table(table) == '<table><tbody><tr><td colspan="2">12</td><td></td></tr></tbody></table>'


@pytest.mark.parametrize(
    "payload",
    [p for k, p in sample.PAYLOADS.items() if "<" in p],
    ids=[k for k, p in sample.PAYLOADS.items() if "<" in p],
)
def test_no_payload_survives_in_a_table(payload: str) -> None:
    found = str(safe_table(f"<table><tr><td>{payload}</td></tr></table>{payload}"))
    assert not re.search(r"<(?!/?(table|tbody|tr|td)\b)", found)
    assert "__pwned" not in re.sub(r"&[a-z]+;|[^<>]*(?=<|$)", "", found)


def test_the_text_of_an_html_output_holds_no_script() -> None:
    assert html_to_text("<p>1 &lt; 2</p><script>a()</script><title>b</title>") == "1 < 2"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a<b$ 그리고 a < b, x<1", "$a< b$ 그리고 a < b, x<1"),
        ("<script>", "< script>"),
        ("</div><!--<?", "< /div>< !--< ?"),
        ("[x](javascript:a())", "[x] (javascript:a())"),
        ("[x]: javascript:a()", "[x] : javascript:a()"),
        ("![x](http://a/b)", "![x] (http://a/b)"),
        ("$\\href{javascript:a()}{x}$", "`＄＼href{javascript:a()}{x}＄`"),
        ("$\\frac{1}{4} \\left( \\sigma \\right)$", "$\\frac{1}{4} \\left( \\sigma \\right)$"),
    ],
)
def test_markdown_loses_what_acts_and_keeps_what_reads(source: str, expected: str) -> None:
    assert neutral_markdown(source) == expected


@given(st.text(alphabet=st.sampled_from("<>/!?[]():\\a \n\x00\u202e&#x;"), max_size=40))
@settings(max_examples=300)
def test_no_text_makes_markdown_that_opens_a_tag_or_a_link(text: str) -> None:
    found = neutral_markdown(text)
    assert not re.search(r"<[A-Za-z/!?]|\][(:]", found)


def test_nothing_active_is_left_in_a_sanitised_notebook() -> None:
    clean = sanitize_notebook(sample.hostile_notebook())
    kinds = {kind for cell in clean["cells"] for output in cell.get("outputs", ()) for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "image/png", "image/jpeg"}
    for cell in clean["cells"]:
        assert set(cell) <= {"cell_type", "id", "metadata", "source", "outputs", "execution_count"}
        assert set(cell["metadata"]) <= {"nbgrader"}
        assert cell.get("execution_count") is None or isinstance(cell["execution_count"], int)
        assert all(output.get("metadata", {}) == {} for output in cell.get("outputs", ()))
    assert set(clean["metadata"]) == {"kernelspec", "language_info"}
    nbformat.validate(nbformat.from_dict(clean))


def test_a_students_work_is_left_in_a_sanitised_notebook() -> None:
    clean = sanitize_notebook(sample.notebook())
    text = json.dumps(clean, ensure_ascii=False)
    assert "def act_and_grad(name, z):" in text
    assert "준비 완료" in text
    assert "name 'norms' is not defined" in text
    assert sample.plot_png() in text
    assert clean["cells"][1]["metadata"]["nbgrader"]["grade_id"] == "q1"


def test_sanitising_leaves_the_record_as_it_was_and_is_idempotent() -> None:
    notebook = sample.hostile_notebook()
    before = copy.deepcopy(notebook)
    once = sanitize_notebook(notebook)
    assert notebook == before
    assert sanitize_notebook(once) == once


@pytest.mark.parametrize(
    "own",
    [{"grade_id": "q1"}, {"grade": 1, "locked": 0, "solution": 1, "grade_id": "q1"}, {"grade": True}, "text", ["q1"]],
)
def test_nbgrader_metadata_that_its_schema_would_refuse_is_dropped(own: Any) -> None:
    cell = {"cell_type": "code", "source": "", "outputs": [], "metadata": {"nbgrader": own}}
    assert sanitize_notebook({"cells": [cell]})["cells"][0]["metadata"] == {}


def test_a_notebook_with_too_much_output_keeps_its_sources() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "가" * 19_000}
    cells = [{"cell_type": "code", "source": f"x = {i}", "outputs": [output] * 50, "metadata": {}} for i in range(40)]
    clean = sanitize_notebook({"cells": cells})
    assert len(json.dumps(clean, ensure_ascii=False)) < 20 * 2**20
    assert [c["source"] for c in clean["cells"]] == [f"x = {i}" for i in range(40)]
    assert "생략" in clean["cells"][-1]["outputs"][0]["text"]


@given(JSON)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_json_becomes_a_valid_notebook(value: Any) -> None:
    notebook = value if isinstance(value, dict) else {"cells": value}
    clean = sanitize_notebook(notebook)
    json.dumps(clean, ensure_ascii=False).encode("utf-8")
    nbformat.validate(nbformat.from_dict(clean))
