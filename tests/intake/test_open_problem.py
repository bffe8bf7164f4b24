"""What a notebook says for the class board: read from its text, for certain or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.intake import read_notebook
from autograder.intake.open_problem import Stated, Trouble, read_open_problem

ID = "05-transfer-learning"
CALL = 'open_problem("05", number=0.81, spent=2900, share=True)'
SHARED = Stated(True, 0.81, 2900.0)


def notebook(*sources: str, kind: str = "code") -> dict[str, Any]:
    return {"cells": [{"cell_type": kind, "source": source} for source in sources]}


def read(*sources: str) -> Stated | None:
    return read_open_problem(notebook(*sources), ID)


READ = {
    "as it is released": ('open_problem("05", number=None, spent=None, share=False)', Stated()),
    "taking part": (CALL, SHARED),
    "taking part, of the module": (f"import course\ncourse.{CALL}", SHARED),
    "kept in a name": (f"x = {CALL}", SHARED),
    "over several lines": (CALL.replace(", ", ",\n    "), SHARED),
    "the whole id": (CALL.replace('"05"', f'"{ID}"'), SHARED),
    "beside magics": (f"%matplotlib inline\n!ls\n{CALL}\ncheck?", SHARED),
    "timed": (f"%%time\n{CALL}", SHARED),
    "digits in groups": (CALL.replace("2900", "2_900"), SHARED),
    "minus nothing": (CALL.replace("0.81", "-0.0"), Stated(True, 0.0, 2900.0)),
    "a negative number": (CALL.replace("0.81", "-1.5"), Stated(True, -1.5, 2900.0)),
    "a number as large as can be": (CALL.replace("0.81", "1e308"), Stated(True, 1e308, 2900.0)),
    "not sharing a name": ('open_problem("05", number=best, spent=n(), share=False)', Stated()),
    "without share": ('open_problem("05", number=0.81, spent=2900)', Stated()),
    "without anything": ('open_problem("05")', Stated()),
    "not sharing inside a function": ('def f():\n    open_problem("05", share=False)', Stated()),
}


@pytest.mark.parametrize("name", READ)
def test_a_call_is_read(name: str) -> None:
    source, stated = READ[name]
    assert read(source) == stated


REFUSED = {
    "nan": (CALL.replace("0.81", 'float("nan")'), Trouble.NOT_WRITTEN_OUT),
    "a name": (CALL.replace("0.81", "accuracy"), Trouble.NOT_WRITTEN_OUT),
    "a formula": (CALL.replace("0.81", "81 / 100"), Trouble.NOT_WRITTEN_OUT),
    "text": (CALL.replace("0.81", '"0.81"'), Trouble.NOT_WRITTEN_OUT),
    "a truth for a number": (CALL.replace("0.81", "True"), Trouble.NOT_WRITTEN_OUT),
    "a complex number": (CALL.replace("0.81", "1j"), Trouble.NOT_WRITTEN_OUT),
    "what it spends is a name": (CALL.replace("2900", "count"), Trouble.NOT_WRITTEN_OUT),
    "a wish that is a number": (CALL.replace("True", "1"), Trouble.NOT_WRITTEN_OUT),
    "a wish that is a name": (CALL.replace("True", "yes"), Trouble.NOT_WRITTEN_OUT),
    "a number beyond floats": (CALL.replace("0.81", "1e309"), Trouble.NOT_FINITE),
    "a whole number beyond floats": (CALL.replace("0.81", "9" * 400), Trouble.NOT_FINITE),
    "minus a number beyond floats": (CALL.replace("0.81", "-1e309"), Trouble.NOT_FINITE),
    "more digits than Python reads": (CALL.replace("0.81", "9" * 5000), Trouble.SYNTAX),
    "no number": (CALL.replace("number=0.81, ", ""), Trouble.NO_NUMBER),
    "None for a number": (CALL.replace("0.81", "None"), Trouble.NO_NUMBER),
    "nothing spent": (CALL.replace("spent=2900, ", ""), Trouble.NO_SPENT),
    "positions": ('open_problem("05", 0.81, 2900, True)', Trouble.ARGUMENTS),
    "some positions": ('open_problem("05", 0.81, spent=2900, share=True)', Trouble.ARGUMENTS),
    "a keyword of nobody's": (CALL.replace("number", "score"), Trouble.ARGUMENTS),
    "a keyword twice": (CALL.replace("spent=2900", "number=0.9"), Trouble.ARGUMENTS),
    "unpacked keywords": ('open_problem("05", **mine)', Trouble.ARGUMENTS),
    "unpacked positions": ('open_problem("05", *mine)', Trouble.ARGUMENTS),
    "in a branch": (f"if True:\n    {CALL}", Trouble.NESTED),
    "in a function": (f"def f():\n    return {CALL}", Trouble.NESTED),
    "in another call": (f"print({CALL})", Trouble.NESTED),
    "a syntax error in the cell": (f"{CALL}\nx = = 1", Trouble.SYNTAX),
    "a syntax error in the call": (CALL.replace(", spent", " spent"), Trouble.SYNTAX),
    "ten thousand calls": ("\n".join([CALL] * 10_000), Trouble.TOO_LONG),
    "another assignment": (CALL.replace('"05"', '"06"'), Trouble.OTHER_ASSIGNMENT),
    "a part of the number": (CALL.replace('"05"', '"0"'), Trouble.OTHER_ASSIGNMENT),
    "no assignment": (CALL.replace('"05", ', ""), Trouble.OTHER_ASSIGNMENT),
    "an assignment that is a number": (CALL.replace('"05"', "5"), Trouble.OTHER_ASSIGNMENT),
    "an empty assignment": (CALL.replace('"05"', '""'), Trouble.OTHER_ASSIGNMENT),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_for_certain_shares_nothing_and_says_why(name: str) -> None:
    source, trouble = REFUSED[name]
    assert read(source) == Stated(trouble=trouble)


@pytest.mark.parametrize(
    "source",
    [f"# {CALL}", f"note = '''{CALL}'''", f"%%bash\n{CALL}", "open_problem", f"x = = 1  # {CALL}", "", "print(1)"],
    ids=["comment", "text", "another-language", "name", "comment-beside-an-error", "empty", "nothing"],
)
def test_what_only_looks_like_a_call_is_none(source: str) -> None:
    assert read(source) is None


def test_only_code_cells_are_read() -> None:
    assert read_open_problem(notebook(CALL, kind="markdown"), ID) is None
    assert read_open_problem(notebook(CALL, kind="raw"), ID) is None


def test_calls_that_say_the_same_are_one_and_calls_that_differ_are_none() -> None:
    other = CALL.replace("0.81", "0.82")
    quiet = CALL.replace("True", "False")

    assert read(*[CALL] * 3) == SHARED
    assert read("\n".join([CALL] * 1000)) == SHARED
    assert read(CALL, other) == Stated(trouble=Trouble.SEVERAL)
    assert read(CALL, quiet) == read(quiet, CALL) == Stated(trouble=Trouble.SEVERAL)
    assert read(quiet, quiet) == Stated()
    assert read(CALL, CALL.replace('"05"', '"06"')) == SHARED, "another assignment's is none of it"
    assert read(CALL, f"{other}\nx = = 1") == Stated(trouble=Trouble.SYNTAX)


def test_a_value_survives_a_round_trip() -> None:
    for stated in (SHARED, Stated(), Stated(trouble=Trouble.NESTED)):
        assert Stated.from_dict(stated.to_dict()) == stated


@given(st.text(alphabet="open_problem(\"05'number=spent,share=True1.e-9*[]{}\\\n %!#", max_size=120))
def test_no_text_upsets_the_reading(text: str) -> None:
    stated = read(text, CALL + text, text + CALL)
    assert stated is None or stated.share == (not stated.trouble and stated.number is not None)


def test_a_submission_is_read_as_intake_keeps_it() -> None:
    raw = (
        '{"cells": [{"cell_type": "code", "source": ["open_problem(\\"05\\", number=1,\\n", "spent=2, share=True)"]}], '
    )
    found, _ = read_notebook((raw + '"metadata": {}, "nbformat": 4, "nbformat_minor": 5}').encode())
    assert found is not None
    assert read_open_problem(found, ID) == Stated(True, 1.0, 2.0)
