from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from course import check, ready, summary
from course.result import CheckResult, Line, Score


def test_an_unwritten_function_is_told_once(in_assignment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {}
    exec("def forward(x, Ws, bs, act):\n    raise NotImplementedError", namespace)
    assert check("q2", namespace) == 0
    assert capsys.readouterr().out.count("아직 작성하지 않았습니다.") == 1


def test_a_function_that_was_not_run_is_named(in_assignment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("q5", {}) == 0
    assert "jacobian_bound" in capsys.readouterr().out


def test_an_exception_tells_the_line_of_the_cell(in_assignment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"torch": torch}
    exec("def forward(x, Ws, bs, act):\n    y = 1\n    return torch.ones(2, 3) @ torch.ones(2, 3)", namespace)
    assert check("q2", namespace) == 0
    said = capsys.readouterr().out
    assert "셀의 3번째 줄(forward 함수)에서 오류가 발생했습니다. RuntimeError" in said
    assert "전치" in said


@pytest.mark.parametrize(
    "body", ["raise SystemExit(3)", "raise KeyError", "return Evil()", "return None", "raise Bad()"]
)
def test_check_never_raises(body: str, in_assignment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {}
    exec(
        "class Evil:\n def __getattr__(self, name): raise RuntimeError('no')\n def __len__(self): return -1\n"
        "class Bad(Exception):\n def __str__(self): raise ValueError\n"
        f"def decay_factor(norms):\n {body}",
        namespace,
    )
    assert check("q6", namespace) == 0
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize(("question", "said"), [("q99", "checks/q99.py"), ("../q1", "따옴표"), (1, "따옴표")])
def test_a_question_without_a_check_file_is_explained(
    question: Any, said: str, in_assignment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(question, {}) == 0
    assert said in capsys.readouterr().out


def test_a_broken_check_file_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "q1.py").write_text("name = ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert check("q1", {}) == 0
    assert "SyntaxError" in capsys.readouterr().out


def test_warnings_become_notes_and_nothing_reaches_stderr(
    solved: dict[str, Any], in_assignment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = solved["decay_factor"]

    def decay_factor(norms: torch.Tensor) -> float:
        warnings.warn("조심하세요", UserWarning, stacklevel=1)
        print("또 하나", file=sys.stderr)
        return reference(norms)

    assert check("q6", {"decay_factor": decay_factor}) == 8
    said = capsys.readouterr()
    assert said.err == ""
    assert "UserWarning: 조심하세요" in said.out
    assert "또 하나" in said.out


def test_random_states_are_given_back(solved: dict[str, Any], in_assignment: Path) -> None:
    torch.manual_seed(5)
    np.random.seed(5)
    expected = torch.rand(1).item(), np.random.rand()
    torch.manual_seed(5)
    np.random.seed(5)
    check("q7", solved)
    assert (torch.rand(1).item(), np.random.rand()) == expected


def test_student_text_is_escaped_in_html() -> None:
    evil = "<img src=x onerror=alert(1)>"
    html = CheckResult("q1<b>", [Line(evil, False, 1, evil, evil, evil)], 0, 1, [evil]).html()
    assert "<img" not in html
    assert "q1<b>" not in html
    assert html.count("&lt;img") == 5


def test_code_between_backticks_is_set_as_code() -> None:
    line = Line("`x`를 바꾸지 않습니다", False, 1.0, symptom="<b> `a[0] < 1`", next_step="`raise`를 지우세요.")
    result = CheckResult("q1", [line], 0.0, 1.0, ["UserWarning: `N`"])
    html = result.html()
    assert "<code>x</code>를 바꾸지" in html
    assert "&lt;b&gt; <code>a[0] &lt; 1</code>" in html
    assert "<code>raise</code>를 지우세요." in html
    assert "<code>N</code>" in html
    assert "raise를 지우세요." in result.text()
    assert "`" not in html + result.text()


def test_jupyter_shows_words_and_nbgrader_reads_points() -> None:
    from IPython.core.formatters import DisplayFormatter
    from nbformat.v4 import new_code_cell, new_output
    from nbgrader.utils import determine_grade

    data, _ = DisplayFormatter().format(Score(7, 12))
    assert "공개 점검 점수" in data["text/html"]
    cell = new_code_cell(outputs=[new_output("execute_result", data=data)])
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 12}
    assert determine_grade(cell) == (7.0, 12.0)


def test_ready_names_the_questions_still_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace: dict[str, Any] = {}
    exec("def forward(x):\n    raise NotImplementedError\ndef act_and_grad(name, z):\n    return z, z", namespace)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace(user_ns=namespace)))
    assert ready(q1="act_and_grad")
    assert capsys.readouterr().out == ""
    assert not ready(q1="act_and_grad", q2="forward", q3="backward")
    assert "먼저 문제 2(forward), 문제 3(backward)의" in capsys.readouterr().out
    assert not ready(q1=("act_and_grad", "forward"))
    assert "먼저 문제 1(forward)의" in capsys.readouterr().out


def test_the_summary_adds_the_latest_scores(
    solved: dict[str, Any], in_assignment: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.checks._latest", {})
    summary()
    assert "아직 점검한 문제가 없습니다" in capsys.readouterr().out
    check("q5", {})
    check("q5", solved)
    check("q6", {})
    capsys.readouterr()
    summary()
    assert "합계: 10 / 18점" in capsys.readouterr().out


def test_the_summary_counts_on_after_nine(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.checks._latest", {q: Score(1.0, 1.0) for q in ("q10", "q2", "q1")})
    summary()
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()][:3] == ["q1", "q2", "q10"]


def run_as_student(script: str, folder: Path) -> None:
    """Run in a new interpreter, in `folder`, with every attempt to write a file ending in an error."""
    guard = (
        "import os, sys\nsys.dont_write_bytecode = True\n"
        "def guard(event, args):\n"
        " if event in ('os.mkdir', 'os.rename', 'os.remove'): raise PermissionError(args)\n"
        " if event == 'open' and isinstance(args[0], str) and not args[0].startswith(('/dev/', '/proc/')):\n"
        "  if (args[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT): raise PermissionError(args)\n"
    )
    program = guard + "import torch\nsys.addaudithook(guard)\n" + script
    done = run_python(program, folder)
    assert done.returncode == 0, done.stderr[-2000:]


def run_python(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )


def test_check_needs_no_staff_file_and_writes_nothing(tmp_path: Path, in_assignment: Path) -> None:
    folder = tmp_path / "제출 폴더"
    shutil.copytree(in_assignment, folder)
    before = sorted(folder.rglob("*"))
    script = (
        "from course import check\n"
        "def jacobian_bound(Ws, act):\n"
        " out = 1.0\n"
        " for W in Ws: out *= (0.25 if act == 'sigmoid' else 1.0) * torch.linalg.matrix_norm(W, 2).item()\n"
        " return out\n"
        "assert check('q5') == 10\n"
        "assert not any(name.split('.')[0] in ('autograder', 'otter', 'nbgrader') for name in sys.modules)\n"
    )
    run_as_student(script, folder)
    assert sorted(folder.rglob("*")) == before


def test_otter_itself_reads_and_runs_the_check_files(in_assignment: Path) -> None:
    script = (
        "from otter.test_files import create_test_file\nfrom otter.nbmeta_config import NBMetadataConfig\n"
        "file = create_test_file('checks/q5.py', NBMetadataConfig())\n"
        "file.run({'jacobian_bound': lambda Ws, act: 1.0})\n"
        "assert (len(file.test_cases), file.possible, file.score) == (3, 10, 2), file.score\n"
        "from course import check\nassert check('q5', {'jacobian_bound': lambda Ws, act: 1.0}) == 2\n"
    )
    done = run_python(script, in_assignment)
    assert done.returncode == 0, done.stderr[-2000:]


def test_importing_course_loads_nothing_heavy() -> None:
    script = (
        "import sys, course\n"
        "heavy = {'torch', 'numpy', 'matplotlib', 'sklearn', 'otter', 'IPython', 'autograder', 'nbformat'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
