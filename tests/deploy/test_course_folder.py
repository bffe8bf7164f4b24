"""A course folder is made, follows the kit, and keeps what its instructor changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.integrations.course_folder import CONFIG_FILE, init_course

NOTEBOOK = Path("solutions/01-a/01-a.ipynb")


@pytest.fixture
def solutions(tmp_path: Path) -> Path:
    for name in ("01-a", "02-b"):
        (tmp_path / "kit" / name).mkdir(parents=True)
        (tmp_path / "kit" / name / f"{name}.ipynb").write_text(f"{name} 원본", encoding="utf-8")
    (tmp_path / "kit" / "01-a" / "__pycache__").mkdir()
    (tmp_path / "kit" / "01-a" / "__pycache__" / "x.pyc").write_text("x")
    return tmp_path / "kit"


def test_only_the_owner_gets_in_whatever_the_umask(tmp_path: Path, solutions: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir(mode=0o755)
    made = init_course(folder, "whydl", solutions=solutions)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert set(map(str, made.written)) == {
        str(NOTEBOOK), "solutions/02-b/02-b.ipynb", CONFIG_FILE, "course.toml",
    }  # fmt: skip
    assert made.kept == ()


def test_again_changes_nothing(tmp_path: Path, solutions: Path) -> None:
    init_course(tmp_path / "course", "whydl", solutions=solutions)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "course" / "solutions").rglob("*.ipynb")}
    made = init_course(tmp_path / "course", "whydl", solutions=solutions)
    assert (made.written, made.kept) == ((), ())
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_an_edit_is_kept_and_told_and_the_rest_follows_the_kit(tmp_path: Path, solutions: Path) -> None:
    folder = tmp_path / "course"
    init_course(folder, "whydl", solutions=solutions)
    (folder / NOTEBOOK).write_text("조교가 고침", encoding="utf-8")
    (solutions / "01-a" / "01-a.ipynb").write_text("새 원본", encoding="utf-8")
    (solutions / "02-b" / "02-b.ipynb").write_text("새 원본 2", encoding="utf-8")
    made = init_course(folder, "whydl", solutions=solutions)
    assert made.kept == (NOTEBOOK,)
    assert (folder / NOTEBOOK).read_text(encoding="utf-8") == "조교가 고침"
    assert (folder / "solutions/02-b/02-b.ipynb").read_text(encoding="utf-8") == "새 원본 2"


def test_a_folder_that_was_there_before_the_kit_is_not_overwritten(tmp_path: Path, solutions: Path) -> None:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / CONFIG_FILE).write_text("c = get_config()\n")
    made = init_course(folder, "whydl", solutions=solutions)
    assert made.kept == (Path(CONFIG_FILE),)
    assert (folder / CONFIG_FILE).read_text() == "c = get_config()\n"


@pytest.mark.parametrize("course_id", ["", "a b", "a+b", "../x", "과목", ".x", "x" * 65, "a\n"])
def test_an_id_that_will_not_do_is_refused(tmp_path: Path, solutions: Path, course_id: str) -> None:
    with pytest.raises(GraderError) as caught:
        init_course(tmp_path / "course", course_id, solutions=solutions)
    assert caught.value.code == "course-id-invalid"
    assert not (tmp_path / "course").exists()


def test_an_exchange_inside_the_closed_folder_is_refused(tmp_path: Path, solutions: Path) -> None:
    with pytest.raises(GraderError) as caught:
        init_course(tmp_path / "course", "whydl", exchange=tmp_path / "course" / "exchange", solutions=solutions)
    assert caught.value.code == "exchange-inside-course"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, solutions: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(GraderError) as caught:
        init_course(tmp_path / "file" / "course", "whydl", solutions=solutions)
    assert caught.value.code == "course-folder-unwritable"


def test_the_command_makes_a_course_that_nbgrader_reads_as_configured(tmp_path: Path, solutions: Path) -> None:
    folder, exchange = tmp_path / "course", tmp_path / "exchange it's"
    command = [sys.executable, "-m", "autograder", "course", "init", str(folder), "--course-id", "whydl"]
    command += ["--exchange", str(exchange), "--solutions", str(solutions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    script = (
        "from nbgrader.apps.baseapp import NbGrader\n"
        f"app = NbGrader(raise_config_file_errors=True); app.initialize([], root={str(folder)!r})\n"
        "c = app.config; print(c.Exchange.root); print(app.coursedir.course_id); print(app.coursedir.source_directory)"
    )
    read = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert read.stdout.splitlines() == [str(exchange), "whydl", "solutions"], read.stderr
