"""What the one sanitiser shows, in text, in one line, in JSON, and on a rich console."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.table import Table

from autograder.plain import MARKS_PER_BASE, escaped, one_line, short_lines, shown, shown_prose, visible
from autograder.sinks.console import PlainConsole, tell, tell_lines

STEERING = {
    "colour": "\x1b[31m",
    "title": "\x1b]0;title\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "link": "\x1b]8;;http://evil\x1b\\",
    "one-byte csi": "\x9b2K",
    "one-byte osc": "\x9d0;t\x9c",
    "backspace": "\b\b\b",
    "return": "\rnothing",
    "form feed": "\f",
    "vertical tab": "\v",
    "next line": "\x85",
    "delete": "\x7f",
    "shift out": "\x0e",
    "override": "\u202e",
    "embedding": "\u202a",
    "isolate": "\u2067",
    "pop": "\u2069",
    "mark": "\u200f",
    "arabic mark": "\u061c",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "zero width": "\u200b",
    "joiner alone": "a\u200db",
    "no break": "\ufeff",
    "soft hyphen": "\u00ad",
    "grapheme joiner": "\u034f",
    "hangul filler": "\u3164",
    "half-width filler": "\uffa0",
    "blank of braille": "\u2800",
    "tags": "\U000e0041\U000e0042",
    "selector": "x\ufe0f",
    "ideographic selector": "漢\U000e0100",
    "shorthand": "\U0001bca0",
    "beam": "\U0001d173",
    "surrogate": "\ud800",
    "byte of a file name": "\udc9b",
    "annotation": "\ufff9",
    "number sign": "\u0600",
    "private": "\ue000",
    "no character": "\ufffe",
}


def steers(text: str) -> list[str]:
    """The characters that may do something, by a rule of its own: nothing of no ink but what emoji are joined with."""
    return [
        c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and c not in "\n\t\u200d"
    ]


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_what_steers_is_an_escape_that_can_be_read(text: str) -> None:
    found = visible(f"점수 {text} 100")

    assert steers(found) == []
    assert found.encode("utf-8")
    assert "\\x" in found or "\\u" in found or "\\U" in found or "\n" in found
    assert visible(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "김민수의 `forward`가 틀렸습니다.\n\t다음 줄",
        unicodedata.normalize("NFD", "한국어 이름 각힣"),
        "👩🏽‍💻 👨‍👩‍👧‍👦 ❤️ 🏳️‍🌈 1️⃣ 🇰🇷 ☺︎",
        "\U0001fae9",
        "Nguyễn " + unicodedata.normalize("NFD", "Nguyễn Thế"),
        "שָׁלוֹם ไม้ไผ่ हिन्दी 漢字 ㄱㄴ ０１ ‘인용’ … — ×",
    ],
)
def test_prose_of_people_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_escapes_name_the_character() -> None:
    assert visible("\x1b\x9b\u202e\U000e0041\udcff\r\n\r") == "\\x1b\\x9b\\u202e\\U000e0041\\udcff\n\n"
    assert one_line("a\r\nb\tc") == "a\\r\\nb\\tc"


def test_a_stack_of_marks_is_cut_and_none_stands_on_what_is_printed_before_it() -> None:
    """Hangul's vowels and finals are drawn onto what stands before them, too."""
    assert visible("a" + "\u0301" * 50).count("\u0301") == MARKS_PER_BASE
    assert visible("\u0301a").startswith("\\u0301")
    assert visible("a\n\u0301").endswith("\\u0301")
    assert visible("가" + "\u1161" * 50).count("\u1161") == MARKS_PER_BASE


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_no_text_keeps_anything_that_steers(text: str) -> None:
    found = visible(text)

    assert steers(found) == []
    assert visible(found) == found
    found.encode("utf-8")
    assert "\n" not in one_line(text) and "\t" not in one_line(text)
    assert len(one_line(text, 10)) <= 10
    assert all("\n" not in line for line in short_lines(text))


@settings(deadline=None)
@given(st.recursive(st.text(max_size=20), lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3)))
def test_json_is_the_same_value_and_steers_nothing(value: object) -> None:
    found = escaped(json.dumps(value, ensure_ascii=False, indent=1))

    assert json.loads(found) == value
    assert steers(found) == []
    found.encode("utf-8")


def test_a_long_line_is_cut() -> None:
    assert short_lines("x" * 10**6 + "\ny")[1] == "y"
    assert len(short_lines("x" * 10**6)[0]) == 1000
    assert one_line("x" * 10**6, 60) == "x" * 59 + "…"


# On a console


def printed(*objects: object, width: int = 200, **options: object) -> str:
    stream = io.StringIO()
    PlainConsole(file=stream, force_terminal=True, color_system="truecolor", width=width).print(*objects, **options)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_a_console_lets_nothing_through_that_nobody_cleaned(text: str) -> None:
    """Not even in a table's cell or title, which rich makes text of by itself."""
    table = Table(text, title=text)
    table.add_row(f"x{text}")

    assert steers(printed(f"x{text}", style=None)) == []
    assert steers(printed(table).replace("\x1b[3m", "").replace("\x1b[1m", "").replace("\x1b[0m", "")) == []


def test_a_string_that_nobody_cleaned_is_shown_as_what_it_is() -> None:
    assert "x\\x1b[2K\\u202e" in printed("x\x1b[2K\u202e", style=None)


def test_what_other_code_draws_is_cleaned_too() -> None:
    class Drawn:
        def __rich_console__(self, *_: object) -> Iterator[Segment]:
            yield Segment("x\x1b[2K\u202e")

    assert printed(Drawn()).rstrip("\n") == "x\ufffd[2K\ufffd"


def test_a_tag_that_one_value_opens_is_not_closed_by_the_next() -> None:
    for opened in ("[bold", "[link=http://evil", "[", "[red"):
        assert printed(f"{shown(opened)}: {shown(']x')}").replace("\\[", "[") == f"{opened}: ]x\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "[red]x[/red]",
        "[link=http://evil]x[/link]",
        "[/]",
        "[bold",
        "x\\",
        "x\\\\",
        "x\\\\\\",
        "[",
        "\\[red]",
        "[@click=a]",
    ],
)
def test_markup_in_a_value_is_text_whatever_stands_beside_it(hostile: str) -> None:
    found = printed(f"[bold]{shown(hostile)}[/bold]{shown(']x')} {shown('link=http://evil]y')}")

    assert hostile.rstrip("\\") in found.replace("\\[", "[") or hostile == "\\[red]"
    assert "\x1b]8" not in found
    assert found.count("\x1b[1m") == 1 and "\x1b[31m" not in found
    assert "/bold" not in found, "our own tag was taken for text"


def test_a_link_that_got_into_markup_is_no_link() -> None:
    assert "\x1b]8" not in printed("[link=http://evil]click[/link]")


def test_no_line_of_a_message_begins_where_ours_do() -> None:
    """Neither behind a line's end nor where a terminal wraps it."""
    stream = io.StringIO()
    console = PlainConsole(file=stream, width=40)
    tell(console, f"lee: {shown_prose('틀림' + chr(10) + 'kim: 100')} {shown('x' * 300)}", 2)
    tell_lines(console, "a\nkim: 100\n" + "y" * 300, 4, 30)

    first, *lines = stream.getvalue().rstrip("\n").split("\n")
    assert first == "  lee: 틀림"
    assert all(line.startswith("    ") for line in lines)
    assert sum("kim: 100" in line for line in lines) == 2
