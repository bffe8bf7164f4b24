"""Jobs through the real fork server, judge and sandbox: the coordinator's view."""

from __future__ import annotations

import base64
import os
import signal
from typing import Any

import pytest

from autograder.errors import AssignmentError, InfrastructureError
from autograder.judge import Judge
from autograder.model import Limits
from autograder.sandbox import ForkServer

QUESTIONS = {"q1": (2, ["f"]), "q2": (2, ["g"]), "q3": (2, ["make"])}
FILES = {
    "test_q1.py": '''
@points(1)
def test_f_squares(student, rng):
    """f는 제곱입니다."""
    x = torch.tensor(rng.normal(size=(3, 2)))
    expect(student.f(x), "f").close_to(x * x)

@points(1)
def test_f_of_five(student):
    """f(5)입니다."""
    expect(student.f(5.0), "f").close_to(25.0)
''',
    "test_q2.py": '''
pytestmark = leans_on("f")

@points(2)
def test_g_sums_squares(student, generator):
    """g는 제곱의 합입니다."""
    x = torch.rand(4, generator=generator)
    value, unchanged = student.probe("g_and_input", x)
    expect(value, "g").close_to((x * x).sum(), rtol=1e-5)
    expect(unchanged, "x").equals(x)
''',
    "test_q3.py": '''
@points(1)
def test_make_gives_a_network(student):
    """make는 신경망을 만듭니다."""
    net = student.make(3)
    x = torch.ones(2, 3)
    weight = expect(net.state_dict(), "state").mapping(["weight", "bias"]).item("weight").shape(1, 3).tensor()
    expect(net(x), "net(x)").shape(2, 1).finite()

@points(1)
def test_make_refuses_nothing(student):
    """make(0)은 ValueError입니다."""
    with raises(ValueError, "입력이 없는 경우"):
        student.make(0)
''',
    "probes.py": """
def stand_in_f(x):
    return x * x

def g_and_input(x):
    return student.g(x), x
""",
}
GOOD = {
    "": "import torch\nfrom torch import nn\nprint('ready', 1 + 1)\nopen('data.txt').read()",
    "q1": "def f(x):\n    return x * x",
    "q2": "def g(x):\n    return f(x).sum()",
    "q3": "def make(n):\n    if n == 0:\n        raise ValueError('none')\n    return nn.Linear(n, 1)",
}
ALL = ["test_f_squares", "test_f_of_five", "test_g_sums_squares"]
ALL += ["test_make_gives_a_network", "test_make_refuses_nothing"]


@pytest.fixture
def server(fork_server: ForkServer) -> ForkServer:
    return fork_server


@pytest.fixture
def judge(real_judge: Judge) -> Judge:
    return real_judge


@pytest.fixture
def job(suites: Any, notebook: Any) -> Any:
    suites.write(FILES, QUESTIONS)

    def make(cells: dict[str, str] = GOOD, **limits: float) -> dict[str, Any]:
        return {
            "assignment": "tiny",
            "suites": str(suites.root),
            "notebook": notebook(cells),
            "files": {"data.txt": base64.b64encode(b"data").decode()},
            "limits": Limits(**{"call_seconds": 5.0, **limits}).to_dict(),
            "seed": 1,
            "secret": b"a secret of the tests".hex(),
            "device": "cpu",
            "only": None,
        }

    return make


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    return {test["name"]: test["outcome"] for test in result["tests"]}


def codes(result: dict[str, Any]) -> list[str]:
    return [verdict["code"] for verdict in result["verdicts"]]


def test_correct_work_gets_full_marks(judge: Judge, job: Any) -> None:
    result = judge.grade(job())
    assert outcomes(result) == dict.fromkeys(ALL, "passed")
    assert result["verdicts"] == []
    assert {cell["status"] for cell in result["cells"]} == {"ok"}
    outputs = result["executed"]["cells"][0]["outputs"]
    assert outputs[0]["text"] == "ready 2\n"
    assert outputs[1]["data"]["text/plain"] == "'data'"
    assert result["environment"]["confinement"]["seccomp"] is True
    assert result["environment"]["threads"] == 1
    assert result["usage"]["cpu_seconds"] > 0


def test_the_same_work_gets_the_same_result_from_the_same_and_from_a_new_judge(
    server: ForkServer, judge: Judge, job: Any
) -> None:
    cells = {**GOOD, "q1": "def f(x):\n    return x * x + 1"}
    results = [judge.grade(job(cells)), judge.grade(job(cells))]
    with Judge(server) as other:
        results.append(other.grade(job(cells)))
    kept = [[(t["name"], t["outcome"], t["message"], t["detail"]) for t in result["tests"]] for result in results]
    assert kept[0] == kept[1] == kept[2]
    assert results[0]["executed"] == results[1]["executed"] == results[2]["executed"]


