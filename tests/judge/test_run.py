"""Grading one submission in a fake sandbox: what each fault costs, and that it costs nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.errors import InfrastructureError
from autograder.judge import told
from autograder.judge.inprocess import InProcessSandbox
from autograder.judge.notebook import NotebookRun
from autograder.judge.outcomes import NameMissing, Scene, judgement_of
from autograder.model import Limits, Question
from autograder.sandbox import SandboxDied

TWO = {"q1": (2, ["f"]), "q2": (3, ["g"])}
FILES = {
    "test_q1.py": '''
@points(1)
def test_f_adds_one(student):
    """f는 1을 더합니다."""
    expect(student.f(1), "f").equals(2, hint="더하기를 확인해 보세요.")

@points(1)
def test_f_of_ten(student):
    """f(10)입니다."""
    expect(student.f(10), "f").equals(11)
''',
    "test_q2.py": '''
pytestmark = leans_on("f")

@points(1)
def test_g_doubles(student):
    """g는 f의 두 배입니다."""
    expect(student.g(1), "g").equals(4)

@points(1)
def test_g_of_two(student):
    """g(2)입니다."""
    expect(student.probe("twice_g", 2), "g").equals([6, 6])

@points(1)
def test_g_of_three(student):
    """g(3)입니다."""
    expect(student.g(3), "g").equals(8)
''',
    "probes.py": """
def stand_in_f(x):
    return x + 1

def twice_g(x):
    return [student.g(x), student.g(x)]
""",
}
F = "def f(x): return x + 1"
G = "def g(x): return 2 * f(x)"
Q1, Q2 = ["test_f_adds_one", "test_f_of_ten"], ["test_g_doubles", "test_g_of_two", "test_g_of_three"]


@pytest.fixture(autouse=True)
def _told_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test of so few may tell is little, and is tested in test_told."""
    monkeypatch.setattr(told, "BITS", 64.0)


@pytest.fixture
def suite(suites: Any) -> Any:
    return suites.write(FILES, TWO)


def outcomes(graded: Any, names: list[str]) -> list[str]:
    return [graded.outcome(name) for name in names]


def test_correct_work_passes_everything_and_the_result_is_plain_json(suite: Any, run: Any) -> None:
    import json

    graded = run(suite, {"": "print('hello')", "q1": F, "q2": G, "q1-check": "f(1)"})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert graded.verdicts == []
    assert json.loads(json.dumps(graded.result, allow_nan=False)) == graded.result
    assert graded.result["environment"]["confinement"] == {"fake": True}
    assert graded.result["usage"]["cpu_seconds"] == 0.5


