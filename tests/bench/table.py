"""`python -m tests.bench.table`: carries figures from `build/bench/results.json` into the READMEs.

What is published stands in `docs/bench.json`, small and committed. The tables between the two marks in README.md and
README.ko.md, and in docs/scaling.md, are made from it and from nothing else; a test compares them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "docs" / "bench.json"
SCALING = ROOT / "docs" / "scaling.md"
_COURSE = 100_000
_CORES = (2, 16, 64)
_PRICE = 0.05
"""An example, in whatever currency: what one core costs for an hour."""

_OPTIONAL = ("suites", "class_growth", "notebook_growth", "real_classes", "real", "tricks")
"""Parts that are published where they were measured."""

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"

_ROWS = {
    "bare": ("the same cells and tests in one warm process", "같은 셀과 시험을 데워진 프로세스 하나에서"),
    "ours, each further one": ("ours, each further submission", "이 채점기, 제출물이 하나 늘 때마다"),
    "ours, class of 100": ("ours, class of 100, start-up included", "이 채점기, 100명 학급, 시작 시간 포함"),
    "nbgrader": ("`nbgrader autograde`", "`nbgrader autograde`"),
    "otter": ("`otter run`", "`otter run`"),
}
_WORDS = {
    "en": {
        "real": "| a further work of | ours, score: CPU s | wall s | ours, full page: CPU s | wall s "
        "| `nbgrader autograde`: CPU s | `otter run`: CPU s | nbgrader / ours, score (page) "
        "| otter / ours, score (page) |",
        "real_said": "Means of {works} different works of each assignment on one slot with one thread, {nbgrader} of "
        "them by nbgrader and {otter} by otter on the same notebooks in turn; ratios are of the same works. Start-up "
        "is in none of it: ours is {ours} CPU s a command, with the trial of the suite by the instructor's answers, "
        "nbgrader's {start_nbgrader} a command, otter's {start_otter} for each work, since a command takes one.",
        "small": "A small torch notebook with four tests:",
        "head": "| a submission costs | CPU s | (least to most) | wall s | largest process, MB |",
        "machine": "{cores} cores of {cpu}, Linux {kernel}, Python {python}, torch {torch}; medians of {rounds} rounds "
        "in turn, load {load} at the start.",
        "ratio": "CPU of a further submission of this small notebook: nbgrader spends {nbgrader} times, otter {otter} "
        "times as much, most of it to start a kernel and import torch; {overhead} ms more than the bare cells.",
        "sandbox": "From request to a confined sandbox's first result {p50} ms (p50), {p95} ms (p95); a fresh fork for "
        "a question and its first call {branch} ms. A running submission holds {private} MB of private memory at most. "
        "Two slots on {cores} cores grade {speedup} times what one does.",
        "scale": "{count} trivial submissions through the coordinator: {cpu} ms CPU each ({files} ms with record and "
        "feedback files), memory growing by {growth} KB a submission; {killed} with two Dask workers killed on the "
        "way: {lost} lost, {doubled} doubled.",
    },
    "ko": {
        "real": "| 한 건이 늘 때 | 이 채점기, 점수까지: CPU 초 | 벽시계 초 | 이 채점기, 그림까지: CPU 초 | 벽시계 초 "
        "| `nbgrader autograde`: CPU 초 | `otter run`: CPU 초 | nbgrader / 점수까지 (그림까지) "
        "| otter / 점수까지 (그림까지) |",
        "real_said": "과제마다 서로 다른 제출물 {works}건을 슬롯 하나, 스레드 하나로 채점한 평균입니다. "
        "그 가운데 {nbgrader}건은 nbgrader로, {otter}건은 otter로 같은 노트북을 번갈아 채점했으며, "
        "비율은 같은 제출물끼리 견준 것입니다. 시작하는 값은 어디에도 넣지 않았습니다. "
        "이 채점기는 (시험지를 모범 답안으로 확인하는 값까지) 명령마다 CPU {ours}초, "
        "nbgrader는 명령마다 {start_nbgrader}초, 한 명령에 한 건인 otter는 제출물마다 {start_otter}초입니다.",
        "small": "시험이 넷인 작은 torch 노트북:",
        "head": "| 제출물 하나에 드는 값 | CPU 초 | (최소~최대) | 벽시계 초 | 가장 큰 프로세스, MB |",
        "machine": "{cpu} {cores}코어, Linux {kernel}, Python {python}, torch {torch}. 번갈아 {rounds}번 잰 값의 "
        "중앙값이며, 시작할 때의 부하는 {load}였습니다.",
        "ratio": "이 작은 노트북 하나가 늘 때의 CPU로 nbgrader는 {nbgrader}배, otter는 {otter}배를 쓰며, "
        "대부분은 커널을 시작하고 torch를 불러오는 값입니다. 셀만 실행할 때보다 {overhead} ms 더 듭니다.",
        "sandbox": "요청부터 격리된 샌드박스의 첫 결과까지 {p50} ms(p50), {p95} ms(p95)입니다. 문항마다 새로 갈라져 "
        "나와 첫 호출을 마치기까지 {branch} ms입니다. 실행 중인 제출물 하나는 자기만의 메모리를 많아야 {private} MB "
        "씁니다. {cores}코어에서 슬롯 둘은 하나의 {speedup}배를 채점합니다.",
        "scale": "간단한 제출물 {count}건을 조정 프로세스에 통과시키면 한 건에 CPU {cpu} ms(기록과 피드백 파일까지 "
        "{files} ms)가 들고, 메모리는 한 건에 {growth} KB 늘어납니다. 도중에 Dask 워커 둘을 죽인 {killed}건에서 "
        "잃은 것은 {lost}건, 겹친 것은 {doubled}건입니다.",
    },
}


def published(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the results is published: figures of `docs/bench.json`.

    Raises:
        KeyError: a part is missing.
        ValueError: the run was a quick one, whose figures mean nothing.
    """
    _refuse_quick(results)
    scale, parts = results["scale"], results["submission"]
    kept = ("count", "coordinator_cpu_ms", "process_cpu_ms", "per_second", "growth_kb_per_submission", "resident_mb")
    checked = ("lost", "doubled", "without_result", "rows_doubled", "ledger_mb", "of_ideal")
    return {
        "taken": results["taken"],
        "machine": results["machine"],
        "cpu_seconds_per_submission": parts["cpu_seconds_per_submission"],
        "costs": parts["costs"],
        "ratios": parts["ratios"],
        "overhead_cpu_ms": parts["overhead_cpu_ms"],
        "sandbox": results["sandbox"],
        "sandbox_memory": results["sandbox_memory"],
        "memory": results["memory"],
        "slots": results["slots"],
        "scale": {name: {key: run[key] for key in (*kept, *checked) if key in run} for name, run in scale.items()},
        **{part: results[part] for part in _OPTIONAL if part in results},
        "left_out": results["left_out"],
    }


