"""What an honest notebook sees."""

from __future__ import annotations

import pytest

from autograder.errors import InfrastructureError
from autograder.sandbox import Sandbox, SandboxControl

from .conftest import LIMITS, run, text


def test_a_cell_returns_its_outputs_in_order(sandbox: Sandbox) -> None:
    result = run(sandbox, "print('먼저')\n1 + 1")
    assert result.status == "ok"
    assert [o["output_type"] for o in result.outputs] == ["stream", "execute_result"]
    assert result.outputs[0]["text"] == "먼저\n"
    assert result.outputs[1]["data"]["text/plain"] == "2"
    assert result.execution_count == 1


def test_cells_share_one_namespace(sandbox: Sandbox) -> None:
    run(sandbox, "x = 20")
    assert text(run(sandbox, "x + 1", index=1)) == "21"


def test_an_error_names_its_type_and_line_and_later_cells_run(sandbox: Sandbox) -> None:
    result = run(sandbox, "y = 1\n\nint('a')")
    assert (result.status, result.ename, result.line) == ("error", "ValueError", 3)
    assert run(sandbox, "y", index=1).status == "ok"


def test_a_syntax_error_is_an_error_of_that_cell(sandbox: Sandbox) -> None:
    result = run(sandbox, "a = 1\nb = (\n")
    assert (result.status, result.ename) == ("error", "SyntaxError")


def test_a_figure_becomes_an_image(sandbox: Sandbox) -> None:
    result = run(sandbox, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert any("image/png" in o.get("data", {}) for o in result.outputs)


def test_training_works(sandbox: Sandbox) -> None:
    source = """
import torch
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.Adam(model.parameters())
for _ in range(3):
    optimizer.zero_grad()
    model(torch.randn(8, 3)).pow(2).mean().backward()
    optimizer.step()
torch.save(model.state_dict(), "model.pt")
sorted(torch.load("model.pt"))
"""
    assert text(run(sandbox, source)) == "['bias', 'weight']"


def test_torch_uses_the_kernels_of_this_processor(sandbox: Sandbox) -> None:
    import torch

    result = run(
        sandbox,
        "import torch\ntorch.randn(64, 64) @ torch.randn(64, 64)\nprint(torch.backends.cpu.get_cpu_capability())",
    )
    assert text(result).strip() == torch.backends.cpu.get_cpu_capability()


def test_threads_work(sandbox: Sandbox) -> None:
    source = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(lambda x: x * x, range(100))))
"""
    assert text(run(sandbox, source)).strip() == "328350"


def test_a_data_loader_with_workers_loads_without_them_and_says_so(sandbox: Sandbox) -> None:
    source = """
import torch
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(10))
print([b[0].tolist() for b in DataLoader(data, 4, num_workers=2, persistent_workers=True, prefetch_factor=4)])
"""
    shown = text(run(sandbox, source))
    assert "num_workers=2" in shown
    assert "[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]" in shown


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(control: SandboxControl) -> None:
    source = "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1).item())"
    shown = []
    for seed in (1, 1, 2):
        with control.spawn(limits=LIMITS, seed=seed) as sandbox:
            shown.append(text(run(sandbox, source)))
    assert shown[0] == shown[1]
    assert all(one != other for one, other in zip(shown[0].split(), shown[2].split(), strict=True))


def test_what_c_code_and_raw_descriptors_write_is_shown(sandbox: Sandbox) -> None:
    result = run(sandbox, "import os, ctypes\nos.write(1, b'raw ')\nctypes.CDLL(None).puts(b'from C');")
    assert "raw" in text(result)
    assert "from C" in text(result)


def test_submitted_files_lie_in_the_working_directory(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS, files={"data.csv": b"1,2", "sub/한글.txt": "값".encode()}) as sandbox:
        shown = text(run(sandbox, "print(open('data.csv').read(), open('sub/한글.txt').read())"))
    assert shown.strip() == "1,2 값"


@pytest.mark.parametrize("name", ["../up", "/abs", "", "a/../../b", "nul\0"])
def test_a_file_name_that_leads_out_is_refused(control: SandboxControl, name: str) -> None:
    with pytest.raises(InfrastructureError, match="scratch-name"):
        control.spawn(limits=LIMITS, files={name: b"x"})


def test_every_folder_of_the_environment_is_the_scratch_folder(sandbox: Sandbox) -> None:
    source = """
import os, tempfile, pathlib
here = os.getcwd()
assert tempfile.gettempdir() == here == os.environ["HOME"] == str(pathlib.Path.home()), (tempfile.gettempdir(), here)
with tempfile.NamedTemporaryFile() as f:
    f.write(b"x")
import shutil
open("a", "w").write("1"); shutil.copy2("a", "b"); os.mkdir("d"); shutil.move("b", "d/b"); shutil.rmtree("d")
print(sorted(os.listdir()))
"""
    assert text(run(sandbox, source)).strip() == "['a']"


def test_modules_that_were_not_preloaded_can_be_imported(sandbox: Sandbox) -> None:
    assert (
        run(sandbox, "import csv, decimal, sqlite3, zoneinfo, torch.optim.lr_scheduler, numpy.polynomial").status
        == "ok"
    )
    assert (
        text(run(sandbox, "import importlib\nimportlib.invalidate_caches()\nimport wave; print('ok')")).strip() == "ok"
    )


def test_the_course_package_is_readable(sandbox: Sandbox) -> None:
    assert text(run(sandbox, "import course\nprint(len(open(course.__file__).read()) > 0)")).strip() == "True"


def test_which_names_are_defined_and_callable(sandbox: Sandbox) -> None:
    run(sandbox, "def f(): pass\nx = 3")
    assert sandbox.defined(["f", "x", "missing"]) == {"f"}


def test_asyncio_and_top_level_await_work(sandbox: Sandbox) -> None:
    assert text(run(sandbox, "import asyncio\nawait asyncio.sleep(0.001, 'awaited')")) == "'awaited'"
