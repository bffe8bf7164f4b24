"""The benchmark itself runs, on counts so small that its figures mean nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import PARTS, ROOT


@pytest.mark.soak
@pytest.mark.xdist_group("heavy")
def test_every_part_leaves_figures_and_pictures(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "--quick", "--rounds", "1", "--minutes", "60"]
    done = subprocess.run([*command, "--out", tmp_path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert set(PARTS) - {"notebooks"} <= set(results)
    assert results["quick"] is True
    assert results["left_out"] == []
    assert set(results["cpu_seconds_per_submission"]) == {"bare", "ours", "nbgrader", "otter"}
    for name in ("cost", "class", "notebook", "throughput"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
