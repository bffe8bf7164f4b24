"""The course secret: made once, whole, by whichever process is first."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.grading.identity import SECRET_VARIABLE, course_secret


@pytest.fixture(autouse=True)
def _no_secret_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)


def test_whoever_comes_first_makes_the_secret_and_all_others_read_it(tmp_path: Path) -> None:
    for attempt in range(20):
        folder, together = tmp_path / str(attempt), threading.Barrier(8)

        def read(_: int, folder: Path = folder, together: threading.Barrier = together) -> bytes:
            together.wait()
            return course_secret(folder)

        with ThreadPoolExecutor(8) as executor:
            found = set(executor.map(read, range(8)))
        assert found == {(folder / "secret").read_text().strip().encode()}
        assert [p.name for p in folder.iterdir()] == ["secret"]
        assert (folder / "secret").stat().st_mode & 0o077 == 0


def test_a_secret_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short\n")
    with pytest.raises(GraderError) as caught:
        course_secret(tmp_path)
    assert caught.value.code == "secret-invalid"
