"""Realistic grade records, one for each situation that a report must tell."""

from __future__ import annotations

import base64
import functools
import io
import struct
import zlib
from pathlib import Path
from typing import Any

from autograder.model import (
    Assignment,
    CellRun,
    GradeRecord,
    Limits,
    Outcome,
    Question,
    QuestionScore,
    RecordState,
    TestOutcome,
    Verdict,
)
from tests.report.hostile import HOSTILE, PAYLOADS, code_cell, hostile_notebook, locked_text, markdown_cell

__all__ = ["HOSTILE", "PAYLOADS", "hostile_notebook"]

SECRET_NAME = "test_hidden_softmax_rows"
SECRET_DETAIL = "expected 0.7310585786 got nan, hidden x = [3.25, -1.75]"

QUESTIONS = (
    ("q1", "활성화 함수와 도함수", 12, "act_and_grad"),
    ("q2", "순전파", 12, "forward"),
    ("q3", "손으로 쓰는 역전파", 20, "backward"),
    ("q4", "층별 기울기의 크기", 16, "grad_norms"),
    ("q5", "야코비 행렬의 상한", 14, "jacobian_bound"),
    ("q6", "층마다 줄어드는 비율", 10, "decay_factor"),
    ("q7", "깊이에 따른 정확도", 16, "depth_sweep"),
)
TITLES = {
    "q1": (
        "시그모이드의 도함수는 z에서의 값으로 계산합니다.",
        "절댓값이 1000인 입력에서도 넘치지 않습니다.",
        "입력 z를 바꾸지 않습니다.",
    ),
    "q2": (
        "은닉층의 수가 달라도 zs와 hs의 길이가 맞습니다.",
        "마지막 층에는 활성화 함수를 쓰지 않습니다.",
        "손으로 계산한 값과 같습니다.",
    ),
    "q3": (
        "마지막 층의 delta는 softmax에서 정답을 뺀 값입니다.",
        "N으로 나누어 평균을 냅니다.",
        "은닉층의 delta에는 그 층의 도함수를 곱합니다.",
    ),
    "q4": (
        "어떤 MLP에서도 층별 기울기의 크기를 구합니다.",
        "모델의 파라미터와 `.grad`를 바꾸지 않습니다.",
        "배치 전체의 노름을 구합니다.",
    ),
    "q5": ("시그모이드의 상한은 층마다 1/4을 곱합니다.", "빈 목록이면 1.0입니다.", "스펙트럼 노름을 씁니다."),
    "q6": ("로그의 기울기에서 비율을 구합니다.", "0이나 유한하지 않은 값은 빼고 계산합니다."),
    "q7": (
        "같은 시드는 같은 결과를 냅니다.",
        "깊은 시그모이드 망은 배우지 못합니다.",
        "학습 데이터가 아니라 시험 데이터의 정확도입니다.",
    ),
}

QUESTION_TEXT = """### 문제 4. 층별 기울기의 크기 (16점)

`grad_norms(model, x, y) -> {"delta": (L,), "weight": (L,)}`

$$\\lVert \\delta_l \\rVert = \\sqrt{\\sum_i \\delta_{l,i}^2}, \\qquad l = 1, \\dots, L$$

| 이름 | 모양 | 뜻 |
|---|---|---|
| `x` | $(N, D)$ | 입력 |

<details><summary>힌트</summary>

`torch.autograd.grad`를 쓰면 `.grad`가 그대로입니다.

</details>
"""


def assignment(folder: Path = Path("suite"), master: Path | None = None) -> Assignment:
    """Return the first assignment with its seven questions and a reflection."""
    questions = tuple(
        Question(q, title, float(points), names=(name,), solution_cell=q, check_cell=f"{q}-check")
        for q, title, points, name in QUESTIONS
    )
    reflection = Question(
        "reflection", "돌아보기", 10.0, manual=True, solution_cell="reflection", check_cell="reflection"
    )
    return Assignment(
        id="01-vanishing-gradients",
        title="기울기 소실",
        points=100.0,
        questions=(*questions, reflection),
        limits=Limits(),
        runner="cpu",
        notebook="01-vanishing-gradients.ipynb",
        extra_files=(),
        suite_dir=folder,
        suite_hash="5" * 64,
        master=master,
    )


def outcomes(
    changes: dict[str, tuple[Outcome, str]] | None = None, *, carried: frozenset[str] = frozenset()
) -> tuple[TestOutcome, ...]:
    """Return every test passed, but for those named ``q3/1`` (question and place) in `changes`."""
    made = []
    for question, _, points, _ in QUESTIONS:
        titles = TITLES[question]
        share, rest = divmod(points, len(titles))
        for place, title in enumerate(titles):
            outcome, message = (changes or {}).get(f"{question}/{place}", (Outcome.PASSED, ""))
            name = SECRET_NAME if (question, place) == ("q3", 0) else f"test_{question}_{place}_named_in_secret"
            made.append(
                TestOutcome(
                    name,
                    question,
                    title,
                    float(share + (rest if place == 0 else 0)),
                    outcome,
                    message=message,
                    detail=SECRET_DETAIL if outcome is not Outcome.PASSED else "",
                    seconds=0.02,
                    carried=f"{question}/{place}" in carried,
                )
            )
    return tuple(made)


