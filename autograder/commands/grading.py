"""Commands that grade, and that say what was graded: grade, show, check, who."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.catalog import course_root
from autograder.commands.common import (
    console,
    errors,
    names_option,
    out_option,
    print_json,
    reports_errors,
    roster_option,
    tell_trouble,
)
from autograder.course_file import course_timezone

if TYPE_CHECKING:
    from autograder.session import GradeOptions

__all__ = ["check", "grade", "show", "who"]


@click.command()
@click.argument("assignment_id", metavar="ID")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="결과를 쓸 폴더"
)
@click.option(
    "--slots", type=click.IntRange(1, 256), default=None, help="동시에 채점할 제출물 수 (기본: 쓸 수 있는 코어 수)"
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="local|dask|tcp://…|tls://…",
    help="어디서 채점할지: 이 컴퓨터의 슬롯, 이 컴퓨터의 Dask, 이미 있는 Dask 스케줄러",
)
@roster_option
@click.option("--student", default=None, help="이 학생의 제출물만 채점합니다. 노트북 하나를 줄 때는 학생 이름입니다.")
@click.option("--regrade", is_flag=True, help="이미 채점한 제출물도 다시 채점합니다.")
@click.option(
    "--again-timeouts",
    is_flag=True,
    help="벽시계 제한이나 바쁜 장비 때문에 점수를 잃거나 채점하지 못한 제출물만 다시 채점하고, 나머지는 그대로 둡니다.",
)
@click.option(
    "--figures",
    type=click.Choice(["after", "now", "never"]),
    default="after",
    show_default=True,
    help="점수와 상관없는 실험 셀의 그림을 언제 만들지: 점수를 모두 낸 뒤, 학생마다 점수와 함께, 만들지 않음. "
    "점수는 어느 것이든 같습니다.",
)
@click.option(
    "--compare-suite",
    is_flag=True,
    help="지금의 시험지로 따로 채점하여 OUT에 있는 점수와 나란히 보여 줍니다. OUT과 성적은 그대로입니다.",
)
@click.option("--ledger", default=None, help="채점 장부의 SQLAlchemy URL (기본: OUT/ledger.db)")
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=None, help="solutions/가 있는 과목 폴더"
)
@click.option("--unsafe-no-sandbox", is_flag=True, help="격리 없이 실행합니다. 디버깅 전용이며 성적부가 거부합니다.")
@click.option("--json", "as_json", is_flag=True, help="요약을 JSON으로 출력합니다.")
@names_option
@reports_errors
def grade(
    assignment_id: str,
    sources: tuple[Path, ...],
    out: Path,
    slots: int | None,
    device: str,
    engine: str,
    roster: Path | None,
    student: str | None,
    regrade: bool,
    again_timeouts: bool,
    figures: str,
    compare_suite: bool,
    ledger: str | None,
    root: Path | None,
    unsafe_no_sandbox: bool,
    as_json: bool,
    names: str | None,
) -> None:
    """제출물(SOURCE: nbgrader submitted/, LMS에서 받은 파일, 노트북 폴더, zip, .ipynb)을 채점합니다."""
    from autograder.grading.runs import Figures
    from autograder.progress import progress_display
    from autograder.session import GradeOptions, Summary, grade_class
    from autograder.terminal import print_summary

    if regrade and again_timeouts:
        raise click.UsageError("--regrade와 --again-timeouts 가운데 하나만 쓸 수 있습니다.")
    options = GradeOptions(
        assignment_id=assignment_id,
        sources=sources,
        out=out,
        slots=slots,
        device=device,
        student=student,
        regrade=regrade,
        again_timeouts=again_timeouts,
        ledger=ledger,
        root=root,
        unsafe=unsafe_no_sandbox,
        engine=engine,
        names=names,
        roster=roster,
        figures=Figures(figures),
    )

    if compare_suite:
        _compare(options, as_json=as_json)
        return
    try:
        with progress_display(errors, quiet=as_json) as display:

            def tell(found: Summary) -> None:
                display.scored(lambda: None if as_json else print_summary(console, found))

            summary = grade_class(options, display.show, display.trying, display.ahead, tell, display.drawn)
    except KeyboardInterrupt:
        errors.print("중단했습니다. 끝난 결과는 저장되어 있으며, 같은 명령으로 이어서 합니다.")
        sys.exit(130)
    if as_json:
        print_json(summary.to_dict())
    else:
        for notice in summary.notices:
            tell_trouble("[bold yellow]안내[/]", notice.code, notice.message, notice.detail)
    sys.exit(3 if summary.troubled else 0)


def _compare(options: GradeOptions, *, as_json: bool) -> None:
    """Print what the suite as it is now would do to the grades kept."""
    from autograder.comparison import compare_suite
    from autograder.progress import progress_display
    from autograder.terminal import print_comparison

    with progress_display(errors, quiet=as_json) as display:
        found = compare_suite(options, display.show, display.trying)
    if as_json:
        print_json(found.to_dict())
    else:
        print_comparison(console, found)


@click.command()
@click.argument("record", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True)
@reports_errors
def show(record: Path, as_json: bool) -> None:
    """채점 기록 하나를 조교에게 자세히 보여 주고, 재현하는 명령을 알려 줍니다."""
    from autograder.grading.notices import read_notices
    from autograder.grading.records import read_record
    from autograder.terminal import print_record, reproduce_command

    found = read_record(record)
    notices = read_notices(record, found)
    if as_json:
        told = [notice.to_dict() for notice in notices]
        print_json({**found.to_dict(), "notices": told, "reproduce": reproduce_command(found, record)})
    else:
        print_record(console, found, record, notices, timezone=course_timezone(course_root()))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assignment", "assignment_id", default=None, help="과제 ID (기본: 노트북 이름으로 찾습니다)")
@roster_option
@out_option
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@names_option
@reports_errors
def check(
    file: Path,
    assignment_id: str | None,
    roster: Path | None,
    out: Path,
    root: Path | None,
    as_json: bool,
    names: str | None,
) -> None:
    """제출 파일이 채점될지 확인합니다 (실행하지 않습니다). 담당자에게 갈 것이나 답이 없는 것이 있으면 1로 끝납니다."""
    from autograder.roll_call import class_of
    from autograder.session import check_file, refused
    from autograder.terminal import print_verdicts

    found = check_file(file, assignment_id, root, class_of(out, roster, root), names)
    if as_json:
        print_json([{"student": s, "verdicts": [v.to_dict() for v in verdicts]} for s, verdicts in found])
    else:
        print_verdicts(console, found)
    sys.exit(1 if any(refused(verdicts) for _, verdicts in found) else 0)


@click.command(
    epilog="""\b