def _refuse_quick(results: Mapping[str, Any]) -> None:
    if results["quick"]:
        raise ValueError("figures of --quick are not published")


def table(figures: Mapping[str, Any], language: str) -> str:
    """Return the table and the sentences below it, as they stand between the marks."""
    words, machine = _WORDS[language], figures["machine"]
    lines = [real(figures["real"], language), words["small"], ""] if "real" in figures else []
    lines += [words["head"], "|---|---|---|---|---|"]
    for name, labels in _ROWS.items():
        cost = figures["costs"][name]
        low, high = cost["cpu_range"]
        peak = f"{cost['peak_mb']:.0f}" if cost["peak_mb"] else "—"
        cells = [labels[language == "ko"], _short(cost["cpu_seconds"]), f"{_short(low)} ~ {_short(high)}"]
        lines.append(f"| {' | '.join([*cells, _short(cost['wall_seconds']), peak])} |")
    scale, killed = figures["scale"]["coordinator"], figures["scale"]["dask, workers killed"]
    sandbox = figures["sandbox"]
    sentences = [
        words["machine"].format(
            **{key: machine[key] for key in ("cores", "cpu", "kernel", "python")},
            torch=machine["versions"]["torch"],
            rounds=figures["costs"]["bare"]["rounds"],
            load=machine["load_at_start"],
        ),
        words["ratio"].format(
            nbgrader=f"{figures['ratios']['nbgrader / ours, each further one']:.0f}",
            otter=f"{figures['ratios']['otter / ours, each further one']:.0f}",
            overhead=f"{figures['overhead_cpu_ms']:.0f}",
        ),
        words["sandbox"].format(
            p50=f"{sandbox['first_cell']['p50_ms']:.1f}",
            p95=f"{sandbox['first_cell']['p95_ms']:.1f}",
            branch=f"{sandbox['branch_and_call']['p50_ms']:.1f}",
            private=f"{figures['memory']['ours, a running submission']['private_mb']:.0f}",
            cores=figures["slots"]["cores"],
            speedup=f"{figures['slots']['speedup_of_two']['median']:.2f}",
        ),
        words["scale"].format(
            count=f"{scale['count']:,}",
            cpu=f"{scale['process_cpu_ms']:.1f}",
            files=f"{figures['scale']['coordinator and files']['process_cpu_ms']:.1f}",
            growth=f"{max(scale['growth_kb_per_submission'], 0.0):.1f}",
            killed=f"{killed['count']:,}",
            lost=killed["lost"] + killed["without_result"],
            doubled=killed["doubled"] + killed["rows_doubled"],
        ),
    ]
    return "\n".join(lines) + "\n\n" + "\n\n".join(sentences) + "\n"


