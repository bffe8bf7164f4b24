"""Commands about assignments and their hidden suites: release, quality, lint, list."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from autograder.commands.common import console, errors, out_option, print_json, reports_errors, tell_trouble
from autograder.plain import shown

__all__ = ["lint", "list_assignments", "quality", "release"]


@click.command()
@click.argument("assignment_ids", metavar="[ID]...", nargs=-1)
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option(
    "--check",
    "check_only",
    is_flag=True,
    help="쓰지 않고, assignments/가 원본과 맞는지와 확인해 둔 시험지가 틀리지 않았는지만 봅니다.",
)
@out_option
@click.option("--json", "as_json", is_flag=True)
@reports_errors
def release(assignment_ids: tuple[str, ...], root: Path | None, check_only: bool, out: Path, as_json: bool) -> None:
    """원본 노트북(solutions/)에서 학생용 과제(assignments/)를 만듭니다."""
    from autograder.session import release_assignments
    from autograder.terminal import trial_word

    results = release_assignments(assignment_ids, root, write=not check_only, out=out)
    if as_json:
        print_json(
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
            state = "바뀐 파일 " + shown(names) if names else "최신입니다."
            console.print(f"{shown(result.assignment)}: {state} 시험지: {trial_word(trial)}")
            if trial is not None and not trial.passed:
                tell_trouble("[red]틀림[/]", trial.code, trial.message)
    wrong = any(trial is not None and not trial.passed for _, trial in results)
    sys.exit(1 if check_only and (wrong or any(r.changed for r, _ in results)) else 0)


@click.command()
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
@reports_errors
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
    from autograder.quality.command import margins_of, quality_of, write_proposals
    from autograder.quality.margins import print_margins, write_margins
    from autograder.quality.table import print_survey, survey_progress, write_table

    chosen = tuple(name.strip() for name in questions.split(",") if name.strip())
    if write_notes and (chosen or no_corpus):
        raise click.UsageError("--write는 모든 문항과 말뭉치를 조사할 때만 쓸 수 있습니다.")
    options: dict[str, Any] = {"questions": chosen, "corpus": corpus, "with_corpus": not no_corpus, "slots": slots}
    with survey_progress(errors, quiet=as_json) as show:
        if margins:
            found: Any = margins_of(assignment_id, draws=draws, root=root, show=show, **options)
        else:
            found = quality_of(assignment_id, secrets=seeds, root=root, show=show, **options)
    proposed = None
    if write_notes:
        (write_margins if margins else write_table)(found)
        proposed = None if margins else write_proposals(found, corpus, root)
    if as_json:
        print_json(found.to_dict())
    else:
        (print_margins if margins else print_survey)(console, found)
    if proposed is not None:
        text = "적힌 것과 다르게 잃은 답안이 있습니다. 하나씩 읽고 맞으면 적용하세요:"
        errors.print(f"{text} {shown(str(proposed))} (patch -p1)")
    sys.exit(0 if found.passed else 1)


@click.command(
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
@out_option
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@reports_errors
def lint(
    assignment_ids: tuple[str, ...], seeds: int, no_run: bool, out: Path, root: Path | None, as_json: bool
) -> None:
    """과제의 파일(시험지, 원본 노트북, assignment.toml)에서 틀린 곳을 찾습니다. 학생의 제출물은 쓰지 않습니다.

    모범 답안이 모든 점수를 받는지, 제한에 여유가 있는지, 공개 점검이 맞는지도 실행해 봅니다. 하나라도 찾으면 1로
    끝납니다.
    """
    from autograder.lint.command import assignment_ids as every
    from autograder.lint.command import lint as look
    from autograder.progress import lint_progress
    from autograder.session import course_folder
    from autograder.terminal import print_linted

    ids = assignment_ids or tuple(every())
    with lint_progress(errors, quiet=as_json) as show:
        found = list(look(ids, root=course_folder(root), out=out, secrets=seeds, running=not no_run, show=show))
    if as_json:
        print_json([linted.to_dict() for linted in found])
    else:
        print_linted(console, found)
    sys.exit(1 if any(linted.findings for linted in found) else 0)


@click.command("list")
@out_option
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--json", "as_json", is_flag=True)
@reports_errors
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
        print_json(
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
        state = () if offers is None else (shown(offers[a.id].words(a.timezone)),)
        known = (*points, str(len(a.questions)), shown(a.runner), trial_word(trials[a.id]))
        table.add_row(shown(a.id), shown(a.title), *known, *state)
    console.print(table)
    if offers is not None and not found:
        console.print("이 과목에는 아직 만든 과제가 없습니다. formgrader에서 Generate와 Release를 누르세요.")
    for trial in trials.values():
        if trial is not None and not trial.passed:
            tell_trouble("[red]틀림[/]", trial.code, trial.message)
    for error in broken:
        tell_trouble("[red]오류[/]", error.code, error.message, error.detail)
