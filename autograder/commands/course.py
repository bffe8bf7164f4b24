"""Commands about the course folder: course init, course roster."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands.common import console, out_option, print_json, reports_errors
from autograder.plain import shown

__all__ = ["course"]


@click.group()
def course() -> None:
    """과목 폴더를 만들고 수강생 명단을 등록합니다."""


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
@reports_errors
def course_init(folder: Path, course_id: str, exchange: Path | None, solutions: Path | None, as_json: bool) -> None:
    """조교의 과목 폴더를 만들거나 최신으로 맞춥니다. 고친 파일은 덮어쓰지 않고 알려 줍니다."""
    from autograder.integrations.course_folder import init_course

    made = init_course(folder, course_id, exchange=exchange, solutions=solutions)
    if as_json:
        print_json(
            {"folder": str(made.folder), "written": [str(p) for p in made.written], "kept": [str(p) for p in made.kept]}
        )
        return
    console.print(f"{shown(str(made.folder))}: 파일 {len(made.written)}개를 썼습니다. (소유자만 읽을 수 있습니다)")
    for path in made.kept:
        console.print(f"  [yellow]{shown(str(path))}[/]: 고친 파일이라 그대로 두었습니다.")


@course.command(
    "roster",
    epilog="""\b
예:
  autograder course roster 수강생.csv --dry-run   # 무엇이 바뀌는지만 봅니다
  autograder course roster 수강생.csv             # 성적부와 roster.csv에 쓰고, 허브 그룹은 서비스가 맞춥니다
  autograder course roster 수강생.csv --remove    # 명단에서 빠진 학생을 수업과 허브 그룹에서 뺍니다
""",
)
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="무엇이 바뀌는지 보여 주기만 하고 쓰지 않습니다.")
@click.option(
    "--remove", is_flag=True, help="명단에서 빠진 학생을 수업과 허브 그룹에서 뺍니다. 점수는 성적부에 남습니다."
)
@out_option
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="과목 폴더 (기본: 지금 폴더부터 위로 찾습니다)",
)
@click.option("--json", "as_json", is_flag=True, help="바뀌는 것을 JSON으로 출력합니다.")
@reports_errors
def course_roster(file: Path, dry_run: bool, remove: bool, out: Path, root: Path | None, as_json: bool) -> None:
    """수강생 명단(계정, 학번, 이름, 메일, 분반이 있는 CSV)을 과목에 등록합니다.

    성적부에 학생을 등록하고, 과목 폴더의 roster.csv에 명단을 둡니다. 채점, who, 성적 CSV, 서비스가 모두 이 명단을
    씁니다. 같은 파일로 다시 실행해도 됩니다. 파일에 없는 열과 빈칸은 지금 값을 그대로 둡니다.
    """
    from autograder.integrations.course_roster import enter_roster, group_lines
    from autograder.roll_call import gradebook_url
    from autograder.session import course_folder

    base = course_folder(root)
    changes = enter_roster(file, base, gradebook_url(out, base), remove=remove, write=not dry_run)
    if as_json:
        print_json(changes.to_dict())
        return
    for line in (*changes.lines(), *group_lines(base / "graded")):
        console.print(shown(line), soft_wrap=True)
