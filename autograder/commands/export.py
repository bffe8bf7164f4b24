"""Commands that hand grades on: gradebook sync, export gradescope, export csv."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands.common import console, errors, print_json, reports_errors, roster_option
from autograder.plain import shown
from autograder.sinks.echo import say_csv

__all__ = ["export", "gradebook"]


@click.group()
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
@roster_option
@click.option("--ledger", default=None)
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@reports_errors
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
        print_json(results)
        return
    for result in results:
        console.print(
            f"{shown(result['assignment'])}: 제출물 {result['written']:d}건을 성적부에 썼습니다. "
            f"(그대로 둠 {result['unchanged']:d})"
        )
        for student, reason in result["refused"].items():
            console.print(f"  [yellow]{shown(student)}[/]: {shown(reason)}")


@click.group()
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
@reports_errors
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
        print_json(made.to_dict())
        return
    console.print(f"{shown(str(made.path))}에 썼습니다.")
    for note in made.notes:
        console.print(shown(note))


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
@click.option(
    "--bom",
    is_flag=True,
    help="엑셀에서 바로 열 파일: 한글이 깨지지 않도록 BOM을 붙이고, 0으로 시작하는 학번을 지킵니다.",
)
@roster_option
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="과목 폴더 (기본: 지금 폴더부터 위로 찾습니다)",
)
@reports_errors
def export_csv(
    assignment_ids: tuple[str, ...],
    out: Path,
    db: str | None,
    output: Path | None,
    wide: bool,
    bom: bool,
    roster: Path | None,
    root: Path | None,
) -> None:
    """성적부의 최종 점수(자동, 수동, 추가 점수, 늦은 제출 감점)를 LMS에 올릴 CSV로 씁니다.

    명단의 모든 학생이 들어가며, 낸 것이 없으면 '미제출'입니다. 명단에 없는 학생은 끝에 표시해 둡니다.
    """
    from autograder.integrations.csv_export import write_csv
    from autograder.roll_call import course_csv

    text = course_csv(assignment_ids, out=out, db=db, roster=roster, root=root, wide=wide, bom=bom)
    if output is None:
        say_csv(text)
    else:
        write_csv(output, text)
        errors.print(f"{shown(str(output))}에 썼습니다.")
