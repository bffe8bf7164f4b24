"""The Korean words of both reports: outcomes, states, reasons. Data and small pure functions, no markup."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.grading.fault import ASSEMBLY_FAILED, INFRASTRUCTURE, MACHINE_BUSY, TEST_ERROR, TESTS_MISSING
from autograder.marks import FiguresState
from autograder.model import NOT_BEGUN, CellRun, GradeRecord, Outcome

__all__ = [
    "CARRIED",
    "FIGURES",
    "LABELS",
    "LIMIT_WORDS",
    "badge_word",
    "cell_sentence",
    "expectation",
    "left_word",
    "number",
    "question_label",
    "reason_sentence",
    "reasons_of",
    "seconds_word",
    "time_word",
]

CARRIED = "앞 문제의 함수를 올바른 것으로 바꾸어 채점한 테스트가 있습니다."
"""Of a question: which of its tests is not told, as that is more than the score says (see `judge.told`)."""


@dataclass(frozen=True, slots=True)
class Label:
    """A sign and a word: meaning never hangs on colour alone."""

    sign: str
    word: str


LABELS: Mapping[str, Label] = {
    "passed": Label("✓", "통과"),
    "failed": Label("✗", "불통과"),
    "blocked": Label("–", "실행되지 않음"),
    "deferred": Label("◷", "GPU 대기"),
    "error": Label("?", "조교 확인"),
}

_REASONS: Mapping[str, str] = {
    TEST_ERROR: "채점 테스트가 스스로 실패했습니다. 학생의 잘못이 아닙니다. 테스트를 고친 뒤 다시 채점하세요.",
    TESTS_MISSING: "일부 문항의 테스트 결과가 돌아오지 않았습니다. GPU 채점이 남았는지 확인하고 다시 채점하세요.",
    INFRASTRUCTURE: "채점 장비의 문제로 채점을 마치지 못했습니다. 장비를 확인한 뒤 다시 채점하세요.",
    MACHINE_BUSY: "채점 장비가 바빠 채점을 마치지 못했습니다. 틀렸다는 뜻이 아닙니다. 덜 바쁠 때 다시 채점하세요.",
    ASSEMBLY_FAILED: "제출물을 채점할 형태로 바꾸다가 채점기가 실패했습니다. 노트북을 직접 열어 보세요.",
    "forged-frame": "학생 코드가 채점기와 주고받는 자료의 형식을 어겼습니다. 코드를 직접 읽고 고의인지 판단하세요.",
    "student-collision": "서로 다른 제출물이 같은 학생 이름으로 들어왔습니다. 누구의 것인지 확인하세요.",
    "student-name": "학생 이름을 그대로 쓸 수 없어 바꾸었습니다. 명단과 맞는지 확인하세요.",
    "submission-ambiguous": "제출물에 노트북이 둘 이상 있습니다. 어느 것을 채점할지 정하세요.",
    "notebook-unreadable": "노트북 파일을 읽을 수 없습니다. 학생에게 다시 제출해 달라고 요청하세요.",
    "unsafe-record": "격리 없이 채점한 기록입니다. 성적으로 쓸 수 없으니 격리된 환경에서 다시 채점하세요.",
}

_CELL_STATUS: Mapping[str, str] = {
    "error": "오류가 나서 멈췄습니다",
    "timeout": "제한 시간 안에 끝나지 않았습니다",
    "died": "실행 중에 파이썬 프로세스가 끝났습니다",
    "memory": "메모리 한도를 넘었습니다",
    "skipped": "앞에서 멈추어 실행되지 않았습니다",
}


LIMIT_WORDS: Mapping[str, str] = {
    "cpu": "계산 시간 한도",
    "asleep": "대기 시간 한도",
    "notebook": "셀 전체의 계산 시간 한도",
}
"""For staff: which limit ended a cell or a test."""


def reason_sentence(code: str, messages: Mapping[str, str]) -> str:
    """Return why a person is needed, for staff: our own sentence, else what the student was told (`messages`)."""
    if code in _REASONS:
        return _REASONS[code]
    if messages.get(code):
        return f"자동으로 채점하지 못했습니다. 학생에게 보인 안내: {messages[code]}"
    return "자동으로 판단하지 못했습니다. 채점 기록을 직접 확인하세요."


def reasons_of(record: GradeRecord, *more: str) -> tuple[tuple[str, str, str], ...]:
    """Return why a person is needed for a record, for staff: code, sentence, and what of it is ours to look at.

    Args:
        record: a record that needs a person.
        more: further codes that hold for it.
    """
    messages = {v.code: v.message for v in record.verdicts}
    codes = (*record.reasons, *more) or (TESTS_MISSING,)
    return tuple((code, reason_sentence(code, messages), _own_detail(code, record)) for code in codes)


def _own_detail(code: str, record: GradeRecord) -> str:
    """Return where a machine's seconds went, or which tests raised; the details of other reasons stay in the record."""
    if code == TEST_ERROR:
        return ", ".join(dict.fromkeys(t.name for t in record.tests if t.outcome is Outcome.ERROR))
    if code == MACHINE_BUSY:
        return next((v.detail for v in record.verdicts if v.code == code), "")
    return ""