def test_the_executed_notebook_has_this_runs_outputs_and_untouched_metadata(suite: Any, run: Any) -> None:
    graded = run(suite, {"": "print('hello')", "q1": F, " ": "   ", "q2": G})
    first, second, empty, _ = graded.result["executed"]["cells"]
    assert first["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]
    assert (first["execution_count"], second["execution_count"]) == (1, 2)
    assert first["metadata"] == {"tags": ["mine"]}
    assert (empty["outputs"], empty["execution_count"]) == ([], None)
    assert second["outputs"] == [], "outputs claimed by the student were kept"
    assert graded.result["executed"]["metadata"] == {"kernelspec": {"name": "python3"}}


def test_what_student_code_prints_while_it_is_tested_is_thrown_away(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x):\n    print('hidden' + 'input', x)\n    return x + 1", "q2": G})
    assert outcomes(graded, Q1) == ["passed", "passed"]
    assert "hiddeninput" not in str(graded.result)


def test_a_wrong_value_fails_its_tests_with_symptom_and_hint_but_no_hidden_value(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + 41", "q2": "def g(x): return 2 * (x + 1)"})
    assert outcomes(graded, Q1 + Q2) == ["failed"] * 2 + ["passed"] * 3
    assert graded.message(Q1[0]) == "`f`의 값이 올바르지 않습니다. 더하기를 확인해 보세요."
    detail = graded.tests[Q1[0]]["detail"]
    assert all(part in detail for part in ("test_q1.py", "value 42", "expected 2", "last call: f(1)"))


def test_an_error_in_an_earlier_question_is_not_punished_again(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + 41", "q2": G})
    assert outcomes(graded, Q1 + Q2) == ["failed"] * 2 + ["passed"] * 3
    assert all(graded.tests[name]["carried"] for name in Q2)
    assert {graded.message(name) for name in Q2} == {""}, "which of them leaned on it would tell more than the score"


def test_follow_through_does_not_help_a_question_that_is_wrong_itself(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + 41", "q2": "def g(x): return 3 * f(x)"})
    assert outcomes(graded, Q2) == ["failed"] * 3
    assert not any(graded.tests[name]["carried"] for name in Q2)
    assert "before, with the student's own f" in graded.tests[Q2[0]]["detail"]


def test_a_stand_in_never_serves_a_test_that_does_not_lean_on_it(suite: Any, run: Any, control: Any) -> None:
    graded = run(suite, {"q1": "x = 1", "q2": G})
    assert outcomes(graded, Q1) == ["blocked", "blocked"]
    assert outcomes(graded, Q2) == ["passed"] * 3
    assert control.branches == 2, "one branch for q2 as it is, one with the stand-in"


def test_a_stand_in_is_lent_to_a_notebook_that_has_to_run_again(suite: Any, run: Any, control: Any) -> None:
    control.no_branches = True
    graded = run(suite, {"q1": "def f(x): return x + 41", "q2": G})
    assert outcomes(graded, Q1 + Q2) == ["failed"] * 2 + ["passed"] * 3
    assert all(graded.tests[name]["carried"] for name in Q2)


def test_tests_that_lean_on_different_functions_have_two_branches_at_once(suites: Any, run: Any, control: Any) -> None:
    leaning = """
@leans_on({names})
@points(1)
def test_h_leans_on_{number}(student):
    \"\"\"h는 g보다 하나 큽니다.\"\"\"
    expect(student.h(1), "h").equals(5)
"""
    leans = enumerate(('"f"', '"f", "g"', '"f"'))
    files = {
        **FILES,
        "test_q3.py": "".join(leaning.format(names=names, number=number) for number, names in leans),
        "probes.py": FILES["probes.py"] + "\ndef stand_in_g(x):\n    return 2 * (x + 1)\n",
    }
    suite = suites.write(files, {**TWO, "q3": (3, ["h"])})
    graded = run(suite, {"q1": F, "q2": G, "q3": "def h(x): return g(x) + 2"})
    assert [test["outcome"] for test in graded.result["tests"]][-3:] == ["failed"] * 3
    graded = run(
        suite, {"q1": "def f(x): return x + 41", "q2": "def g(x): return 3 * f(x)", "q3": "def h(x): return g(x) + 1"}
    )
    assert [test["outcome"] for test in graded.result["tests"]][-3:] == ["failed", "passed", "failed"]


def test_a_test_may_call_a_missing_earlier_function_itself(suites: Any, run: Any) -> None:
    text = """
@leans_on("f")
@points(3)
def test_g_and_f(student):
    \"\"\"g는 f를 두 배로 합니다.\"\"\"
    expect(student.g(1), "g").equals(2 * expect(student.f(1), "f").integer())
"""
    graded = run(suites.write({**FILES, "test_q2.py": text}, TWO), {"q1": "x = 1", "q2": "def g(x): return 4"})
    assert graded.outcome("test_g_and_f") == "passed"
    assert graded.tests["test_g_and_f"]["carried"] is True


def test_correct_work_costs_one_branch_for_each_question(suite: Any, run: Any, control: Any) -> None:
    run(suite, {"q1": F, "q2": G})
    assert control.branches == 2


def test_all_names_are_asked_for_together_before_anything_hidden_is_there(
    suite: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    defined = InProcessSandbox.defined
    monkeypatch.setattr(
        InProcessSandbox, "defined", lambda self, names: asked.append(list(names)) or defined(self, names)
    )
    first, missing, again = run(suite, {"q1": F, "q2": G}), run(suite, {"q1": F}), run(suite, {"q1": F, "q2": G})
    assert asked == [["f", "g"]] * 3
    assert outcomes(missing, Q1 + Q2) == ["passed"] * 2 + ["blocked"] * 3
    assert outcomes(first, Q1 + Q2) == outcomes(again, Q1 + Q2) == ["passed"] * 5


def test_a_missing_function_blocks_its_tests_and_names_the_cell(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": "def h(x): return 2 * f(x)"})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 2 + ["blocked"] * 3
    assert "`g` 함수가 정의되어 있지 않아" in graded.message(Q2[0])
    assert "`q2` 셀에는 다른 이름의 함수가 있습니다. 함수 이름을 `g`로 되돌려 주세요." in graded.message(Q2[1])


@pytest.mark.parametrize(("written", "earlier"), [("h", True), ("k", False), ("g", False)])
def test_an_answer_to_an_earlier_releases_question_is_told_from_a_renamed_one(written: str, earlier: bool) -> None:
    asked = Question("q2", "둘", 1.0, names=("g",), formerly=("h",))
    scene = Scene((), (asked,), {0: "q2"}, functions_in=lambda _index: frozenset({written}))
    assert scene.answers_earlier_release("g", 0) is earlier


RENAMED, ABSENT, NOT_CALLABLE = "함수 이름을 `g`로 되돌려", "`q2` 셀에 이 함수의 정의가 없습니다.", "함수가 아니거나"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def h(x): return 4", RENAMED),
        ("class G: pass", RENAMED),
        ("h = lambda x: 4", RENAMED),
        ("h: object = lambda x: 4", RENAMED),
        ("x = 1", ABSENT),
        ("import math", ABSENT),
        ("if True:\n    def h(x): return 4", ABSENT),
        ("def _inner(x): return 4", ABSENT),
        ("def f(x): return x + 1", ABSENT),
        ("def frame(x): return x", ABSENT),
        ("# def h(x):", ABSENT),
        ("g = 3", NOT_CALLABLE),
        ("def g(x): return 4\ndel g", NOT_CALLABLE),
    ],
)
def test_a_renaming_is_suspected_only_where_one_happened(
    suite: Any, control: Any, notebook: Any, source: str, said: str
) -> None:
    """Neither another question's function nor a locked cell's, a private helper or an inner one is the renamed one."""
    made = notebook({"setup": "def frame(x): return x", "q1": F, "q2": source})
    made["cells"][0]["metadata"]["nbgrader"] = {"grade_id": "setup", "locked": True, "solution": False}
    run = NotebookRun(
        made, lambda: control.spawn(limits=None, files={}, seed=0, device="cpu", alive=None), [], Limits()
    )
    run.run()
    questions = suite.assignment.questions
    scene = Scene(
        run.cells, questions, run.grade_ids, run.names_in, run.functions_in, frozenset(run.frame), run.numbers
    )
    run.close()
    message = judgement_of(NameMissing("g"), scene, limits=Limits()).message
    assert [part in message for part in (RENAMED, ABSENT, NOT_CALLABLE)] == [
        part == said for part in (RENAMED, ABSENT, NOT_CALLABLE)
    ]


def test_a_name_that_is_not_a_function_counts_as_missing(suite: Any, run: Any) -> None:
    assert run(suite, {"q1": "f = 3", "q2": G}).outcome(Q1[0]) == "blocked"


def test_a_dropped_cell_is_named_as_dropped(suite: Any, run: Any) -> None:
    assert "노트북에 `q2` 셀이 없습니다" in run(suite, {"q1": F}).message(Q2[0])


def test_a_cell_that_raises_costs_only_what_depends_on_it(suite: Any, run: Any) -> None:
    graded = run(suite, {"": "1/0", "q1": "x = 1\nraise MyOwn\n" + F, "q2": "def g(x): return 2 * (x + 1)"})
    assert graded.cells == {0: "error", "q1": "error", "q2": "ok"}
    assert outcomes(graded, Q1 + Q2) == ["blocked"] * 2 + ["passed"] * 3
    assert "`q1` 셀을 실행할 때 2번째 줄에서 NameError 예외가 발생했습니다" in graded.message(Q1[0])
    assert graded.verdicts == ["cell-error"]
    assert graded.result["verdicts"][0]["cell"] == "q1"


def test_a_students_own_exception_class_is_never_named(suite: Any, run: Any) -> None:
    own = "class Leaked_hidden_9(Exception): pass\ndef f(x): raise Leaked_hidden_9(x)\nraise Leaked_hidden_9"
    graded = run(suite, {"q1": own, "q2": G})
    shown = [graded.message(name) for name in Q1] + [v["message"] for v in graded.result["verdicts"]]
    assert not any("Leaked" in text for text in shown)
    assert "예외가 발생했습니다" in graded.message(Q1[0])
    assert "Leaked_hidden_9: 1" in graded.tests[Q1[0]]["detail"]


@pytest.mark.parametrize(
    ("ending", "status", "verdict", "ran"),
    [
        ("hang()", "timeout", "cell-timeout", [[0, 1], [0, 2]]),
        ("die()", "died", "cell-died", [[0, 1], [0, 1], [0, 2]]),
        ("die('memory')", "memory", "cell-memory", [[0, 1], [0, 1], [0, 2]]),
        ("die('scratch')", "died", "cell-files", [[0, 1], [0, 2]]),
        ("forge()", "died", "forged-frame", [[0, 1], [0, 2]]),
    ],
)
def test_a_cell_that_ends_the_process_is_left_out_and_the_others_are_kept(
    suite: Any, run: Any, control: Any, ending: str, status: str, verdict: str, ran: list[list[int]]
) -> None:
    """One that met no limit of its own is tried twice: what ended the process may have been left by another."""
    graded = run(suite, {"q1": F, "": ending, "q2": G})
    assert graded.cells == {"q1": "ok", 1: status, "q2": "ok"}
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert verdict in graded.verdicts
    assert [sandbox.ran for sandbox in control.sandboxes] == ran


def test_an_interrupted_last_cell_needs_no_restart(suite: Any, run: Any, control: Any) -> None:
    control.interruptible = True
    graded = run(suite, {"q1": F, "q2": G, "": "hang()", " ": ""})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert len(control.sandboxes) == 1


def test_an_interrupted_cell_leaves_what_it_had_defined_and_is_never_run_again(
    suite: Any, run: Any, control: Any
) -> None:
    control.interruptible = control.copies = True
    cells = {"": "def half(x): return x + 1\nhang()", " ": "die()", "q1": "f = half", "q2": G}
    graded = run(suite, cells)
    assert graded.cells == {0: "timeout", 1: "died", "q1": "ok", "q2": "ok"}
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert [sandbox.ran for sandbox in control.sandboxes] == [[0, 1, 1, 2, 3]]


def test_a_slow_cell_is_never_run_again(suite: Any, run: Any, control: Any) -> None:
    control.copies = True
    graded = run(suite, {"": "take(20)\nx = 1", "q1": F, " ": "hang()", "q2": "def g(y): return 2 * f(y) * x"})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert [sandbox.ran for sandbox in control.sandboxes] == [[0, 1, 2, 1, 3]], "only the quick cell after the copy"


def test_after_too_many_restarts_the_remaining_cells_are_skipped_but_the_earlier_count(
    suite: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.judge.notebook.MOST_RESTARTS", 4)
    graded = run(suite, {"q1": F, "": "die()", " ": "die()", "  ": "die()", "q2": G})
    assert graded.cells == {"q1": "ok", 1: "died", 2: "died", 3: "skipped", "q2": "skipped"}
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 2 + ["blocked"] * 3
    assert graded.verdicts == ["cell-died"] * 2 + ["notebook-stopped"]
    assert "`q2` 셀을 실행하지 못했습니다" in graded.message(Q2[0])


def test_a_cell_that_dies_of_what_an_earlier_one_left_running_keeps_its_points(
    suite: Any, run: Any, control: Any
) -> None:
    """The second time, with nothing left running, it goes through."""
    original = control.spawn

    def spawn(**options: Any) -> Any:
        sandbox = original(**options)
        sandbox.namespace["first"] = len(control.sandboxes) == 1
        return sandbox

    control.spawn = spawn
    graded = run(suite, {"q1": "if first: die()\n" + F, "q2": G})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert (graded.cells["q1"], graded.verdicts) == ("ok", [])


def test_a_cell_that_ends_only_the_second_run_is_left_out_as_well(suite: Any, run: Any, control: Any) -> None:
    second = "if _n > 1: die()"
    control_cell = "_n = len(_sandboxes)"
    original = control.spawn

    def spawn(**options: Any) -> Any:
        sandbox = original(**options)
        sandbox.namespace["_sandboxes"] = control.sandboxes
        return sandbox

    control.spawn = spawn
    graded = run(suite, {"": control_cell, "q1": F, " ": second, "  ": "die()", "q2": G})
    assert graded.cells == {0: "ok", "q1": "ok", 2: "died", 3: "died", "q2": "ok"}
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5


def test_what_other_cells_use_up_is_never_taken_from_answers_or_tests(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "": "take(200)", " ": "x = 1", "q2": G})
    assert graded.cells == {"q1": "ok", 1: "ok", 2: "skipped", "q2": "ok"}
    assert graded.verdicts == ["notebook-timeout"]
    assert "답안 셀과 채점은 시간을 따로 받습니다" in graded.result["verdicts"][0]["message"]
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5


def test_a_cell_cut_by_what_all_may_use_is_told_once_and_as_that(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "": "take(150)", " ": "hang()", "  ": "x = 1", "q2": G})
    assert graded.cells == {"q1": "ok", 1: "ok", 2: "timeout", 3: "skipped", "q2": "ok"}
    assert graded.result["cells"][2]["limit"] == "notebook"
    assert graded.verdicts == ["notebook-timeout"]
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5


def test_answers_have_a_purse_of_their_own(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F + "\ntake(200)", "": "x = 1", "q2": G})
    assert graded.cells == {"q1": "ok", 1: "ok", "q2": "skipped"}
    assert "답안 셀들에 주어진 계산 시간 180초" in graded.result["verdicts"][0]["message"]


def test_output_beyond_the_limit_is_told(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F + "\nprint('가' * 500)", "q2": G}, limits={"output_kb": 1})
    assert graded.verdicts == ["output-truncated"]
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("hang()", "호출 한 번에 계산 10초"),
        ("sleep()", "sleep처럼 기다리는 곳"),
        ("die()", "실행이 도중에 끝났거나"),
        ("die('memory')", "메모리 한도"),
        ("forge()", "읽을 수 없었습니다"),
    ],
)
def test_a_call_that_ends_its_branch_fails_one_test_and_the_next_gets_a_fresh_branch(
    suite: Any, run: Any, control: Any, ending: str, said: str
) -> None:
    graded = run(suite, {"q1": f"def f(x):\n    if x == 1: {ending}\n    return x + 1", "q2": "def g(x): return 2*x+2"})
    assert outcomes(graded, Q1 + Q2) == ["failed", "passed"] + ["passed"] * 3
    assert said in graded.message(Q1[0])
    assert control.branches == 3
    assert graded.verdicts == (["forged-frame"] if ending == "forge()" else [])


