"""What staff are told of time: CPU and wall-clock seconds, the limit that was met, and why a machine was too busy."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

from rich.console import Console

from autograder.model import CellRun, GradeRecord, RecordState, Verdict
from autograder.report import class_report_html, feedback_html
from autograder.terminal import print_record
from tests.report import records as sample

STARVED = "call q7: used 1.2 CPU-s, starved 300.0 s, asleep 0.1 s, wall 301.5 s"


def shown(record: GradeRecord) -> str:
    console = Console(record=True, width=200, file=io.StringIO())
    print_record(console, record, Path("graded/records/kim.json"))
    return console.export_text()


def busy() -> GradeRecord:
    told = Verdict("machine-busy", "채점 장비가 바빠 마치지 못했습니다.", fatal=True, detail=STARVED)
    record = sample.record("kim", found=(), verdicts=(told,), reasons=("machine-busy",))
    return dataclasses.replace(record, state=RecordState.NEEDS_STAFF, score=None)


def test_show_tells_cpu_and_wall_and_which_limit_was_met() -> None:
    first, *others = sample.outcomes()
    slow = dataclasses.replace(first, seconds=12.5, cpu_seconds=10.04, limit="cpu")
    cells = (
        CellRun(3, "q1", "timeout", seconds=21.0, cpu_seconds=0.02, limit="asleep"),
        CellRun(5, "", "timeout", seconds=9.0, cpu_seconds=8.0, limit="notebook"),
    )
    usage = {"cpu_seconds": 14.2, "starved_seconds": 3.5, "asleep_seconds": 20.1}
    text = shown(dataclasses.replace(sample.record("kim", (slow, *others)), cells=cells, environment={"usage": usage}))
    assert "(CPU 10.04초, 실제 12.50초, 계산 시간 한도 도달)" in text
    assert "(CPU 0.02초, 실제 21.00초, 대기 시간 한도 도달)" in text
    assert "(CPU 8.00초, 실제 9.00초, 셀 전체의 계산 시간 한도 도달)" in text
    assert "CPU 14.2초, 장비를 기다림 3.5초, 잠듦 20.1초" in text


def test_show_reads_a_record_of_version_1() -> None:
    """It knows no CPU seconds of cells and tests, and no limit by name."""
    data = dataclasses.replace(sample.record("kim"), environment={"usage": {"cpu_seconds": 4.0}}).to_dict()
    for part in (*data["tests"], *data["cells"]):
        del part["cpu_seconds"], part["limit"]
    text = shown(GradeRecord.from_dict({**data, "schema": 1}))
    assert "쓴 시간: CPU 4.0초, 실제" in text
    assert "한도 도달" not in text


def test_staff_read_where_the_time_went_on_a_busy_machine_and_the_student_does_not() -> None:
    assert STARVED in shown(busy())
    page = class_report_html([busy()], sample.assignment())
    assert "채점 장비가 바빠 채점을 마치지 못했습니다" in page
    assert STARVED in page
    feedback = feedback_html(busy(), sample.assignment())
    assert "채점 장비가 바빠" in feedback
    assert "starved" not in feedback
