"""Whatever names stand in a source, laying it out never raises, and no notebook beside others is nobody's."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake.entries import Entry, refuse
from autograder.intake.labels import read_label
from autograder.intake.layout import candidates

from .sample import NAME, NOTEBOOK

PIECES = (
    *("김민수", "이서연", "kim_minsu", "20231234", "20231235", "20241120", "과제1", "HW1", "1분반", "submitted", "hw"),
    *("_12345_assignsubmission_file", "_12345_assignsubmission_onlinetext", "_assignfeedback_", "_attempt_"),
    *("_attempt_2024-11-20-10-00-00", "_12345_67890_", f"+{NAME}+2024-11-20 10:00:00 UTC+x", "Version 2", "?"),
    *(NAME, "_", "-", " ", "(", ")", "[", "】", ".", "\u200b", "\u1112\u1161", "\ud800"),
)
part = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
name = st.builds(
    lambda stem, suffix: stem + suffix, part, st.sampled_from((".ipynb", ".ipynb", ".zip", ".txt", ".py", ""))
)
path = st.builds(lambda above, last: (*above, last), st.lists(part, max_size=3), name | st.just(NOTEBOOK))


def _entries(paths: list[tuple[str, ...]]) -> tuple[Entry, ...]:
    read = partial(refuse, "file-unreadable", "")
    folders = {p[:n] for p in paths for n in range(1, len(p))}
    files = set(paths) - folders
    made = [Entry(p, False, read, 0.0) for p in files] + [Entry(p, True, read) for p in folders]
    return tuple(sorted(made, key=lambda entry: entry.parts))


@settings(max_examples=300, deadline=None)
@given(st.lists(path, max_size=8), st.booleans(), st.booleans())
def test_any_tree_is_laid_out(paths: list[tuple[str, ...]], packed: bool, with_roster: bool) -> None:
    entries = _entries(paths)
    roster = {"김민수": "kim", "20231234": "kim", "kim_minsu": "lee"}.get if with_roster else None

    found = candidates(entries, NAME, NOTEBOOK, "class", packed=packed, roster=roster)

    taken = [file.path for candidate in found for file in candidate.files]
    assert len(taken) == len(set(taken)), "a file of two students"
    flat = {e.path for e in entries if len(e.parts) == 1 and e.name.endswith(".ipynb")}
    older = {p for p in flat if read_label(p[0]).attempt or read_label(p[0]).kind}
    assert flat - older <= set(taken), "a notebook of nobody"


@settings(max_examples=100, deadline=None)
@given(st.lists(path, max_size=8))
def test_a_layout_does_not_depend_on_the_order_of_the_entries(paths: list[tuple[str, ...]]) -> None:
    """`read_source` sorts; a student who hands in more changes nothing for the others."""
    entries = _entries(paths)

    one = candidates(entries, NAME, NOTEBOOK, "class", packed=False)
    other = candidates(tuple(reversed(entries)), NAME, NOTEBOOK, "class", packed=False)

    assert {(c.whose, frozenset(f.path for f in c.files)) for c in one} == {
        (c.whose, frozenset(f.path for f in c.files)) for c in other
    }