def record(student: str = "2026-10001", found: tuple[TestOutcome, ...] | None = None, **changes: Any) -> GradeRecord:
    """Return a record whose scores follow from its tests, with fields replaced by `changes`."""
    found = outcomes() if found is None else found
    scores = []
    for question, _, points, _ in QUESTIONS:
        own = [t for t in found if t.question == question and not t.badge]
        ours = not own or any(t.outcome in (Outcome.ERROR, Outcome.DEFERRED) for t in own)
        earned = None if ours else sum(t.points for t in own if t.outcome is Outcome.PASSED)
        scores.append(QuestionScore(question, earned, float(points), "needs-staff" if ours else "graded"))
    known = [s.earned for s in scores]
    score = None if None in known else float(sum(e for e in known if e is not None))
    staff = score is None
    fields: dict[str, Any] = {
        "student": student,
        "assignment": "01-vanishing-gradients",
        "digest": "c0ffee" * 10 + "abcd",
        "suite_hash": "5" * 64,
        "grader_version": "0.1.0",
        "state": RecordState.NEEDS_STAFF if staff else RecordState.GRADED,
        "score": score,
        "possible": 100.0,
        "questions": (*scores, QuestionScore("reflection", None, 10.0, "manual")),
        "tests": found,
        "cells": tuple(CellRun(i, "", "ok", seconds=0.1) for i in range(3)),
        "executed": notebook(),
        "source": "submitted/2026-10001/01-vanishing-gradients",
        "received_at": "2026-09-21T23:10:04+09:00",
        "graded_at": "2026-09-22T02:00:11+09:00",
        "seconds": 6.4,
        "reasons": ("test-error",) if staff else (),
        "environment": {"unsafe": False, "device": "cpu"},
        "seeds": {"secret": "ab12", "notebook": 20260901},
    }
    return GradeRecord(**{**fields, **changes})


def perfect() -> GradeRecord:
    badge = TestOutcome("test_gpu_speed", "", "GPU에서도 같은 값이 나옵니다.", 0.0, Outcome.PASSED, badge=True)
    return record("2026-10001", (*outcomes(), badge))


def partial() -> GradeRecord:
    found = outcomes(
        {
            "q3/1": (
                Outcome.FAILED,
                "값이 기대한 것의 N배입니다. 손실이 배치의 평균이므로 `N`으로 나누었는지 확인해 보세요.",
            ),
            "q3/2": (
                Outcome.FAILED,
                "은닉층의 delta가 다릅니다. 도함수를 `a`가 아니라 `z`에서 계산했는지 확인해 보세요.",
            ),
            "q6/1": (Outcome.FAILED, "값이 유한하지 않습니다. 0의 로그를 취하지 않았는지 확인해 보세요."),
        }
    )
    badge = TestOutcome("test_gpu_speed", "", "GPU에서도 같은 값이 나옵니다.", 0.0, Outcome.DEFERRED, badge=True)
    return record("2026-10002", (*found, badge))


def blocked() -> GradeRecord:
    missing = (
        Outcome.BLOCKED,
        "`grad_norms` 함수가 없습니다. 함수 이름을 바꾸었거나 그 셀에서 오류가 났는지 확인해 보세요.",
    )
    found = outcomes({f"q4/{place}": missing for place in range(3)})
    cells = (
        CellRun(1, "", "ok", seconds=0.2),
        CellRun(2, "q4", "error", ename="NameError", line=2, seconds=0.1),
        CellRun(3, "", "ok", seconds=0.1),
    )
    return record("2026-10003", found, cells=cells)


def carried() -> GradeRecord:
    wrong = (
        Outcome.FAILED,
        "시그모이드의 도함수가 다릅니다. `a * (1 - a)`에서 `a`가 시그모이드의 값인지 확인해 보세요.",
    )
    return record("2026-10004", outcomes({"q1/0": wrong}, carried=frozenset({"q2/2", "q3/2"})))


def error() -> GradeRecord:
    found = outcomes({"q5/2": (Outcome.ERROR, "ZeroDivisionError in the grader's own code")})
    return record("2026-10005", found, reasons=("test-error",))


def deferred() -> GradeRecord:
    found = outcomes({"q7/2": (Outcome.DEFERRED, "GPU 실행기에서 채점합니다.")})
    return record("2026-10006", found, reasons=("tests-missing",))