def test_an_earlier_function_that_hangs_does_not_eat_the_time_of_a_later_question(
    suite: Any, run: Any, control: Any
) -> None:
    graded = run(suite, {"q1": "def f(x): hang()", "q2": G}, limits={"question_seconds": 15.0})
    assert outcomes(graded, Q1 + Q2) == ["failed"] * 2 + ["passed"] * 3
    assert "호출 한 번에 계산 10초" in graded.message(Q1[0])
    assert control.clock.cpu == pytest.approx(15 + 10), "q2 waited for f more than once"


def test_a_question_keeps_to_its_seconds_and_says_so(suite: Any, run: Any, control: Any) -> None:
    graded = run(suite, {"q1": F, "q2": "def g(x): hang()"}, limits={"question_seconds": 12.0})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 2 + ["failed"] * 3
    assert control.clock.cpu == pytest.approx(12)
    assert "이 문항에 주어진 시간(계산 12초)을 모두 써서" in graded.message(Q2[0])
    assert "모두 써서" not in graded.message(Q2[1]) + graded.message(Q2[2]), "it is told once"
    assert [graded.tests[name]["limit"] for name in Q2] == ["cpu"] * 3
    assert [graded.tests[name]["cpu_seconds"] for name in Q2] == [12.0, 0.0, 0.0]


