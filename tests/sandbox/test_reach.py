"""Which paths are given to Landlock."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

from autograder.sandbox.confinement import capability, landlock, reach


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site-packages with the grader installed in it as a wheel."""
    for folder in ("torch/nn", "numpy", "autograder/suites/01", "course/deploy", "grader-1.dist-info"):
        (tmp_path / "site" / folder).mkdir(parents=True)
    for file in (
        "torch/nn/linear.py",
        "autograder/suites/01/test_q1.py",
        "course/checks.py",
        "course/deploy/hub.py",
        "six.py",
    ):
        (tmp_path / "site" / file).write_text("", encoding="utf-8")
    return tmp_path / "site"


def names(root: Path, *forbidden: str) -> set[str]:
    return {str(path.relative_to(root)) for path in reach.carve(root, [root / name for name in forbidden])}


def test_a_folder_without_anything_forbidden_stays_whole(site: Path) -> None:
    assert reach.carve(site / "torch", [site / "autograder"]) == [site / "torch"]


def test_a_folder_with_something_forbidden_becomes_its_other_entries(site: Path) -> None:
    found = names(site, "autograder", "course/deploy", "grader-1.dist-info")
    assert found == {"torch", "numpy", "six.py", "course/checks.py"}


def test_links_that_lead_to_something_forbidden_are_left_out(site: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name, goal in (("to_it", "autograder"), ("inside", "autograder/suites"), ("above", "."), ("loop", "loop")):
        (site / name).symlink_to(site / goal)
    (site / "fine").symlink_to(elsewhere)
    found = {path.name for path in reach.carve(site, [site / "autograder"])}
    assert found == {"torch", "numpy", "six.py", "course", "grader-1.dist-info", "elsewhere"}


def test_coarse_folders_hold_everything_but_never_the_scratch_root() -> None:
    paths = ["/usr/lib/python3", "/usr/share/zoneinfo", "/opt/venv/lib", "/tmp/fonts/a", "/etc/localtime"]
    assert reach.coarsen(paths, Path("/tmp/scratch/root")) == ["/etc", "/opt", "/tmp/fonts", "/usr"]


def test_nothing_of_the_project_but_the_course_is_readable() -> None:
    project = Path(__file__).resolve().parents[2]
    paths = [Path(path) for path in reach.readable_paths()]
    for path in paths:
        assert not project.is_relative_to(path), path
        if path.is_relative_to(project):
            assert path.is_relative_to(project / "course") or path.is_relative_to(Path(sys.prefix).resolve())
            assert not path.is_relative_to(project / "course" / "deploy")
    for part in ("autograder", "autograder/suites", "solutions", "tests", "assignments"):
        assert not any((project / part).is_relative_to(path) for path in paths)


@pytest.mark.parametrize("path", ["/proc", "/sys", "/tmp", "/home", "/root", "/etc", "/var", "/dev", "/"])
def test_no_system_folder_is_readable_as_a_whole(path: str) -> None:
    assert path not in reach.readable_paths()


def test_what_python_needs_is_readable() -> None:
    import numpy
    import torch

    paths = reach.readable_paths()
    for file in (numpy.__file__, torch.__file__, pytest.__file__):
        assert any(Path(file).resolve().is_relative_to(path) for path in paths), file


def test_modules_are_found_in_a_folder_that_cannot_be_listed_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_module.py").write_text("X = 1\n", encoding="utf-8")
    (tmp_path / "late_package").mkdir()
    (tmp_path / "late_package" / "inner.py").write_text("Y = 2\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    def imports() -> None:
        readable = [str(path) for path in tmp_path.iterdir()]
        reach.remember_listing(readable)
        rules = landlock.Ruleset(landlock.abi())
        for path in [*readable, *reach.readable_paths()]:
            rules.allow(path, landlock.READ)
        rules.restrict()
        with pytest.raises(PermissionError):
            next(tmp_path.iterdir())
        importlib.invalidate_caches()
        os.utime(tmp_path, (1, 1))  # as when something is installed, or compiled, beside it meanwhile
        assert importlib.import_module("late_module").X == 1
        assert importlib.import_module("late_package.inner").Y == 2

    assert capability.in_child(imports)
