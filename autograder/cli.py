"""The command line: click commands that parse, call and print; no logic of their own.

Exit codes: 0 done (some submissions may need a person: the summary says so); 1 the answer is no (`check`, `doctor`,
`lint`, `quality`, `release --check`); 2 wrong usage; 3 done, but some submissions have no grade through our own fault,
a hidden test that raised included (`grading/fault.py` lists the reasons), or the machine was too busy to try the suite;
4 refused, because this machine cannot confine student code; 5 an assignment (its suite, too, if the instructor's own
answers do not pass it), source, record or ledger cannot be used, or the package changed under this process; 130
interrupted (what is graded is kept; the same command goes on).
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from rich.console import Console
from rich.table import Table

import autograder
from autograder.catalog import course_root
from autograder.course_file import course_timezone, live_at
from autograder.errors import ConfinementError, GraderError
from autograder.plain import shown as escape

__all__ = ["main"]

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)
P = ParamSpec("P")
R = TypeVar("R")


def _reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a `GraderError` into its Korean message, its code and an exit status."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GraderError as error:
            _errors.print(f"[bold red]오류[/] {escape(f'[{error.code}]')} {escape(error.message)}")
            if error.detail:
                _errors.print(f"  {escape(error.detail)}", style="dim")
            sys.exit(_status(error))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise
            _errors.print(
                "[bold red]오류[/] \\[disk-full] 디스크가 가득 찼거나 쓸 수 없습니다. 공간을 비우고 다시 실행하세요."
            )
            _errors.print(f"  {escape(str(error))}", style="dim")
            sys.exit(5)

    return wrapped


def _status(error: GraderError) -> int:
    if isinstance(error, ConfinementError):
        return 4
    return 3 if error.code == "machine-busy" else 5


_ROSTER = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    help="수강생 명단 CSV: 계정, 학번, 이름, 메일, 분반 (기본: 성적부에 등록된 학생)",
)
_OUT = click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="채점 결과 폴더"
)


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


_names_option = click.option(
    "--names",
    metavar="PATTERN",
    default=None,
    help="파일이나 폴더 이름에서 학생 이름의 자리. 예: '{anything}_{student}_{anything}', 또는 "
    "그룹 (?P<student>...)이 든 정규식 (기본: LMS와 파일 이름의 형식을 알아서 찾습니다)",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="autograder")
def main() -> None:
    """딥러닝 과제 채점기: 숨은 테스트와 점수를 학생 코드와 다른 프로세스에서 다룹니다."""
    live_at(course_root())


@main.command()
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
@_ROSTER
@click.option("--student", default=None, help="이 학생의 제출물만 채점합니다. 노트북 하나를 줄 때는 학생 이름입니다.")
@click.option("--regrade", is_flag=True, help="이미 채점한 제출물도 다시 채점합니다.")
@click.option(
    "--again-timeouts",
    is_flag=True,
    help="벽시계 제한이나 바쁜 장비 때문에 점수를 잃거나 채점하지 못한 제출물만 다시 채점하고, 나머지는 그대로 둡니다.",
)
@click.option("--ledger", default=None, help="채점 장부의 SQLAlchemy URL (기본: OUT/ledger.db)")
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), default=None, help="solutions/가 있는 과목 폴더"
)
@click.option("--unsafe-no-sandbox", is_flag=True, help="격리 없이 실행합니다. 디버깅 전용이며 성적부가 거부합니다.")
@click.option("--json", "as_json", is_flag=True, help="요약을 JSON으로 출력합니다.")
@_names_option
@_reports_errors
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
    ledger: str | None,
    root: Path | None,
    unsafe_no_sandbox: bool,
    as_json: bool,
    names: str | None,
) -> None:
    """제출물(SOURCE: nbgrader submitted/, LMS에서 받은 파일, 노트북 폴더, zip, .ipynb)을 채점합니다."""
    from autograder.session import GradeOptions, grade_class
    from autograder.terminal import print_summary, progress_display

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
    )
    try:
        with progress_display(_errors, quiet=as_json) as (show, trying):
            summary = grade_class(options, show, trying)
    except KeyboardInterrupt:
        _errors.print("중단했습니다. 채점한 결과는 저장되어 있으며, 같은 명령으로 이어서 채점합니다.")
        sys.exit(130)
    if as_json:
        _print_json(summary.to_dict())
    else:
        print_summary(_console, summary)
        for notice in summary.notices:
            _errors.print(f"[bold yellow]안내[/] {escape(f'[{notice.code}]')} {escape(notice.message)}")
            if notice.detail:
                _errors.print(f"  {escape(notice.detail)}", style="dim")
    sys.exit(3 if summary.troubled else 0)


@main.command()
@click.argument("record", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def show(record: Path, as_json: bool) -> None:
    """채점 기록 하나를 조교에게 자세히 보여 주고, 재현하는 명령을 알려 줍니다."""
    from autograder.grading.notices import read_notices
    from autograder.grading.records import read_record
    from autograder.terminal import print_record, reproduce_command

    found = read_record(record)
    notices = read_notices(record, found)
    if as_json:
        told = [notice.to_dict() for notice in notices]
        _print_json({**found.to_dict(), "notices": told, "reproduce": reproduce_command(found, record)})
    else:
        print_record(_console, found, record, notices, timezone=course_timezone(course_root()))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--assignment", "assignment_id", default=None, help="과제 ID (기본: 노트북 이름으로 찾습니다)")
@_ROSTER
@_OUT
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_names_option
@_reports_errors
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
        _print_json([{"student": s, "verdicts": [v.to_dict() for v in verdicts]} for s, verdicts in found])
    else:
        print_verdicts(_console, found)
    sys.exit(1 if any(refused(verdicts) for _, verdicts in found) else 0)


@main.command(
    epilog="""\b
