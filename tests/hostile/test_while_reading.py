"""Rows 36 and 61: what is too much is dropped while it is read, so that the trusted side never holds it."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.catalog import load_assignment
from autograder.intake import read_source
from autograder.model import Limits
from autograder.sandbox import ForkServer, SandboxControl
from tests.allowances import within
from tests.bench import material

from .course import write_course

MB = 1 << 20
FLOOD = "import os\nfor _ in range(100):\n    os.write(1, b'y' * (1 << 20))\n"


@contextmanager
def at_most(mb: float) -> Iterator[None]:
    """Fail if this process held more than so much more memory at one time."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < mb * MB, f"{peak / MB:.1f} MB at one time"


def test_a_hundred_megabytes_of_output_are_cut_while_they_come(fork_server: ForkServer) -> None:
    control = SandboxControl(fork_server.control())
    with control.spawn(limits=Limits(output_kb=64)) as sandbox, at_most(4):
        result = sandbox.run_cell(FLOOD, index=0, allowance=within(60))
    control.close()
    assert result.status == "ok"
    assert len(result.outputs[-1]["text"]) < 70_000


@pytest.mark.parametrize("announced", [200 * MB, 1000], ids=["honest-about-it", "lying-about-it"])
def test_an_archive_that_unpacks_to_much_is_refused_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, announced: int
) -> None:
    write_course(tmp_path, "canary")
    monkeypatch.setenv("AUTOGRADER_SUITES", str(tmp_path / "suites"))
    assignment = load_assignment(material.ASSIGNMENT, tmp_path)
    bomb = tmp_path / "class.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("alice.ipynb", "w") as member,
    ):
        for _ in range(200):
            member.write(bytes(MB))
    size = struct.pack("<I", 200 * MB)
    bomb.write_bytes(bomb.read_bytes().replace(size, struct.pack("<I", announced)))
    with at_most(4):
        submissions = list(read_source(bomb, assignment))
    assert submissions
    assert all(submission.fatal is not None for submission in submissions)
