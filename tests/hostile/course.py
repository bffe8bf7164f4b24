"""A small course, and hostile submissions to it.

A case is one file of ``tests/corpus/hostile/``: a header of ``# key: value`` lines, then cells in percent form.

    row:      its row in the list of threats (docs/security.md)
    about:    what it tries
    score:    what grading must give; 100 if not stated, "none" where a person must decide
    verdicts: codes that the record must hold, separated by spaces, and no others (optional; none if not stated)
    without:  defences (`tests.hostile.defences`) that, switched off together, let the attack achieve something; other
              such sets after "|" (optional)
    why:      why no switch lets it succeed, or why none was tried (where there is no `without`)
    student:  the student's name (optional; the file's name if not stated)

``# %% answer`` replaces the answer, ``# %% locked`` the locked cell before it; ``# %% before`` and ``# %% after`` add a
cell before or after the answer. Code that gets what it must not get prints ACHIEVED; `attempt` of the prelude does so
if an action raises nothing.
"""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.sandbox.confinement.syscalls import numbers
from tests.bench import material

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus" / "hostile"
ACHIEVED = "ACHIEVED"
CALLS = (
    *("ptrace", "process_vm_readv", "io_uring_setup", "keyctl", "bpf", "userfaultfd", "unshare", "mount", "clone3"),
    *("fallocate", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"),
)

TOML = """title = "Hostile"
notebook = "bench.ipynb"
points = 100

[limits]
cell_seconds = 3
answers_seconds = 20
notebook_seconds = 20
call_seconds = 1.5
question_seconds = 8
asleep_seconds = 2
memory_mb = 256
output_kb = 64
scratch_mb = 16
scratch_files = 400
frame_mb = 64

[[questions]]
id = "q1"
title = "q1"
points = 100
"""
SUITE = '''"""SECRET of the suite: {canary}"""

import torch

from autograder.judge import expect, leans_on, points, require


@points(25)
def test_softmax(student, generator, reference):
    """softmax"""
    x = torch.randn(7, 5, generator=generator)
    expected = reference.expected_softmax(x)
    expect(student.softmax(x), "softmax").close_to(expected, atol=1e-6)


@leans_on("softmax")
@points(25)
def test_linear(student, generator):
    """linear"""
    x, w, b = (torch.randn(*s, generator=generator) for s in ((6, 4), (3, 4), (3,)))
    expected = torch.nn.functional.linear(x, w, b)
    expect(student.linear(x, w, b), "linear").close_to(expected, atol=1e-5)


@points(25)
def test_gradient(student, generator):
    """gradient"""
    p, t = torch.randn(8, 2, generator=generator), torch.randn(8, 2, generator=generator)
    expected = 2 * (p - t) / 16
    report = expect(student.probe("gradient_and_inputs", p, t), "report").mapping(("grad", "calls", "inputs"))
    report.item("grad").close_to(expected, atol=1e-6)
    require(len(report.item("calls").each(1)) == 1, "calls")
    require(report.item("calls").item(0).integer() == p.numel(), "calls")
    for given, after in zip((p, t), report.item("inputs").unpack(2), strict=True):
        expect(after, "input").equals(given)
    expect(student.mse_grad(p, t), "mse_grad").close_to(expected, atol=1e-6)


@points(25)
def test_training(student, generator):
    """training"""
    x = torch.randn(64, 3, generator=generator)
    expected = torch.tensor([[1.0, -2.0, 0.5]])
    expect(student.fit(x, x @ expected.T, 200, 0.1), "weight").close_to(expected, atol=1e-2)
'''
PROBES = '''"""Probes and stand-ins."""

import torch


def stand_in_softmax(x):
    """{canary}"""
    shifted_for_the_stand_in = x - x.max(-1, keepdim=True).values
    return shifted_for_the_stand_in.exp() / shifted_for_the_stand_in.exp().sum(-1, keepdim=True)


def stand_in_fit(x, y, steps, lr):
    """Return the right weight, which no probe has any use for."""
    return torch.linalg.lstsq(x, y).solution.T


def gradient_and_inputs(p, t):
    """Return the gradient, how many numbers each call was given, and the inputs afterwards."""
    grad = student.mse_grad(p, t)  # noqa: F821
    return {{"grad": grad, "calls": [p.numel()], "inputs": (p, t)}}
'''
REFERENCE = '"""{canary}"""\n\nimport torch\n\n\ndef expected_softmax(x):\n    return torch.softmax(x, -1)\n'

PRELUDE = """\
import ctypes, os, signal, socket
SUITE, REPOSITORY, JUDGE_PID = {suite!r}, {repository!r}, {pid}
TCP_PORT, UDP_PORT, UNIX_PATH, ABSTRACT = {tcp_port}, {udp_port}, {unix_path!r}, {abstract!r}
NUMBERS = {numbers!r}
libc = ctypes.CDLL(None, use_errno=True)

def syscall(name, *arguments):
    result = libc.syscall(NUMBERS[name], *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def attempt(action):
    try:
        value = action()
    except BaseException as error:
        print("stopped by", type(error).__name__)
    else:
        print("ACHI" + "EVED", str(value)[:200])
"""


@dataclass(frozen=True)
class Hostile:
    """One case, see the module."""

    name: str
    row: int
    about: str
    score: float | None
    verdicts: tuple[str, ...]
    without: tuple[frozenset[str], ...]
    why: str
    student: str
    cells: tuple[tuple[str, str], ...]


def read(path: Path) -> Hostile:
    """Read one case; raises ValueError if it does not have the form."""
    head, *parts = re.split(
        r"^# %% (answer|locked|before|after)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    keys = dict(re.findall(r"^# (\w+): (.*)$", head, re.MULTILINE))
    unknown = set(keys) - {"row", "about", "score", "verdicts", "without", "why", "student"}
    if unknown or not parts or "about" not in keys:
        raise ValueError(f"{path.name}: {unknown or 'no cells or no about'}")
    score = keys.get("score", "100")
    return Hostile(
        name=path.stem,
        row=int(keys["row"]),
        about=keys["about"],
        score=None if score == "none" else float(score),
        verdicts=tuple(keys.get("verdicts", "").split()),
        without=tuple(frozenset(names.split()) for names in keys.get("without", "").split("|") if names.strip()),
        why=keys.get("why", ""),
        student=keys.get("student", path.stem),
        cells=tuple(zip(parts[::2], (source.strip("\n") for source in parts[1::2]), strict=True)),
    )


def all_cases() -> list[Hostile]:
    """Every case, by name."""
    return [read(path) for path in sorted(CORPUS.glob("*.py"))]


def write_course(root: Path, canary: str) -> Path:
    """Write `solutions/` and `suites/` of the small course; return the path of its hidden test file."""
    material.write_ours(root)
    folder = root / "suites" / material.ASSIGNMENT
    (folder / "assignment.toml").write_text(TOML, encoding="utf-8")
    suite = folder / "test_q1.py"
    suite.write_text(SUITE.format(canary=canary), encoding="utf-8")
    (folder / "reference.py").write_text(REFERENCE.format(canary=canary), encoding="utf-8")
    (folder / "probes.py").write_text(PROBES.format(canary=canary), encoding="utf-8")
    for path in (suite, *list(suite.parents)[:-2]):
        if path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode | 0o555 if path.is_dir() else 0o644)
    return suite


def prelude(**target: Any) -> str:
    """The cell that tells an attack where to aim."""
    known = numbers(platform.machine())
    return PRELUDE.format(repository=str(ROOT), numbers={name: known[name] for name in CALLS}, **target)


def notebook(case: Hostile, start: str) -> nbformat.NotebookNode:
    """The notebook that this student submits."""
    made = material.submission(tests_inside=False, name=case.name)
    answer = next(i for i, cell in enumerate(made.cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == "q1")
    extra = {"before": [nbformat.v4.new_code_cell(start, id="prelude")], "after": []}
    for number, (place, source) in enumerate(case.cells):
        if place == "answer":
            made.cells[answer].source = source
        elif place == "locked":
            made.cells[answer - 1].source = source
        else:
            extra[place].append(nbformat.v4.new_code_cell(source, id=f"extra-{number}"))
    made.cells[answer + 1 : answer + 1] = extra["after"]
    made.cells[answer:answer] = extra["before"]
    return made