def test_calls_that_only_wait_use_up_a_purse_of_their_own(suite: Any, run: Any) -> None:
    limits = {"asleep_seconds": 4.0, "call_seconds": 5.0, "question_seconds": 7.5}
    graded = run(suite, {"q1": F, "q2": "def g(x): sleep()"}, limits=limits)
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 2 + ["failed"] * 3
    assert [graded.tests[name]["limit"] for name in Q2] == ["asleep"] * 3
    assert "기다리는 곳이 있는지" in graded.message(Q2[0])


def test_a_second_attempt_that_runs_out_of_time_leaves_the_first_judgement(suites: Any, run: Any) -> None:
    text = """
@leans_on("f")
@points(3)
def test_g_twice(student):
    \"\"\"g를 두 번 부릅니다.\"\"\"
    expect(student.g(1), "g").equals(4)
    expect(student.g(2), "g").equals(6)
"""
    suite = suites.write({**FILES, "test_q2.py": text}, TWO)
    slow = "def g(x):\n    take(8)\n    return 2 * f(x)"
    graded = run(suite, {"q1": "def f(x): return x", "q2": slow}, limits={"question_seconds": 15.0})
    assert graded.outcome("test_g_twice") == "failed"
    assert graded.message("test_g_twice").startswith("`g`의 값이")


