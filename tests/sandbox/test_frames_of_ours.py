"""Hiding our frames rests on names that Python does not promise: without one, a sandbox starts all the same."""

from __future__ import annotations

import warnings

import pytest

from autograder.sandbox.shell import frames, modes


@pytest.mark.parametrize("name", ["_FRAMES", "_WARNING"])
def test_a_python_without_the_name_is_left_as_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {replaced for _, replaced, _ in frames.hiding()}
    gone = getattr(frames, name)
    monkeypatch.setattr(frames, name, "a name that no Python has")

    assert {replaced for _, replaced, _ in frames.hiding()} == whole - {gone}


def test_warnings_made_errors_by_a_later_cell_are_warnings_again() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        before, filters = modes.modes_now(), len(warnings.filters)
        warnings.simplefilter("error")
        with pytest.raises(UserWarning):
            warnings.warn("raised", stacklevel=1)

        modes.put_modes_back(before)

        with pytest.warns(UserWarning, match="told"):
            warnings.warn("told", stacklevel=1)
        assert len(warnings.filters) == filters
        assert not any(entry[1] is not None and "never said" in str(entry[1]) for entry in warnings.filters)
