"""doctor: can a class be graded here? It grades the smallest assignment where grading will run, and says what to mend.

Owns the order of what is told: what the machine offers, how the rehearsal went in each place, and for whatever is
missing the words for an administrator. The rehearsal alone decides the exit status.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from autograder.commands.common import console, errors, out_option, print_json, reports_errors
from autograder.errors import GraderError
from autograder.plain import shown, shown_prose, visible
from autograder.remedies import ELSEWHERE, REMEDIES, Remedy, boot_option, hint_of
from autograder.sinks.echo import flush

if TYPE_CHECKING:
    from autograder.grading.rehearsal import Rehearsal
    from autograder.sandbox import MachineReport

__all__ = ["doctor"]

_SECONDS = 300
"""Wall-clock seconds for a rehearsal. It takes 5 to 8, most of them to import torch; a machine thirty times slower
needs four minutes."""


@click.command(
    epilog="""\b
예:
  autograder doctor                              # 이 컴퓨터에서, 지금 이 사용자로
  autograder doctor --engine tls://HOST:8786     # Dask 클러스터의 모든 워커에서
  sudo runuser -u grader-whydl -- autograder doctor   # 채점 서비스의 사용자로
"""
)
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="local|dask|tcp://…|tls://…",
    help="어디서 채점할지: 이 컴퓨터의 슬롯, 이 컴퓨터의 Dask, 이미 있는 Dask 스케줄러(모든 워커를 시험합니다)",
)
@click.option(
    "--slots", type=click.IntRange(1, 256), default=None, help="동시에 채점할 제출물 수 (기본: 쓸 수 있는 코어 수)"
)
@out_option
@click.option(
    "--seconds",
    type=click.IntRange(5, 3600),
    default=_SECONDS,
    show_default=True,
    help="시험 채점이 끝나야 하는 시간(초)",
)
@click.option("--json", "as_json", is_flag=True, help="결과를 JSON으로 출력합니다.")
@reports_errors
def doctor(engine: str, slots: int | None, out: Path, seconds: int, as_json: bool) -> None:
    """여기서 채점할 수 있는지 작은 과제를 끝까지 채점해 봅니다. 채점할 수 없으면 까닭과 할 일을 알리고 1로 끝납니다.

    grade와 같은 --engine, --slots, --out을 주면 채점할 바로 그곳에서 확인합니다.
    """
    if platform.system() != "Linux":
        _refuse_strange(as_json=as_json)
    from autograder.sandbox import probe_machine
    from autograder.sandbox.confinement.devices import gpus

    report = _probed(probe_machine)
    found = gpus()
    if not as_json:
        if report is not None:
            _print_machine(report, engine)
        for gpu in found:
            console.print(f"GPU {shown(gpu.device)} {shown(gpu.name)}: 배지 채점에 쓰며, 그때 먼저 검사합니다.")
    rehearsals = _rehearsals(engine, slots or len(os.sched_getaffinity(0)), out, seconds, quiet=as_json)
    possible = all(rehearsal.passed for rehearsal in rehearsals)
    remedies = _remedies(report if engine in ("local", "dask") else None, rehearsals)
    if as_json:
        print_json(_as_json(report, rehearsals, remedies, [asdict(gpu) for gpu in found]))
    else:
        _print_rehearsals(rehearsals)
        _print_remedies(remedies if not possible else {})
    flush()
    if any(rehearsal.code == "rehearsal-late" for rehearsal in rehearsals):
        os._exit(1)  # a thread that never comes back must not keep the command from ending
    sys.exit(0 if possible else 1)


def _refuse_strange(*, as_json: bool) -> NoReturn:
    """End where there is no Linux: nothing is tried, since the modules that would try it need Linux to be imported."""
    remedy = REMEDIES["not-linux"]
    if as_json:
        print_json({"can_grade": False, "can_confine": False, "remedies": _told({"not-linux": remedy})})
    else:
        console.print("[red]여기서는 채점할 수 없습니다.[/]")
        _print_remedies({"not-linux": remedy})
    sys.exit(1)


def _probed(probe: Callable[[], MachineReport]) -> MachineReport | None:
    """Return what the machine offers, None where it is so strange that even looking fails: the rehearsal will tell."""
    try:
        return probe()
    except Exception as error:
        errors.print(
            f"이 컴퓨터의 기능을 살펴보지 못했습니다: {shown(f'{type(error).__name__}: {error}')}", style="dim"
        )
        return None


def _rehearsals(engine: str, slots: int, out: Path, seconds: float, *, quiet: bool) -> list[Rehearsal]:
    """Rehearse in every place where the engine grades; trouble on the way there is a rehearsal that failed."""
    from autograder.grading.engines import open_engine
    from autograder.grading.rehearsal import failed, look_at_results

    started = time.monotonic()
    trouble = look_at_results(out)
    if trouble is not None:
        return [trouble]
    if not quiet:
        errors.print("작은 과제를 끝까지 채점해 봅니다. 몇 초 걸립니다.", style="dim")
    try:
        with open_engine(engine, slots) as opened:
            return opened.rehearse(seconds)
    except GraderError as error:
        return [failed(error, seconds=round(time.monotonic() - started, 2))]


def _remedies(report: MachineReport | None, rehearsals: Iterable[Rehearsal]) -> dict[str, Remedy]:
    """Return what is to be asked for, by cause; what the probes found explains first what failed here."""
    failures = [rehearsal for rehearsal in rehearsals if not rehearsal.passed]
    keys: list[str] = []
    if failures and report is not None:
        keys += [cause.value for cause in report.causes]
    if not keys:
        keys += [hint for failure in failures if (hint := hint_of(failure.detail)) is not None]
    return {key: REMEDIES[key] for key in dict.fromkeys(keys)}


def _as_json(
    report: MachineReport | None,
    rehearsals: Iterable[Rehearsal],
    remedies: dict[str, Remedy],
    gpus: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return what ``--json`` prints."""
    told = list(rehearsals)
    return {
        "can_grade": all(rehearsal.passed for rehearsal in told),
        "can_confine": report is not None and report.can_confine,
        "rehearsals": [rehearsal.to_dict() for rehearsal in told],
        "remedies": _told(remedies),
        "capabilities": [asdict(capability) for capability in (report.capabilities if report is not None else ())],
        "gpus": gpus,
    }


