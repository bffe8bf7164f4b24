"""What a receipt says, as plain data for the page and as sentences for the file beside the notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.course_file import time_words
from autograder.korean import fill
from autograder.report.standing import late_words
from autograder.service.receipt import OUTSIDE, Receipt

__all__ = ["blank_words", "receipt_sentences", "receipt_values"]


def receipt_values(receipt: Receipt, told: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Return what a receipt says, None where the submission has not been read or was not handed in.

    Args:
        receipt: the receipt.
        told: what its reading found, by default what is written down.

    Returns:
        ``attempt``, ``notebook`` (file name or ""), ``due`` (a time, "" for no date) and ``late`` (a sentence, "" for
        none) as they were when it arrived, ``blank`` (a sentence, "" if nothing is blank or nothing can be said),
        ``blank_questions``, ``problems`` (sentences: the work is not graded or earns nothing as it is), ``notes``
        (further sentences) and ``fine``: there is nothing to do.
    """
    told = receipt.told if told is None else told
    if not told or receipt.folder.startswith(OUTSIDE):
        return None
    zone, due = str(told["timezone"]), str(told["due"])
    late = late_words(due, receipt.received_at, None)
    due_time = time_words(due, zone) if due else ""
    notes = [str(note) for note in told["notes"]]
    if told["left"]:
        notes.append(f"함께 있던 파일은 받지 않았습니다: {', '.join(told['left'])}")
    if receipt.claimed_at and receipt.claimed_at != receipt.received_at:
        notes.append("제출에 적힌 시각이 서버의 시각과 달라 서버의 시각을 씁니다.")
    blank = blank_words(told["blank"], int(told["questions"])) if not told["problems"] else ""
    return {
        "attempt": int(told["attempt"]),
        "notebook": str(told["notebook"]),
        "due": due_time,
        "late": late,
        "blank": blank,
        "blank_questions": list(told["blank"]),
        "problems": [str(problem) for problem in told["problems"]],
        "notes": notes,
        "fine": not (told["problems"] or blank or late),
    }


def receipt_sentences(values: Mapping[str, Any]) -> list[str]:
    """Return the sentences of `receipt_values`, what needs doing first."""
    lines = [*values["problems"]]
    if values["blank"]:
        lines.append(f"{values['blank']} 작성했다면 저장(Ctrl+S)한 뒤 다시 제출하세요.")
    if values["due"]:
        in_time = "마감 전에 제출했습니다."
        lines.append(f"마감은 {values['due']}입니다. {values['late'] or in_time}")
    return [*lines, *values["notes"]]


def blank_words(questions: Sequence[str], of: int) -> str:
    """Return which questions are blank: "q3, q5는 아직 비어 있습니다."; "" if none is."""
    if not questions:
        return ""
    if len(questions) == of:
        return "모든 문항이 아직 비어 있습니다."
    return fill("{names}{names:은/는} 아직 비어 있습니다.", names=", ".join(questions))