def test_no_question_takes_the_time_of_another(suite: Any, run: Any, control: Any) -> None:
    graded = run(suite, {"q1": "def f(x): hang()", "q2": "def g(x):\n    take(9)\n    return 2 * x + 2"})
    assert outcomes(graded, Q1 + Q2) == ["failed"] * 2 + ["passed"] * 3


@pytest.mark.parametrize("rebuilds", [1, 2, 3])
def test_a_template_that_ends_is_made_again_and_a_function_is_never_called_undefined_for_it(
    suite: Any, run: Any, control: Any, rebuilds: int
) -> None:
    left = [rebuilds]

    def dying() -> None:
        if left[0]:
            left[0] -= 1
            raise SandboxDied("signal")

    control.before_asking = dying
    graded = run(suite, {"q1": F, "q2": G})
    if rebuilds <= 2:
        assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    else:
        assert outcomes(graded, Q1 + Q2) == ["failed"] + ["passed"] * 4
        assert "정의되어 있지 않아" not in graded.message(Q1[0])
    assert graded.verdicts == ["notebook-rebuilt"]
    assert "비정상적으로 끝나 다시 만들었습니다" in graded.result["verdicts"][0]["message"]


def test_a_template_that_does_not_answer_is_ours(suite: Any, run: Any, control: Any) -> None:
    def silent() -> None:
        raise SandboxDied("silent")

    control.before_branch = silent
    with pytest.raises(InfrastructureError, match="sandbox-silent"):
        run(suite, {"q1": F, "q2": G})


