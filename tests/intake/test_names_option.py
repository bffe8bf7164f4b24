"""`--names` of the commands: a pattern is used as the notebooks are found, and a wrong one is refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main

ROOT = Path(__file__).parents[2]
ID = "01-vanishing-gradients"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A folder whose files are named in no form known."""
    folder = tmp_path / "odd"
    folder.mkdir()
    shutil.copy(ROOT / "assignments" / ID / f"{ID}.ipynb", folder / "sub-kim-77.ipynb")
    return folder


def test_check_names_students_by_the_pattern(odd: Path) -> None:
    options = ["check", str(odd), "--assignment", ID, "--root", str(ROOT), "--json"]

    without = CliRunner().invoke(main, options)
    given = CliRunner().invoke(main, [*options, "--names", "sub-{student}-{anything}"])

    assert [s["student"] for s in json.loads(without.stdout)] == ["sub-kim-77"]
    assert [s["student"] for s in json.loads(given.stdout)] == ["kim"]


@pytest.mark.parametrize("command", ["check", "grade"])
def test_an_invalid_pattern_is_refused_before_anything_is_written(command: str, odd: Path, tmp_path: Path) -> None:
    options = [str(odd), "--assignment", ID] if command == "check" else [ID, str(odd), "--out", str(tmp_path / "out")]

    refused = CliRunner().invoke(main, [command, *options, "--root", str(ROOT), "--names", "{anything}"])

    assert refused.exit_code == 5 and "[pattern-invalid]" in refused.stderr
    assert "{anything}_{student}_{anything}" in refused.stderr
    assert not (tmp_path / "out").exists()
