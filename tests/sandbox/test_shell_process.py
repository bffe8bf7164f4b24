"""The shell in a process of its own: what making it leaves behind, and whether its outputs are a real kernel's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FRESH = """
import builtins, os, sys, threading
def state():
    names = sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, builtins.input
    return sys.modules["__main__"], *names, list(sys.path)

before = state()
from autograder.sandbox.shell.cells import activate, create_shell, run_cell
shell = create_shell()
out = sys.stdout
print(before == state(), create_shell() is shell, "torch" in sys.modules, shell.execution_count)
print(sorted(n for n in shell.user_ns if not n.startswith("_")), shell.user_ns["_"], len(shell.user_ns["_oh"]))
activate(shell)
first = run_cell(shell, "import matplotlib.pyplot as plt\\nplt.plot([1]);\\n%cd .\\n%history", 0)
second = run_cell(shell, "In, Out, _", 1)
kept = threading.active_count(), "sqlite3" in sys.modules
print(first["status"], first["execution_count"], second["status"], *kept, file=out)
out.flush()
os._exit(0)
"""


def test_making_a_shell_leaves_the_process_as_it_was_writes_no_files_and_starts_no_threads(tmp_path):
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", FRESH],
        cwd=home,
        env={"HOME": str(home), "MPLCONFIGDIR": str(cache), "PYTHONPATH": str(Path.cwd()), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "True True False 1",
        "['In', 'Out', 'exit', 'get_ipython', 'open', 'quit']  0",
        "ok 1 ok 1 False",
    ]
    assert list(home.rglob("*")) == []


# ---------------------------------------------------------------- a real kernel

LIKE_A_KERNEL = [
    "import sys\nprint('안녕')\nprint(1)\nprint('오류', file=sys.stderr)",
    "import numpy as np\nnp.arange(6).reshape(2, 3) / 7",
    "from IPython.display import *\ndisplay(HTML('<b>x</b>'))\nprint(1)\nclear_output()\ndisplay({'a': 1})",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('loss');",
    "h = display('a', display_id='d')\nh.update('b')\n{'k': [1, 2]}",
    "def f(x):\n    return x / 0\n\nf(1)",
    "raise ValueError('안 됩니다') from None",
    "x = (1,\ny = 2",
    "import asyncio\nawait asyncio.sleep(0)\n'끝'",
    "for i in range(5):\n    print(f'\\r{i} / 5', end='')\nprint()",
    "sys.exit(2)",
    "assert f, 1\nnp.zeros((2, 3)) @ np.zeros((2, 3))",
]


def normalised(outputs: list[dict]) -> list[dict]:
    """Outputs without colours, addresses, the kernel's name for cells, and its advice beside a SystemExit."""
    result: list[dict] = []
    for output in map(dict, outputs):
        if output["output_type"] == "stream":
            if "To exit: use" in output["text"]:
                continue
            if result and result[-1].get("name") == output["name"]:
                result[-1]["text"] += output["text"]
                continue
        if output["output_type"] == "error":
            lines = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(output["traceback"]))
            lines = re.sub(r"Cell In\[(\d+)\]", r"셀 \1", lines)
            output["traceback"] = [line.rstrip() for line in lines.splitlines() if not line.strip().isdigit()]
            output["evalue"] = re.sub(r"\(.*, line", "(, line", output["evalue"])
        if "data" in output:
            output["data"] = {k: re.sub(r"0x[0-9a-f]+", "0x", v) for k, v in output["data"].items()}
        result.append(output)
    for output in result:
        if output["output_type"] == "stream":
            output["text"] = re.sub(r"[^\n]*\r(?=[^\n])", "", output["text"])
    return result


ALL_CELLS = """
import json, sys
from autograder.sandbox.shell.cells import *
shell, out = create_shell(), sys.stdout
activate(shell)
json.dump([run_cell(shell, source, i) for i, source in enumerate(json.loads(sys.argv[1]))], out)
"""


def test_outputs_equal_those_of_a_real_kernel(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in LIKE_A_KERNEL])
    client = NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    done = subprocess.run(
        [sys.executable, "-c", ALL_CELLS, json.dumps(LIKE_A_KERNEL)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONPATH": str(Path.cwd()), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    ours = json.loads(done.stdout)
    for cell, outcome in zip(notebook.cells, ours, strict=True):
        assert normalised(outcome["outputs"]) == normalised(cell.outputs), cell.source
        assert outcome["execution_count"] == cell.execution_count