예:
  autograder who                               # 누구인지 모르는 이름을 봅니다
  autograder who 홍길둥_hw1 20231234           # 학번이나 계정으로 답합니다
  autograder who --fill                        # 엑셀에서 답할 수 있게 파일에 적습니다
"""
)
@click.argument("name", required=False)
@click.argument("account", required=False)
@out_option
@roster_option
@click.option("--fill", is_flag=True, help="모르는 이름을 빈 계정과 함께 OUT/who-is-this.csv에 적습니다.")
@click.option("--ledger", default=None, help="채점 장부의 SQLAlchemy URL (기본: OUT/ledger.db)")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@reports_errors
def who(
    name: str | None,
    account: str | None,
    out: Path,
    roster: Path | None,
    fill: bool,
    ledger: str | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """수강생 명단에 없는 이름(NAME)이 누구(ACCOUNT)인지 적어 두고 다음 채점부터 씁니다.

    NAME 없이 쓰면 답을 기다리는 이름을 보여 줍니다. 답은 OUT/who-is-this.csv에 모이며, 같은 제출물을 다시
    채점(grade)하면 그 학생의 제출물이 됩니다.
    """
    from autograder.roll_call import answer_who
    from autograder.terminal import print_open_names

    if name and not account:
        raise click.UsageError("NAME이 누구인지 ACCOUNT(계정이나 학번)를 함께 쓰세요.")
    names = answer_who(name, account, out=out, roster=roster, ledger=ledger, root=root, fill=fill)
    if as_json:
        print_json([asdict(item) for item in names])
    else:
        print_open_names(console, names, out)