def test_a_submission_waits_for_a_busy_machine_no_longer_than_it_is_told(suite: Any, run: Any, control: Any) -> None:
    run(suite, {"q1": F, "q2": G}, starved_seconds=5.0)
    assert control.clock.allowance.starved == 5.0
    run(suite, {"q1": F, "q2": G})
    assert control.clock.allowance.starved == 300.0


def test_where_a_sandbox_cannot_branch_each_question_runs_the_notebook_again(
    suite: Any, run: Any, control: Any
) -> None:
    control.no_branches = True
    graded = run(suite, {"q1": F, "": "1/0", "q2": G})
    assert outcomes(graded, Q1 + Q2) == ["passed"] * 5
    assert [sandbox.ran for sandbox in control.sandboxes] == [[0, 1, 2]] * 3


def test_only_the_questions_asked_for_are_graded(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": F, "q2": G}, only=frozenset({"q2"}))
    assert sorted(graded.tests) == sorted(Q2)


def test_a_survey_may_stop_at_the_first_test_that_is_lost(suite: Any, run: Any) -> None:
    graded = run(suite, {"q1": "def f(x): return x + 41", "q2": G}, stop_at_first_loss=True)
    assert list(graded.tests) == Q1[:1]
    assert graded.outcome(Q1[0]) == "failed"
    assert len(run(suite, {"q1": F, "q2": G}, stop_at_first_loss=True).tests) == len(Q1 + Q2)


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("student.probe('no_such_probe')", "no_such_probe"),
        ("reference.check()", "the reference is wrong"),
        ("expect(1.0).close_to(math.nan)", "finite"),
        ("pytest.skip('later')", "later"),
        ("student.f(object())", "TypeError"),
    ],
)
def test_a_mistake_of_ours_is_an_error_and_not_the_students_failure(
    suites: Any, run: Any, body: str, inside: str
) -> None:
    text = f'@points(2)\ndef test_ours(student, reference):\n    """우리 잘못입니다."""\n    {body}\n'
    reference = "def check():\n    assert False, 'the reference is wrong'\n"
    suite = suites.write({"test_q1.py": text, "reference.py": reference}, {"q1": (2, ["f"])})
    graded = run(suite, {"q1": F})
    assert graded.outcome("test_ours") == "error"
    assert inside in graded.tests["test_ours"]["detail"]
    assert "점수에 불이익은 없습니다" in graded.message("test_ours")
    assert inside not in graded.message("test_ours")