def expectation(title: str, outcome: Outcome) -> str:
    """Return how a test is titled beside its outcome.

    Titles say what holds of a right answer. Beside a test that was not passed that reads like a finding, so there it is
    named as what was expected. That a question was not begun is a finding, and stays as it is.

    Example:
        >>> expectation("입력을 바꾸지 않습니다.", Outcome.FAILED)
        '기대: 입력을 바꾸지 않습니다.'
    """
    return title if outcome is Outcome.PASSED or title == NOT_BEGUN else f"기대: {title}"


def cell_sentence(run: CellRun) -> str:
    """Return what happened to a cell that did not run to its end."""
    return _CELL_STATUS.get(run.status, "끝까지 실행되지 않았습니다")


def badge_word(outcomes: set[Outcome]) -> tuple[str, str] | None:
    """Return sign and words for the GPU badge of one record, or None if the suite has none."""
    if not outcomes:
        return None
    if Outcome.ERROR in outcomes:
        return "?", "GPU 배지: 조교 확인"
    if Outcome.DEFERRED in outcomes:
        return "◷", "GPU 배지: GPU 장비에서 채점 대기"
    if outcomes == {Outcome.PASSED}:
        return "✓", "GPU 배지 획득"
    return "–", "GPU 배지: 아직 얻지 못함"


def question_label(question_id: str) -> str:
    """Return the short name on bars and in tables: ``q3`` becomes ``Q3``; a longer id has none."""
    return question_id.upper() if len(question_id) <= 4 else ""


def number(value: float | None) -> str:
    """Return points without trailing zeros, at most two decimals; an en dash for what nobody knows yet."""
    return "–" if value is None else f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:.0f}"


def seconds_word(seconds: float) -> str:
    """Return a duration in Korean: 0.4초, 12초, 3분 5초."""
    if seconds < 10:
        return f"{seconds:.1f}초"
    whole = round(seconds)
    return f"{whole}초" if whole < 60 else f"{whole // 60}분 {whole % 60}초"


def left_word(seconds: float) -> str:
    """Return how long something still takes, as coarsely as it is known: 약 40초 남음, 약 3분 남음."""
    if seconds < 5:
        return "곧 끝남"
    if seconds <= 50:
        return f"약 {math.ceil(seconds / 10) * 10}초 남음"
    half = max(round(seconds / 30), 2)
    if half < 10:
        return f"약 {half // 2}분 {'30초 ' if half % 2 else ''}남음"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"약 {minutes}분 남음"
    hours, minutes = divmod(round(minutes / 10) * 10, 60)
    return f"약 {hours}시간 {f'{minutes}분 ' if minutes else ''}남음"


def time_word(cpu_seconds: float, seconds: float, limit: str = "") -> str:
    """Return what a cell or test used, for staff: CPU and wall-clock seconds, and which limit it met."""
    met = f", {LIMIT_WORDS.get(limit, limit)} 도달" if limit else ""
    return f"CPU {cpu_seconds:.2f}초, 실제 {seconds:.2f}초{met}"


FIGURES = {
    FiguresState.DUE: "그림은 채점이 끝난 뒤 채워집니다. 점수는 이미 정해졌고, 그림 때문에 바뀌지 않습니다.",
    FiguresState.LEFT: "실험 셀은 점수와 상관이 없어 채점할 때 실행하지 않았습니다. 그래서 그 셀의 그림이 없습니다.",
    FiguresState.FAILED: "채점 장비의 문제로 실험 셀의 그림을 만들지 못했습니다. 점수에는 영향이 없습니다.",
}
"""What a student is told of outputs that are not there."""
