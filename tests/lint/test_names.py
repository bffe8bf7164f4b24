"""Names and calls of a suite: each mistake is found where it stands, and the suites of the course have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.catalog import assignments, read_master
from autograder.findings import CODES, Finding
from autograder.lint.names import check_names
from autograder.model import Assignment

CELLS = (
    "import torch\nfrom course import check\n\nSCALE = 2.0",
    "%matplotlib inline\ndef forward(x, weights, *, act='relu'):\n    return x",
    "class Net:\n    pass\n\n\ndef loss(a, b):\n    return a - b",
)
TEST = '''\
"""Hidden tests."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from autograder.judge import expect, leans_on, points, require

CLOSE = {"rtol": 1e-6}


@pytest.fixture
def drawn(rng, reference):
    """Inputs."""
    return reference.inputs(rng, 3)


@pytest.fixture
def ours(reference):
    return reference


def again(work, x):
    """A helper that gets the student's work under another name."""
    return work.forward(x, None, act="tanh")


def outer(work, x):
    return again(work, x)


def report(student, name, *arguments, **options):
    """A helper that asks for a probe by its name."""
    return student.probe(name, *arguments, **options)


def wide(student, x):
    return report(student, "moved", x, twice=True)


class Trainer:
    def __init__(self, student):
        self.student = student

    def once(self, x):
        return self.student.loss(x, x)


@points(2)
@leans_on("forward")
def test_values(student, drawn, reference, ours, request):
    """가."""
    value = expect(student.forward(drawn, None), "a").shape(3).finite()
    value.close_to(reference.right(drawn), **CLOSE)
    outer(student, drawn)
    wide(student, torch.zeros(3, dtype=torch.float64))
    if math.isnan(1.0):
        require(ours.SCALE == 2.0, "증상")
    for name in ("moved", "seen"):
        student.probe(name, drawn)
    generator = request.getfixturevalue("generator")
    torch.randn(3, generator=generator)
    np.random.default_rng(0)
    nn.functional.relu(drawn)
    assert [student.loss(x, b=x) for x in drawn], student.SCALE
    assert Trainer(student).once(drawn) is student.Net()
'''
PROBES = '''\
"""Probes."""
import torch

LIMIT = 3


def stand_in_forward(x, weights, *, act="relu"):
    return x


def moved(x, twice=False):
    """Call forward."""
    before = time_of(x)
    return student.forward(x, before, act="relu")


def seen(x):
    return np.sum(math.pi * x), student.loss(x, x)


def time_of(x):
    return torch.rand(1) * LIMIT
'''
REFERENCE = '''\
"""Reference."""
from functools import lru_cache

SCALE = 2.0


def inputs(rng, size):
    return [number(rng) for _ in range(size)]


def number(rng, low=0.0):
    return rng.uniform(low)


@lru_cache
def right(x):
    return SCALE