def _told(remedies: dict[str, Remedy]) -> dict[str, Any]:
    """Return remedies as JSON types, the lines filled in."""
    return {
        key: {"found": remedy.found, "ask": [[ask.lead, _lines(ask.lines)] for ask in remedy.asks]}
        for key, remedy in remedies.items()
    }


def _print_machine(report: MachineReport, engine: str) -> None:
    from autograder.terminal import print_machine

    if engine not in ("local", "dask"):
        console.print("이 표는 이 컴퓨터의 것입니다. 워커에서 되는지는 아래의 시험 채점이 알려 줍니다.", style="dim")
    print_machine(console, report)


def _print_rehearsals(rehearsals: Iterable[Rehearsal]) -> None:
    """Print how it went in each place, and the one sentence that counts."""
    possible = True
    for rehearsal in rehearsals:
        where = f" {shown(rehearsal.place)}" if rehearsal.place else ""
        if rehearsal.passed:
            console.print(
                f"[green]시험 채점{where}[/]: 맞는 답은 만점, 틀린 답과 격리를 벗어나려는 답은 0점입니다 "
                f"(제출물 {rehearsal.works:d}건, {rehearsal.seconds:.1f}초)."
            )
            continue
        possible = False
        console.print(
            f"[red]시험 채점{where}[/] {shown(f'[{rehearsal.code}]')} "
            f"'{shown(rehearsal.doing)}' 단계에서 멈추었습니다. {shown_prose(rehearsal.message)}"
        )
        if rehearsal.detail:
            console.print(f"  {shown(rehearsal.detail)}", style="dim", soft_wrap=True)
    console.print("[green]채점할 수 있습니다.[/]" if possible else "[red]여기서는 채점할 수 없습니다.[/]")


def _print_remedies(remedies: dict[str, Remedy]) -> None:
    """Print what to ask an administrator for; lines to type stand by themselves, so that they can be copied."""
    for remedy in remedies.values():
        console.print()
        _print_remedy(remedy, "관리자에게 물어볼 것")
    if any(remedy.elsewhere for remedy in remedies.values()):
        console.print()
        _print_remedy(ELSEWHERE, "다른 길")


def _print_remedy(remedy: Remedy, title: str) -> None:
    console.print(f"[bold]{shown(title)}[/]: {shown_prose(remedy.found)}", soft_wrap=True)
    for number, ask in enumerate(remedy.asks, start=1):
        console.print(f"  {number:d}. {shown_prose(ask.lead)}", soft_wrap=True)
        for line in _lines(ask.lines).splitlines():
            console.print(f"       {visible(line)}", markup=False, soft_wrap=True)


def _lines(text: str) -> str:
    return text.replace("{lsm}", boot_option())