예:
  autograder who                               # 누구인지 모르는 이름을 봅니다
  autograder who 홍길둥_hw1 20231234           # 학번이나 계정으로 답합니다
  autograder who --fill                        # 엑셀에서 답할 수 있게 파일에 적습니다
"""
)
@click.argument("name", required=False)
@click.argument("account", required=False)
@_OUT
@_ROSTER
@click.option("--fill", is_flag=True, help="모르는 이름을 빈 계정과 함께 OUT/who-is-this.csv에 적습니다.")
@click.option("--ledger", default=None, help="채점 장부의 SQLAlchemy URL (기본: OUT/ledger.db)")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
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
        _print_json([asdict(item) for item in names])
    else:
        print_open_names(_console, names, out)


@main.command()
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def doctor(as_json: bool) -> None:
    """이 컴퓨터가 학생 코드를 얼마나 격리할 수 있는지 보여 줍니다. 채점할 수 없으면 1로 끝납니다."""
    from autograder.sandbox import probe_machine
    from autograder.sandbox.confinement.devices import gpus
    from autograder.terminal import print_machine

    report, found = probe_machine(), gpus()
    if as_json:
        capabilities = [asdict(c) for c in report.capabilities]
        _print_json(
            {"can_confine": report.can_confine, "capabilities": capabilities, "gpus": [asdict(g) for g in found]}
        )
    else:
        print_machine(_console, report)
        for gpu in found:
            _console.print(f"GPU {escape(gpu.device)} {escape(gpu.name)}: 배지 채점에 쓰며, 그때 먼저 검사합니다.")
    sys.exit(0 if report.can_confine else 1)


@main.command()
@click.argument("assignment_ids", metavar="[ID]...", nargs=-1)
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option(
    "--check",
    "check_only",
    is_flag=True,
    help="쓰지 않고, assignments/가 원본과 맞는지와 확인해 둔 시험지가 틀리지 않았는지만 봅니다.",
)
@_OUT
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def release(assignment_ids: tuple[str, ...], root: Path | None, check_only: bool, out: Path, as_json: bool) -> None:
    """원본 노트북(solutions/)에서 학생용 과제(assignments/)를 만듭니다."""
    from autograder.session import release_assignments
    from autograder.terminal import trial_word

    results = release_assignments(assignment_ids, root, write=not check_only, out=out)
    if as_json:
        _print_json(
            [
                {
                    "assignment": r.assignment,
                    "changed": [str(p) for p in r.changed],
                    "trial": None if trial is None else asdict(trial),
                }
                for r, trial in results
            ]
        )
    else:
        for result, trial in results:
            names = ", ".join(str(p) for p in result.changed)
            state = "바뀐 파일 " + escape(names) if names else "최신입니다."
            _console.print(f"{result.assignment}: {state} 시험지: {trial_word(trial)}")
            if trial is not None and not trial.passed:
                _errors.print(f"[red]{escape(f'[{trial.code}] {trial.message}')}[/]")
    wrong = any(trial is not None and not trial.passed for _, trial in results)
    sys.exit(1 if check_only and (wrong or any(r.changed for r, _ in results)) else 0)


@main.command()
@click.argument("assignment_id", metavar="ID")
@click.option("--questions", default="", metavar="q1,q2", help="이 문항만 조사합니다. (기본: 모두)")
@click.option("--corpus", type=click.Path(path_type=Path, file_okay=False), default=None, help="말뭉치 폴더")
@click.option("--no-corpus", is_flag=True, help="변이만 조사하고 말뭉치(wrong/, right/)는 채점하지 않습니다.")
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    metavar="N",
    help="모범 답안과 말뭉치를 비밀값 N개로 채점해, 뽑힌 입력에 따라 결과가 달라지는 테스트를 찾습니다.",
)
@click.option("--slots", type=click.IntRange(1, 256), default=None, help="동시에 채점할 수 (기본: 쓸 수 있는 코어 수)")
@click.option("--write", "write_notes", is_flag=True, help="표를 시험지의 NOTES.md에 씁니다.")
@click.option("--margins", is_flag=True, help="변이 대신, 맞는 답이 각 비교의 한계에 얼마나 가까운지 잽니다.")
@click.option("--draws", type=click.IntRange(3), default=60, show_default=True, help="--margins가 쓸 시험용 비밀의 수")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def quality(
    assignment_id: str,
    questions: str,
    corpus: Path | None,
    no_corpus: bool,
    seeds: int,
    slots: int | None,
    write_notes: bool,
    margins: bool,
    draws: int,
    root: Path | None,
    as_json: bool,
) -> None:
    """숨은 테스트가 틀린 답을 얼마나 잡는지, 변이와 말뭉치로 조사합니다. 기준에 못 미치면 1로 끝납니다."""
    from autograder.quality.command import margins_of, quality_of
    from autograder.quality.margins import print_margins, write_margins
    from autograder.quality.table import print_survey, survey_progress, write_table

    chosen = tuple(name.strip() for name in questions.split(",") if name.strip())
    if write_notes and (chosen or no_corpus):
        raise click.UsageError("--write는 모든 문항과 말뭉치를 조사할 때만 쓸 수 있습니다.")
    options: dict[str, Any] = {"questions": chosen, "corpus": corpus, "with_corpus": not no_corpus, "slots": slots}
    with survey_progress(_errors, quiet=as_json) as show:
        if margins:
            found: Any = margins_of(assignment_id, draws=draws, root=root, show=show, **options)
        else:
            found = quality_of(assignment_id, secrets=seeds, root=root, show=show, **options)
    if write_notes:
        (write_margins if margins else write_table)(found)
    if as_json:
        _print_json(found.to_dict())
    else:
        (print_margins if margins else print_survey)(_console, found)
    sys.exit(0 if found.passed else 1)


@main.command(
    epilog="""\b
