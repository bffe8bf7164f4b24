"""All outputs of a notebook together are kept within one size."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.judge import notebook, output_room
from autograder.judge.output_room import OutputRoom


def display(size: int, text: str = "") -> dict[str, Any]:
    data = {"image/png": "a" * size, **({"text/plain": text} if text else {})}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_what_fits_is_kept_and_what_does_not_is_shown_as_text_or_left_out() -> None:
    room = OutputRoom(1000)
    assert room.take([display(100)]) == ([display(100)], False)
    kept, cut = room.take([display(900, "<Figure>"), display(900), display(10)])
    assert cut
    assert [output.get("data") for output in kept] == [{"text/plain": "<Figure>"}, {"image/png": "a" * 10}, None]
    assert "생략" in kept[-1]["text"]


def test_thirty_cells_of_eleven_megabytes_make_a_small_notebook(
    suites: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "OutputRoom", lambda: OutputRoom(20_000))
    suite = suites.write(
        {"test_q1.py": '@points(1)\ndef test_f(student):\n    """f입니다."""\n    expect(student.f()).equals(1)\n'},
        {"q1": (1, ["f"])},
    )
    cells = {" " * (n + 1): "print('a' * 5000)" for n in range(30)}
    graded = run(suite, {"q1": "def f(): return 1", **cells})
    assert graded.outcome("test_f") == "passed"
    assert len(json.dumps(graded.result["executed"])) < 20_000 + 30 * 600
    assert graded.verdicts.count("output-truncated") >= 1
    assert output_room.NOTEBOOK_BYTES == 32 << 20