'''
FILES = {"test_q1.py": TEST, "probes.py": PROBES, "reference.py": REFERENCE}
Found = Callable[..., list[Finding]]


@pytest.fixture
def found(assignment: Assignment, notebook: Any, cell: Any) -> Found:
    """Check the small suite, with some text replaced once in one of its files."""

    def check(file: str = "", old: str = "", new: str = "", cells: tuple[str, ...] = CELLS) -> list[Finding]:
        for name, text in FILES.items():
            if name == file:
                assert old in text
                text = text.replace(old, new, 1)
            (assignment.suite_dir / name).write_text(text, encoding="utf-8")
        return check_names(assignment, notebook(*(cell("code", f"c{n}", text) for n, text in enumerate(cells))))

    return check


def test_a_suite_without_a_mistake_has_no_finding(found: Found) -> None:
    assert found() == []


# name: (file, what is replaced, by what, code, words); the line is that of what is replaced
MISTAKES = {
    "a call in a test": ("test_q1.py", "(student.forward(", "(student.forwrd(", "unknown-name", "'forward'를 뜻한"),
    "a call in a comprehension": ("test_q1.py", "[student.loss(", "[student.los(", "unknown-name", "student.los"),
    "a constant of the master": ("test_q1.py", "student.SCALE", "student.SCALES", "unknown-name", "'SCALE'을 뜻한"),
    "a call in a fixture": (
        "test_q1.py",
        "reference.inputs",
        "reference.input",
        "unknown-name",
        "reference.py에 'input'이",
    ),
    "a call in a helper": ("test_q1.py", "work.forward", "work.foward", "unknown-name", "student.foward"),
    "an attribute of an object": ("test_q1.py", "self.student.loss", "self.student.lss", "unknown-name", "student.lss"),
    "a name by getattr": ("test_q1.py", "student.SCALE", 'getattr(student, "SCAL")', "unknown-name", "student.SCAL"),
    "what a fixture returns": ("test_q1.py", "ours.SCALE", "ours.SCAL", "unknown-name", "reference.SCAL"),
    "a probe": (
        "test_q1.py",
        'for name in ("moved", "seen")',
        'for name in ("moved", "sen")',
        "unknown-probe",
        "'seen'을",
    ),
    "a probe in a helper": (
        "test_q1.py",
        'report(student, "moved"',
        'report(student, "movd"',
        "unknown-probe",
        "'movd'가",
    ),
    "an expectation": ("test_q1.py", "value.close_to", "value.close_too", "unknown-name", "expect(...).close_too"),
    "a chain of expectations": ("test_q1.py", ".finite()", ".finit()", "unknown-name", "'finite'를"),
    "a function of torch": ("test_q1.py", "torch.zeros", "torch.zerso", "unknown-name", "torch.zerso"),
    "a function of a part of torch": ("test_q1.py", "functional.relu", "functional.rleu", "unknown-name", "'rleu'"),
    "a name of numpy": ("test_q1.py", "np.random.default_rng", "np.random.defaut_rng", "unknown-name", "defaut_rng"),
    "a name leant on": ("test_q1.py", '@leans_on("forward")', '@leans_on("forwards")', "unknown-name", "'forwards'가"),
    "a fixture asked for later": ("test_q1.py", '"generator")', '"genrator")', "suite-fixture", "'generator'를"),
    "a name in a branch": ("test_q1.py", "math.isnan(1.0)", "maths.isnan(1.0)", "undefined-name", "'math'를"),
    "a name in a helper": ("test_q1.py", "return again(work", "return agian(work", "undefined-name", "'agian'이"),
    "too many arguments": (
        "test_q1.py",
        "reference.right(drawn)",
        "reference.right(drawn, 2)",
        "wrong-arguments",
        "1개까지",
    ),
    "too few arguments": (
        "test_q1.py",
        "reference.inputs(rng, 3)",
        "reference.inputs(rng)",
        "wrong-arguments",
        "'size'를 넣지",
    ),
    "an argument of another name": (
        "test_q1.py",
        "student.loss(x, b=x)",
        "student.loss(x, c=x)",
        "wrong-arguments",
        "'c'라는 인자는 없습니다",
    ),
    "too few of the student's": (
        "test_q1.py",
        "student.forward(drawn, None)",
        "student.forward(drawn)",
        "wrong-arguments",
        "'weights'를",
    ),
    "a misspelt argument in a helper": ("test_q1.py", 'act="tanh"', 'actt="tanh"', "wrong-arguments", "'act'를 뜻한"),
    "an argument given twice": ("test_q1.py", 'None, act="tanh"', "None, x=x", "wrong-arguments", "두 번"),
    "arguments of a probe": (
        "test_q1.py",
        "student.probe(name, drawn)",
        'student.probe("seen", drawn, 1)',
        "wrong-arguments",
        "probe 'seen'",
    ),
    "arguments of a probe in a helper": (
        "test_q1.py",
        "x, twice=True",
        "x, twize=True",
        "wrong-arguments",
        "'twice'를",
    ),
    "too many of a probe in a helper": (
        "test_q1.py",
        '"moved", x, twice=True',
        '"moved", x, 1, 2',
        "wrong-arguments",
        "2개까지",
    ),
    "arguments of an expectation": ("test_q1.py", ".finite()", ".finite(3)", "wrong-arguments", "0개까지"),
    "arguments of a helper": (
        "test_q1.py",
        "return again(work, x)",
        "return again(work)",
        "wrong-arguments",
        "함수 again",
    ),
    "a call in a probe": (
        "probes.py",
        "return student.forward",
        "return student.forwad",
        "unknown-name",
        "'forward'를",
    ),
    "arguments in a probe": ("probes.py", "student.loss(x, x)", "student.loss(x)", "wrong-arguments", "'b'를"),
    "a name in a probe": (
        "probes.py",
        "time_of(x)\n    return",
        "time_off(x)\n    return",
        "undefined-name",
        "'time_off'",
    ),
    "a stand-in for nothing": ("probes.py", "stand_in_forward", "stand_in_forwards", "unknown-stand-in", "'forward'를"),
    "a name in the reference": ("reference.py", "return SCALE", "return SCAL", "undefined-name", "'SCALE'을"),
    "arguments in the reference": ("reference.py", "number(rng) for", "number() for", "wrong-arguments", "함수 number"),
    "a global draw": (
        "test_q1.py",
        "torch.randn(3, generator=generator)",
        "torch.randn(3)",
        "unseeded-randomness",
        "torch.randn은 전역",
    ),
    "a global draw of numpy": (
        "test_q1.py",
        "np.random.default_rng(0)",
        "np.random.rand(3)",
        "unseeded-randomness",
        "numpy.random.rand",
    ),
    "a generator without a seed": (
        "test_q1.py",
        "np.random.default_rng(0)",
        "np.random.default_rng()",
        "unseeded-randomness",
        "실행할 때마다",
    ),
    "a hash of text": ("test_q1.py", "math.isnan(1.0)", 'hash("a") % 2', "unseeded-randomness", "hash"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_stands(found: Found, name: str) -> None:
    file, old, new, code, words = MISTAKES[name]
    problems = found(file, old, new)

    line = FILES[file][: FILES[file].index(old)].count("\n") + 1
    assert [(p.code, p.file, p.line) for p in problems] == [(code, file, line)]
    assert words in problems[0].message
    assert code in CODES


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("random", "random.random()"),
        ("random", "random.shuffle([1])"),
        ("random", "random.Random()"),
        ("random", "random.seed()"),
        ("torch", "torch.seed()"),
        ("time", "time.perf_counter()"),
        ("time as clock", "clock.monotonic()"),
        ("datetime", "datetime.datetime.now()"),
        ("os", "os.urandom(3)"),
        ("uuid", "uuid.uuid4()"),
        ("secrets", "secrets.token_hex()"),
        ("numpy.random as npr", "npr.default_rng(None)"),
        ("torch", "torch.zeros(3).normal_()"),
    ],
)
def test_what_no_secret_seeds_is_found_and_can_be_allowed(found: Found, module: str, call: str) -> None:
    text = f"import {module}\n\n\ndef draw():\n    return {call}\n\n\n@pytest.fixture"
    (finding,) = found("test_q1.py", "@pytest.fixture", text)
    name = finding.detail.removeprefix("# lint: allow ")
    allowed = text.replace(f"return {call}", f"return {call}  # lint: allow {name}")

    assert finding.code == "unseeded-randomness"
    assert found("test_q1.py", "@pytest.fixture", allowed) == []


@pytest.mark.parametrize(
    "call",
    ["random.Random(3)", "random.seed(3)", "np.random.default_rng(seed=1)", "hash((1, 2))", "rng.random()", "time()"],
)
def test_what_is_seeded_is_left_alone(found: Found, call: str) -> None:
    text = f"import random\n\n\ndef draw(rng, time):\n    return {call}\n\n\n@pytest.fixture"

    assert found("test_q1.py", "@pytest.fixture", text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def again(work, x):", "def again(work, x):\n    work = x.other"),  # another object under the name
        ("CLOSE = {", "from somewhere import *\n\nCLOSE = {"),  # may define anything
        ('return work.forward(x, None, act="tanh")', "return work.forward(*x)"),  # nobody knows how many
        ('return work.forward(x, None, act="tanh")', "return work.forward(x, **CLOSE)"),
        ("    outer(student, drawn)", "    outer = max\n    outer(drawn)"),  # a name of its own
        ("    outer(student, drawn)", "    reference = drawn\n    reference.anything()"),
        ("    outer(student, drawn)", "    value = expect(drawn).finite()\n    value = 3\n    value.real"),
        ("    outer(student, drawn)", "    f = lambda student: student.whatever\n    f(3)".replace("student", "s")),
        ("    outer(student, drawn)", "    with pytest.raises(TypeError):\n        student.forward()"),
        ("    outer(student, drawn)", "    student.forward()  # lint: allow wrong-arguments"),
        ("    outer(student, drawn)", "    student.nothing  # lint: allow unknown-name, wrong-arguments"),
        ("CLOSE = {", "@pytest.fixture\ndef reference():\n    return math\n\n\nCLOSE = {"),  # the file's own
        ("    return reference\n", "    if math.e:\n        return math\n    return reference\n"),
        ("    outer(student, drawn)", "    global LATER\n    LATER = 3\n    assert LATER"),
        (
            "    outer(student, drawn)",
            "    try:\n        pass\n    except ValueError as e:\n        print(e, __name__)",
        ),
    ],
)
def test_what_cannot_be_known_is_left_alone(found: Found, old: str, new: str) -> None:
    assert found("test_q1.py", old, new) == []


def test_a_cell_that_does_not_parse_makes_no_name_unknown(found: Found) -> None:
    assert found("test_q1.py", "student.SCALE", "student.OTHER", (*CELLS, "def broken(:\n")) == []


def test_a_function_that_two_cells_define_has_no_known_arguments(found: Found) -> None:
    assert found(cells=(*CELLS, "def loss(a):\n    return a")) == []


@pytest.mark.parametrize("file", FILES)
def test_a_file_with_a_syntax_error_is_left_to_collecting(found: Found, file: str) -> None:
    assert [f for f in found(file, FILES[file], "def broken(:\n") if f.file == file] == []


def test_the_suites_of_the_course_have_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRADER_SUITES", raising=False)
    readable, _ = assignments()

    assert readable
    assert {a.id: check_names(a, read_master(a)) for a in readable} == {a.id: [] for a in readable}