def real(figures: Mapping[str, Any], language: str) -> str:
    """Return the table of real works, one row an assignment, and what is to be said of it."""
    words, rows = _WORDS[language], figures["assignments"]
    lines = [words["real"], "|" + "---|" * 9]
    for name, found in rows.items():
        ours, ratios = found["ours"], found["ratios"]
        seconds = [ours["score"]["cpu_seconds"], ours["score"]["wall_seconds"]]
        seconds += [ours["page"]["cpu_seconds"], ours["page"]["wall_seconds"]]
        seconds += [found["nbgrader"]["cpu_seconds"], found["otter"]["cpu_seconds"]]
        times = [
            f"{ratios[f'{peer} / score']['cpu']:.1f} ({ratios[f'{peer} / page']['cpu']:.1f})"
            for peer in ("nbgrader", "otter")
        ]
        lines.append(f"| `{name}` | {' | '.join([*map(_short, seconds), *times])} |")
    counts = {name: next(iter(rows.values()))[name]["works"] for name in ("nbgrader", "otter")}
    said = words["real_said"].format(
        works=next(iter(rows.values()))["ours"]["works"],
        **counts,
        ours=_least_to_most([found["ours"]["start_up"] for found in rows.values()]),
        start_nbgrader=_least_to_most([found["nbgrader"]["start_up"] for found in rows.values()]),
        start_otter=_least_to_most([found["otter"]["start_up"] for found in rows.values()]),
    )
    return "\n".join([*lines, "", said, ""])


def _least_to_most(costs: Sequence[Mapping[str, Any]]) -> str:
    low, high = (_short(found(cost["cpu_seconds"] for cost in costs)) for found in (min, max))
    return low if low == high else f"{low} ~ {high}"