def timeouts() -> GradeRecord:
    late = (Outcome.FAILED, "10초 안에 끝나지 않았습니다. 반복문의 횟수를 확인해 보세요.")
    found = outcomes({"q7/0": late, "q7/1": late, "q7/2": late})
    cells = (
        CellRun(1, "", "ok", seconds=0.2),
        CellRun(2, "q4", "timeout", line=3, seconds=60.0),
        CellRun(3, "", "skipped"),
        CellRun(4, "", "skipped"),
    )
    verdicts = (
        Verdict("cell-timeout", "60초 안에 끝나지 않은 셀이 있습니다. 반복이 끝나는지 확인해 보세요.", cell="q4"),
        Verdict("locked-cell-edited", "잠긴 셀이 바뀌어 있어 원본으로 되돌려 채점했습니다.", cell="q2-check"),
    )
    return record("2026-10007", found, cells=cells, verdicts=verdicts)


def fatal() -> GradeRecord:
    verdict = Verdict(
        "notebook-not-json",
        "노트북 파일이 끝까지 저장되지 않았습니다. Jupyter에서 다시 열어 저장한 뒤 제출하세요.",
        fatal=True,
        detail=f"JSONDecodeError at 1, {SECRET_DETAIL}",
    )
    return record(
        "2026-10008", (), cells=(), executed=None, verdicts=(verdict,), reasons=("notebook-not-json",), seconds=0.0
    )


def hostile() -> GradeRecord:
    """Return a record with payloads in every field that a student, or a broken part of ours, could reach."""
    found = [
        TestOutcome(SECRET_NAME, q, HOSTILE, 1.0, Outcome.FAILED, message=HOSTILE, detail=SECRET_DETAIL + HOSTILE)
        for q, *_ in QUESTIONS
    ]
    found.append(TestOutcome(HOSTILE, HOSTILE, HOSTILE, 1.0, Outcome.FAILED, message=HOSTILE, badge=True))
    return record(
        HOSTILE,
        tuple(found),
        digest=HOSTILE,
        cells=(
            CellRun(1, HOSTILE, "error", ename=HOSTILE, line=1),
            CellRun(2, HOSTILE, HOSTILE, ename=HOSTILE, line=10**9),
        ),
        verdicts=(Verdict(HOSTILE, HOSTILE, cell=HOSTILE, detail=HOSTILE), Verdict(HOSTILE, HOSTILE, cell="1")),
        source=HOSTILE,
        received_at=HOSTILE,
        graded_at=HOSTILE,
        reasons=(HOSTILE, "test-error"),
        state=RecordState.NEEDS_STAFF,
        executed=hostile_notebook(),
        environment={"unsafe": False, "device": HOSTILE},
    )


def everybody() -> list[GradeRecord]:
    return [perfect(), partial(), blocked(), carried(), error(), deferred(), timeouts(), fatal()]


def notebook() -> dict[str, Any]:
    """Return an executed notebook with code, streams, a table, a figure, an error and a reflection."""
    rows = "<tr><td>1</td><td>0.89</td></tr><tr><td>4</td><td>0.08</td></tr>"
    table = f"<table border=1 class=dataframe><tr><th>깊이</th><th>정확도</th></tr>{rows}</table>"
    return {
        "cells": [
            markdown_cell("# 기울기 소실\n\n아주 긴 안내 글입니다. $\\sigma'(z) \\le 1/4$", None),
            code_cell(
                "import torch\n\n\ndef act_and_grad(name, z):\n    a = torch.sigmoid(z)\n    return a, a * (1 - a)",
                [{"output_type": "stream", "name": "stdout", "text": "\x1b[32m준비 완료\x1b[0m\n"}],
                "q1",
            ),
            code_cell(
                "def grad_norms(model, x, y):\n    return {'delta': norms(model), 'weight': None}\n\ngrad_norms(net)",
                [
                    {
                        "output_type": "error",
                        "ename": "NameError",
                        "evalue": "name 'norms' is not defined",
                        "traceback": ["\x1b[31mNameError\x1b[0m: name 'norms' is not defined"],
                    }
                ],
                "q4",
            ),
            code_cell(
                "plot_depths(results)",
                [
                    {
                        "output_type": "display_data",
                        "data": {"image/png": plot_png(), "text/plain": "<Figure>"},
                        "metadata": {},
                    },
                    {
                        "output_type": "execute_result",
                        "execution_count": 3,
                        "data": {"text/html": table, "text/plain": "t"},
                        "metadata": {},
                    },
                ],
                None,
            ),
            markdown_cell(
                "깊은 시그모이드 망에서는 층을 지날 때마다 기울기가 최대 1/4이 되어, 앞쪽 층이 거의 배우지 못합니다.",
                "reflection",
            ),
            locked_text(QUESTION_TEXT, "q4-text"),
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def png(width: int = 4, height: int = 4) -> bytes:
    """Return a small grey PNG, or one that only says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 64) for _ in range(min(height, 64))))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


@functools.cache
def plot_png() -> str:
    """Return the base64 of a figure as a student's notebook draws it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.6), dpi=100)
    axes = figure.subplots()
    for name, values in {"sigmoid": (0.89, 0.69, 0.08), "tanh": (0.96, 0.97, 0.97), "relu": (0.96, 0.97, 0.96)}.items():
        axes.plot((1, 2, 4), values, marker="o", label=name)
    axes.set_xlabel("depth")
    axes.set_ylabel("test accuracy")
    axes.legend()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