@pytest.mark.parametrize("body", ["assert student.f(1) == 3", "with pytest.raises(ValueError):\n        student.f(1)"])
def test_a_plain_assertion_fails_without_showing_values(suites: Any, run: Any, body: str) -> None:
    text = f'@points(2)\ndef test_plain(student):\n    """평범합니다."""\n    {body}\n'
    suite = suites.write({"test_q1.py": text}, {"q1": (2, ["f"])})
    graded = run(suite, {"q1": F})
    assert graded.outcome("test_plain") == "failed"
    assert not any(character.isdigit() for character in graded.message("test_plain"))


BADGE = FILES["test_q1.py"] + '\n@gpu\ndef test_badge(student):\n    """배지입니다."""\n    student.f(1)\n'


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_badge_is_deferred_by_a_job_for_points_and_alone_in_a_job_for_badges(
    suites: Any, run: Any, device: str
) -> None:
    suite = suites.write({"test_q1.py": BADGE}, {"q1": (2, ["f"])})
    graded = run(suite, {"q1": F}, device=device)
    assert graded.outcome("test_badge") == "deferred"
    assert graded.tests["test_badge"]["badge"] is True
    assert graded.tests["test_badge"]["points"] == 0
    assert len(graded.tests) > 1
    alone = run(suite, {"q1": F}, device=device, badges=True)
    assert [(name, test["outcome"]) for name, test in alone.tests.items()] == [("test_badge", "passed")]


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_badge_is_told_the_device(suites: Any, run: Any, device: str) -> None:
    text = FILES["test_q1.py"] + f'\n@gpu\ndef test_badge(device):\n    """배지."""\n    assert device == "{device}"\n'
    suite = suites.write({"test_q1.py": text}, {"q1": (2, ["f"])})
    assert run(suite, {"q1": F}, device=device, badges=True).outcome("test_badge") == "passed"


def test_a_stand_in_that_is_broken_is_our_error(suites: Any, run: Any) -> None:
    only_there = "\nSTAYS = {'f': 'to be broken there'}\nif hasattr(student, 'g'): 1 / 0\n"
    files = {**FILES, "probes.py": FILES["probes.py"] + only_there}
    graded = run(suites.write(files, TWO), {"q1": "def f(x): return x", "q2": G})
    assert graded.outcome(Q2[0]) == "error"
    assert "did not install" in graded.tests[Q2[0]]["detail"]


def test_trouble_of_the_machine_ends_the_job_instead_of_failing_the_student(suite: Any, run: Any, control: Any) -> None:
    def lost() -> None:
        raise InfrastructureError("fork-server-gone", "연결이 끊겼습니다.")

    control.before_branch = lost
    with pytest.raises(InfrastructureError):
        run(suite, {"q1": F, "q2": G})
    assert all(sandbox.killed for sandbox in control.sandboxes)