def course(figures: Mapping[str, Any]) -> str:
    """Return what a course of `_COURSE` submissions takes, as it stands in docs/scaling.md."""
    shared = figures["scale"]["coordinator and files"]["process_cpu_ms"] / 1e3
    kinds: dict[str, float] = {}
    if "real" in figures:
        rows = figures["real"]["assignments"]
        kinds |= {f"`{name}`, scores": found["ours"]["score"]["cpu_seconds"] for name, found in rows.items()}
        kinds["the five in equal parts, full pages"] = mean(f["ours"]["page"]["cpu_seconds"] for f in rows.values())
        kinds["the same, by `nbgrader autograde`"] = mean(f["nbgrader"]["cpu_seconds"] for f in rows.values())
    kinds["the small notebook of `make bench`"] = figures["cpu_seconds_per_submission"]["ours"]
    kinds["the small notebook, by `nbgrader autograde`"] = figures["cpu_seconds_per_submission"]["nbgrader"]
    kinds["the small notebook, by `otter run`"] = figures["cpu_seconds_per_submission"]["otter"]
    hours = [f"hours on {cores} cores" for cores in _CORES]
    lines = [
        f"| {_COURSE:,} submissions of | CPU s each | core-hours | {' | '.join(hours)} | at {_PRICE} a core-hour |",
        "|---|---|---|" + "---|" * (len(_CORES) + 1),
    ]
    for name, seconds in kinds.items():
        total = seconds * _COURSE / 3600
        cells = [name, _short(seconds), *(_hours(total / cores) for cores in (1, *_CORES)), f"{total * _PRICE:,.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    one, dask = figures["scale"]["coordinator and files"], figures["scale"]["dask"]
    held = []
    for name in ("coordinator", "coordinator and files", "dask"):
        run = figures["scale"][name]
        half, end = run["resident_mb"]["half"], run["resident_mb"]["end"]
        held.append(f"{name}, {half:.0f} MB at half of {run['count']:,} submissions and {end:.0f} MB at the end")
    lines += [
        "",
        f"The coordinator's own share is {one['process_cpu_ms']:.1f} ms of CPU a submission, files included: "
        f"{shared * _COURSE / 60:.0f} minutes of one core for {_COURSE:,}. It passed {one['per_second']:.0f} "
        "submissions a second here.",
        "",
        f"By Dask the coordinator's process spends {dask['process_cpu_ms']:.1f} ms on each (with the scheduler in it, "
        f"without files) and passed {dask['per_second']:.0f} a second. Workers that wait 20 ms for each job were kept "
        f"busy: {_busy(figures['scale'])}.",
        "",
        f"Resident memory of the coordinator: {'; '.join(held)}.",
    ]
    return "\n".join(lines) + "\n"


def _busy(scale: Mapping[str, Any]) -> str:
    found = {name: run["of_ideal"] for name, run in scale.items() if "of_ideal" in run}
    return ", ".join(f"{share:.2f} of the ideal with {name}" for name, share in found.items())


def _hours(hours: float) -> str:
    return f"{hours:.2f}" if hours < 10 else f"{hours:.1f}" if hours < 100 else f"{hours:,.0f}"


def between_marks(text: str) -> str:
    """Return what stands between the marks; raises ValueError without them."""
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip("\n") + "\n"


def blocks(figures: Mapping[str, Any]) -> dict[Path, str]:
    """Return what has to stand between the marks of each page."""
    return {
        ROOT / "README.md": table(figures, "en"),
        ROOT / "README.ko.md": table(figures, "ko"),
        SCALING: course(figures),
    }


def main() -> None:
    """Write `docs/bench.json` from the results, then both tables from that."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.table", description=__doc__)
    parser.add_argument("results", type=Path, nargs="?", default=ROOT / "build" / "bench" / "results.json")
    parser.add_argument("--only", nargs="+", metavar="PART", help="these parts only, the others' figures stay")
    parser.add_argument("--only-tables", action="store_true", help="from docs/bench.json as it is")
    arguments = parser.parse_args()
    if not arguments.only_tables:
        results = json.loads(arguments.results.read_text(encoding="utf-8"))
        _refuse_quick(results)
        if arguments.only:
            figures = {**json.loads(FIGURES.read_text(encoding="utf-8")), **{p: results[p] for p in arguments.only}}
        else:
            figures = published(results)
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    for path, block in blocks(figures).items():
        text = path.read_text(encoding="utf-8")
        before, after = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
        path.write_text(f"{before}\n{block}{after}", encoding="utf-8")
        print(path.relative_to(ROOT))


def _short(seconds: float) -> str:
    """Return seconds with two digits that mean something."""
    return f"{seconds:.3f}" if seconds < 0.1 else f"{seconds:.2f}" if seconds < 1 else f"{seconds:.1f}"


if __name__ == "__main__":
    main()