예:
  autograder lint                    # 모든 과제를 봅니다
  autograder lint 06-data-scale      # 과제 하나
  autograder lint --seeds 20         # 숨은 입력 20벌로: 우연히 통과하는 테스트를 더 잘 찾습니다
  autograder lint --no-run           # 읽기만 합니다
"""
)
@click.argument("assignment_ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="숨은 테스트를 몇 벌의 입력으로 실행할지",
)
@click.option("--no-run", is_flag=True, help="아무것도 실행하지 않고 파일만 읽습니다.")
@_OUT
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def lint(
    assignment_ids: tuple[str, ...], seeds: int, no_run: bool, out: Path, root: Path | None, as_json: bool
) -> None:
    """과제의 파일(시험지, 원본 노트북, assignment.toml)에서 틀린 곳을 찾습니다. 학생의 제출물은 쓰지 않습니다.

    모범 답안이 모든 점수를 받는지, 제한에 여유가 있는지, 공개 점검이 맞는지도 실행해 봅니다. 하나라도 찾으면 1로
    끝납니다.
    """
    from autograder.lint.command import assignment_ids as every
    from autograder.lint.command import lint as look
    from autograder.session import course_folder
    from autograder.terminal import lint_progress, print_linted

    ids = assignment_ids or tuple(every())
    with lint_progress(_errors, quiet=as_json) as show:
        found = list(look(ids, root=course_folder(root), out=out, secrets=seeds, running=not no_run, show=show))
    if as_json:
        _print_json([linted.to_dict() for linted in found])
    else:
        print_linted(_console, found)
    sys.exit(1 if any(linted.findings for linted in found) else 0)


@main.command("list")
@_OUT
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def list_assignments(out: Path, root: Path | None, as_json: bool) -> None:
    """과제 목록과, 시험지를 모범 답안으로 확인해 둔 결과(OUT/trials)를 보여 줍니다. 아무것도 실행하지 않습니다."""
    from autograder.catalog import assignments, course_root
    from autograder.grading.trial import kept_trial
    from autograder.integrations.offered import listed_in
    from autograder.terminal import trial_word

    found, broken = assignments(root)
    offers = listed_in(root or course_root())
    found = [a for a in found if offers is None or a.id in offers]
    trials = {a.id: kept_trial(out, a) for a in found}
    if as_json:
        _print_json(
            {
                "assignments": [
                    {
                        "id": a.id,
                        "title": a.title,
                        "points": a.points,
                        "manual_points": a.manual_points,
                        "runner": a.runner,
                        "questions": [q.id for q in a.questions],
                        **({} if offers is None else {"state": offers[a.id].state, "due": offers[a.id].due}),
                        "trial": None if (trial := trials[a.id]) is None else asdict(trial),
                    }
                    for a in found
                ],
                "broken": [{"code": e.code, "message": e.message, "detail": e.detail} for e in broken],
            }
        )
        return
    table = Table("ID", "제목", "자동 채점", "서술", "문항", "실행기", "시험지", *(() if offers is None else ("상태",)))
    for a in found:
        points = (f"{a.points:g}", f"{a.manual_points:g}")
        state = () if offers is None else (offers[a.id].words(a.timezone),)
        table.add_row(a.id, a.title, *points, str(len(a.questions)), a.runner, trial_word(trials[a.id]), *state)
    _console.print(table)
    if offers is not None and not found:
        _console.print("이 과목에는 아직 만든 과제가 없습니다. 포그레이더에서 과제를 만들고 배포하세요.")
    for trial in trials.values():
        if trial is not None and not trial.passed:
            _errors.print(f"[red]{escape(f'[{trial.code}] {trial.message}')}[/]")
    for error in broken:
        _errors.print(f"[red]{escape(str(error))}[/]")


@main.group()
def gradebook() -> None:
    """nbgrader 성적부와 주고받습니다."""


@gradebook.command()
@click.argument("assignment_ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="채점 결과 폴더"
)
@click.option(
    "--db",
    default=None,
    help="gradebook.db의 SQLAlchemy URL (기본: 과목의 nbgrader_config.py가 정한 곳, 없으면 OUT/gradebook.db)",
)
@click.option(
    "--autograded",
    type=click.Path(path_type=Path),
    default=None,
    help="autograded/ 폴더 (기본: 과목의 nbgrader_config.py가 정한 곳, 없으면 OUT/autograded)",
)
@_ROSTER
@click.option("--ledger", default=None)
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def sync(
    assignment_ids: tuple[str, ...],
    out: Path,
    db: str | None,
    autograded: Path | None,
    roster: Path | None,
    ledger: str | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """채점 기록을 nbgrader 성적부(gradebook.db)와 autograded/에 씁니다.

    --roster를 주면 명단의 학생도 모두 성적부에 등록합니다. 명단에 없는 이름의 기록은 쓰지 않고 알려 줍니다.
    """
    from autograder.session import sync_gradebook

    results = sync_gradebook(
        assignment_ids, out=out, db=db, autograded=autograded, ledger=ledger, root=root, roster=roster
    )
    if as_json:
        _print_json(results)
        return
    for result in results:
        _console.print(
            f"{result['assignment']}: 제출물 {result['written']}건을 성적부에 썼습니다. "
            f"(그대로 둠 {result['unchanged']})"
        )
        for student, reason in result["refused"].items():
            _console.print(f"  [yellow]{escape(student)}[/]: {escape(reason)}")


@main.group()
def export() -> None:
    """허브가 없는 곳으로 내보냅니다: Gradescope, LMS에 올릴 CSV."""


@export.command()
@click.argument("assignment_id", metavar="ID")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="압축 파일이나 폴더 (기본: ./ID-gradescope.zip)",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="채점 결과 폴더"
)
@click.option(
    "--secret",
    type=click.Path(path_type=Path),
    default=None,
    help="과목 비밀값 파일이나 채점 결과 폴더 (기본: OUT/secret)",
)
@click.option(
    "--visibility",
    type=click.Choice(["visible", "after_due_date", "after_published", "hidden"]),
    default="visible",
    show_default=True,
    help="숨은 테스트의 제목과 힌트를 학생이 보는 때",
)
@click.option(
    "--minutes",
    type=click.IntRange(1, 40),
    default=None,
    help="Gradescope에 설정할 시간 제한(분) (기본: 과제의 계산 시간에 맞춘 값)",
)
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def gradescope(
    assignment_id: str,
    output: Path,
    out: Path,
    secret: Path | None,
    visibility: str,
    minutes: int | None,
    root: Path | None,
    as_json: bool,
) -> None:
    """과제 하나를 채점하는 Gradescope용 압축 파일을 만듭니다. 이 파일은 숨은 테스트와 같은 수준의 비밀입니다."""
    from autograder.integrations.gradescope import export_zip

    made = export_zip(assignment_id, root, output, out=out, secret=secret, visibility=visibility, minutes=minutes)
    if as_json:
        _print_json(made.to_dict())
        return
    _console.print(f"{escape(str(made.path))}에 썼습니다.")
    for note in made.notes:
        _console.print(escape(note))


@export.command("csv")
@click.argument("assignment_ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="채점 결과 폴더"
)
@click.option(
    "--db",
    default=None,
    help="gradebook.db의 SQLAlchemy URL (기본: 과목의 nbgrader_config.py가 정한 곳, 없으면 OUT/gradebook.db)",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="쓸 파일 (기본: 표준 출력)"
)
@click.option("--wide", is_flag=True, help="학생마다 한 줄, 과제마다 한 열로 씁니다.")
@click.option("--bom", is_flag=True, help="엑셀이 한글을 바로 읽도록 BOM을 붙입니다.")
@_reports_errors
def export_csv(
    assignment_ids: tuple[str, ...], out: Path, db: str | None, output: Path | None, wide: bool, bom: bool
) -> None:
    """성적부의 최종 점수(자동, 수동, 추가 점수, 늦은 제출 감점)를 LMS에 올릴 CSV로 씁니다."""
    from autograder.integrations.csv_export import gradebook_csv, write_csv
    from autograder.session import gradebook_url

    text = gradebook_csv(db or gradebook_url(out), assignment_ids, wide=wide, bom=bom)
    if output is None:
        click.echo(text.encode(), nl=False)
    else:
        write_csv(output, text)
        _errors.print(f"{escape(str(output))}에 썼습니다.")


@main.group()
def course() -> None:
    """과목 폴더를 만듭니다."""


@course.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--course-id", required=True, help="nbgrader의 과목 ID (영문자, 숫자, '_', '.', '-')")
@click.option(
    "--exchange",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="교환 폴더 (기본: nbgrader의 기본값)",
)
@click.option(
    "--solutions",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=None,
    help="복사할 원본 노트북 폴더 (기본: 이 꾸러미의 solutions/)",
)
@click.option("--json", "as_json", is_flag=True)
@_reports_errors
def course_init(folder: Path, course_id: str, exchange: Path | None, solutions: Path | None, as_json: bool) -> None:
    """조교의 과목 폴더를 만들거나 최신으로 맞춥니다. 고친 파일은 덮어쓰지 않고 알려 줍니다."""
    from autograder.integrations.course_folder import init_course

    made = init_course(folder, course_id, exchange=exchange, solutions=solutions)
    if as_json:
        _print_json(
            {"folder": str(made.folder), "written": [str(p) for p in made.written], "kept": [str(p) for p in made.kept]}
        )
        return
    _console.print(f"{escape(str(made.folder))}: 파일 {len(made.written)}개를 썼습니다. (소유자만 읽을 수 있습니다)")
    for path in made.kept:
        _console.print(f"  [yellow]{escape(str(path))}[/]: 고친 파일이라 그대로 두었습니다.")


if __name__ == "__main__":
    main()