def test_an_error_in_an_earlier_question_is_not_punished_again(judge: Judge, job: Any) -> None:
    result = judge.grade(job({**GOOD, "q1": "def f(x):\n    return x * x + 1"}))
    assert outcomes(result) == {**dict.fromkeys(ALL, "passed"), ALL[0]: "failed", ALL[1]: "failed"}
    assert next(t for t in result["tests"] if t["name"] == ALL[2])["carried"] is True


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        ("import os; os._exit(0)", {}),
        ("import sys; sys.exit(0)", {}),
        ("while True: pass", {"call_seconds": 0.5}),
        ("import ctypes; ctypes.string_at(0)", {}),
        ("bytearray(1 << 40)", {}),
        ("return lambda: 1", {}),
        ("return float('nan')", {}),
        ("return x.new_full((1,), 1.0) if hasattr(x, 'new_full') else 1.0", {}),
        ("return type('Equal', (), {'__eq__': lambda *a: True, '__float__': lambda s: 25.0})()", {}),
    ],
)
def test_what_an_answer_does_costs_that_question_only(
    judge: Judge, job: Any, body: str, limits: dict[str, float]
) -> None:
    result = judge.grade(job({**GOOD, "q1": f"def f(x):\n    {body}"}, **limits))
    assert outcomes(result) == {**dict.fromkeys(ALL, "passed"), ALL[0]: "failed", ALL[1]: "failed"}


@pytest.mark.parametrize(
    ("cell", "verdict"), [("while True: pass", "cell-timeout"), ("import os\nos._exit(3)", "cell-died")]
)
def test_a_cell_that_ends_the_process_costs_only_itself(judge: Judge, job: Any, cell: str, verdict: str) -> None:
    cells = {"": GOOD[""], " ": cell, **{key: GOOD[key] for key in ("q1", "q2", "q3")}}
    result = judge.grade(job(cells, cell_seconds=1.0))
    assert outcomes(result) == dict.fromkeys(ALL, "passed")
    assert codes(result) == [verdict]


def test_patching_the_libraries_in_the_sandbox_changes_no_judgement(judge: Judge, job: Any) -> None:
    patch = (
        "import builtins, sys, torch\n"
        "torch.allclose = torch.equal = torch.isclose = torch.isfinite = lambda *a, **k: True\n"
        "torch.Tensor.__eq__ = torch.Tensor.__le__ = lambda *a: torch.tensor(True)\n"
        "sys.modules['pytest'] = sys.modules['autograder.judge'] = None\n"
    )
    result = judge.grade(job({**GOOD, "": GOOD[""] + "\n" + patch, "q1": "def f(x): return x"}))
    assert [outcomes(result)[name] for name in ALL[:2]] == ["failed", "failed"]


def test_stand_ins_cannot_be_read_while_their_own_question_is_tested(judge: Judge, job: Any) -> None:
    thief = """
def g(x):
    import sys
    wanted, found, frame = "stand" + "_in_f", 0, sys._getframe(1)
    while frame:
        spaces = [frame.f_locals, *(v for v in frame.f_locals.values() if isinstance(v, dict))]
        if "student" in frame.f_globals:
            spaces.append(frame.f_globals)
        for space in spaces:
            for key, value in list(space.items()):
                found += "g_and_input" in (key, getattr(value, "__name__", ""))
                if key == wanted or isinstance(value, str) and wanted in value:
                    raise KeyError(key)
        frame = frame.f_back
    return f(x).sum() if found else None
"""
    result = judge.grade(job({**GOOD, "q2": thief}))
    assert outcomes(result)[ALL[2]] == "passed", result["tests"]
    assert not any(test["carried"] for test in result["tests"])


def test_a_judge_that_is_killed_is_reported_and_replaced(judge: Judge, job: Any) -> None:
    judge.grade(job())
    os.kill(judge.pid, signal.SIGKILL)
    with pytest.raises(InfrastructureError) as caught:
        judge.grade(job())
    assert caught.value.code == "judge-died"
    assert outcomes(judge.grade(job())) == dict.fromkeys(ALL, "passed")


def test_a_judge_that_falls_silent_is_ended_and_replaced(judge: Judge, job: Any) -> None:
    first = judge.pid
    with pytest.raises(InfrastructureError) as caught:
        judge.grade(job({**GOOD, "q1": "while True: pass"}), silence=0.5)
    assert caught.value.code == "judge-timeout"
    assert outcomes(judge.grade(job())) == dict.fromkeys(ALL, "passed")
    assert judge.pid != first


def test_a_suite_at_fault_is_named_and_the_judge_goes_on(judge: Judge, job: Any, suites: Any) -> None:
    good = job()
    judge.grade(good)
    pid = judge.pid
    path = suites.root / "tiny" / "test_q1.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("@points(1)", "@points(2)", 1), encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        judge.grade(good)
    assert caught.value.code == "suite-invalid"
    path.write_text(text, encoding="utf-8")
    assert outcomes(judge.grade(good)) == dict.fromkeys(ALL, "passed")
    assert judge.pid == pid


def test_a_malformed_job_is_refused_without_ending_the_judge(judge: Judge, job: Any) -> None:
    with pytest.raises(InfrastructureError) as caught:
        judge.grade({**job(), "secret": "not hex"})
    assert caught.value.code == "job-invalid"
    judge.grade(job())


def test_grading_leaves_nothing_in_the_suites_folder(judge: Judge, job: Any, suites: Any) -> None:
    before = sorted(path.name for path in suites.root.rglob("*"))
    judge.grade(job())
    assert sorted(path.name for path in suites.root.rglob("*")) == before


def test_a_judge_says_that_it_lives_before_it_has_a_result(judge: Judge, job: Any) -> None:
    heard: list[int] = []
    judge.grade(job(), heard=lambda: heard.append(1))
    assert heard
