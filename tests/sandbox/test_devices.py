"""A sandbox for a GPU opens that GPU, what CUDA needs to start, and nothing of another GPU or process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import InfrastructureError
from autograder.sandbox import ForkServer, Sandbox, SandboxControl
from autograder.sandbox.confinement import devices
from tests.sandbox.conftest import LIMITS, attempt, run

UUIDS = {0: "GPU-aaaaaaaa-1", 1: "GPU-bbbbbbbb-1", 2: "GPU-bbbbcccc-1"}
PLACES = {0: "0000:41:00.0", 1: "0000:01:00.0", 2: "0000:81:00.0"}  # the driver's numbers need not follow the bus
OTHERS = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-nvswitch0", "null", "nvidia3x")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /dev and a /proc/driver/nvidia/gpus as a machine with three GPUs has them."""
    dev, proc = tmp_path / "dev", tmp_path / "gpus"
    (dev / "nvidia-caps").mkdir(parents=True)
    for name in (*OTHERS, *(f"nvidia{number}" for number in UUIDS)):
        (dev / name).touch()
    (dev / "nvidia-caps" / "nvidia-cap1").touch()
    for number, uuid in UUIDS.items():
        folder = proc / PLACES[number]
        folder.mkdir(parents=True)
        text = f"Model: \t\t Test GPU {number}\nGPU UUID: \t {uuid}\nDevice Minor: \t {number}\nGPU Excluded:\t No\n"
        (folder / "information").write_text(text, encoding="utf-8")
    monkeypatch.setattr(devices, "DEV", dev)
    monkeypatch.setattr(devices, "PROC", proc)
    return tmp_path


@pytest.mark.parametrize(
    ("visible", "found"),
    [
        (None, ["cuda:1", "cuda:0", "cuda:2"]),
        ("0", ["cuda:1"]),
        ("2, 0", ["cuda:2", "cuda:1"]),
        ("GPU-aaaa", ["cuda:0"]),
        ("GPU-bbbb", []),  # two begin so
        ("GPU-bbbbc,GPU-none,0", ["cuda:2"]),
        ("1,1,2", ["cuda:0"]),
        ("0,7,1", ["cuda:1"]),
        ("", []),
        ("-1", []),
        ("NoDevFiles", []),
        ("MIG-5c1a", ["cuda"]),
    ],
)
@pytest.mark.usefixtures("machine")
def test_gpus_are_those_of_the_bus_as_far_as_the_environment_names_them(visible: str | None, found: list[str]) -> None:
    environment = {} if visible is None else {"CUDA_VISIBLE_DEVICES": visible}
    assert [gpu.device for gpu in devices.gpus(environment)] == found


def test_a_machine_without_a_driver_has_no_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "DEV", tmp_path / "nothing")
    monkeypatch.setattr(devices, "PROC", tmp_path / "nothing")
    assert devices.gpus({}) == []
    with pytest.raises(OSError, match="nvidia0 is not there"):
        devices.nodes("cuda:0")


def test_a_gpu_that_may_not_be_opened_does_not_count(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = str(machine / "dev" / "nvidia0")
    monkeypatch.setattr(os, "access", lambda path, _mode: str(path) == allowed)  # root may open any plain file
    assert [gpu.device for gpu in devices.gpus({"CUDA_VISIBLE_DEVICES": "0"})] == ["cuda:0"]


def test_a_gpu_is_named_by_what_every_process_calls_it(machine: Path) -> None:
    assert devices.visible_to("cuda:1", {}) == UUIDS[1]
    information = machine / "gpus" / PLACES[1] / "information"
    information.write_text("GPU UUID: GPU-????????-????\nDevice Minor: 1\n", encoding="utf-8")
    assert devices.visible_to("cuda:1", {}) == "0", "not yet known: the only one whose file can be opened"
    assert devices.visible_to("cpu", {"CUDA_VISIBLE_DEVICES": "1"}) is None
    assert devices.visible_to("cuda", {"CUDA_VISIBLE_DEVICES": "MIG-5c1a"}) == "MIG-5c1a"


@pytest.mark.parametrize("name", ["cuda:", "cuda:x", "cuda:1000", "cuda:-1", "cuda1", "mps", "cuda:1/../0", ""])
def test_what_is_no_device_is_refused(name: str) -> None:
    assert not devices.is_device(name)
    with pytest.raises(ValueError, match="no such device"):
        devices.nodes(name)


@pytest.mark.parametrize("value", ["0", "1.01", "-1", "nan", "much"])
def test_a_share_of_memory_is_a_share(value: str) -> None:
    assert devices.memory_fraction({}) == 0.9
    assert devices.memory_fraction({devices.FRACTION: "0.5"}) == 0.5
    with pytest.raises(ValueError, match=r"FRACTION|float"):
        devices.memory_fraction({devices.FRACTION: value})


CONFINED = """
import json, os, sys
from pathlib import Path
from autograder.sandbox.confinement import confine, devices
from autograder.sandbox.confinement.policy import Confinement
machine, device = Path(sys.argv[1]), sys.argv[2]
devices.DEV, devices.PROC = machine / "dev", machine / "gpus"
os.makedirs(machine / "scratch" / "own")
plan = confine.prepare(Confinement(uid_drop=False), str(machine / "scratch"), device)
files = [path for path in sorted((machine / "dev").rglob("*")) if path.is_file()]
confine.restrict_paths(plan, str(machine / "scratch" / "own"))
opened = []
for path in files:
    try:
        os.close(os.open(path, os.O_RDWR))
        opened.append(path.name)
    except PermissionError:
        pass
print(json.dumps([opened, plan.visible, plan.fraction]))
"""
CONTROL = ["nvidia-uvm", "nvidia-uvm-tools", "nvidiactl"]


@pytest.mark.parametrize(
    ("device", "opened", "visible"),
    [
        ("cpu", [], None),
        ("cuda:1", ["nvidia1", *CONTROL], UUIDS[1]),
        ("cuda", ["nvidia0", "nvidia1", "nvidia2", "nvidia-cap1", *CONTROL], None),
    ],
)
def test_landlock_opens_the_files_of_the_device_and_no_others(
    machine: Path, device: str, opened: list[str], visible: str | None
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "CUDA_VISIBLE_DEVICES"}
    environment[devices.FRACTION] = "0.4"
    command = [sys.executable, "-c", CONFINED, str(machine), device]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    names, seen, fraction = json.loads(done.stdout)
    assert (sorted(names), seen) == (sorted(opened), visible)
    assert fraction == (1.0 if device == "cpu" else 0.4)


@pytest.fixture(scope="module")
def on_gpu(fork_server: ForkServer) -> Iterator[Sandbox]:
    control = SandboxControl(fork_server.control())
    roomy = replace(LIMITS, memory_mb=4096)  # where there is a GPU, CUDA itself takes some
    with control.spawn(limits=roomy, device="cuda") as sandbox:
        yield sandbox
    control.close()


OWN_THREAD = """
import threading
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
file = os.open(f"/proc/self/task/{thread.native_id}/comm", os.O_RDWR)
os.write(file, b"cuda-events")
os.close(file)
name = open(f"/proc/self/task/{thread.native_id}/comm").read()
done.set()
name.strip()
"""


def test_a_gpu_sandbox_may_do_what_cuda_does_at_its_start(on_gpu: Sandbox) -> None:
    assert attempt(on_gpu, OWN_THREAD) == "got cuda-events"
    assert attempt(on_gpu, "os.ftruncate(os.memfd_create('x'), 4096)") == "got None"
    assert attempt(on_gpu, "len(open('/proc/self/maps').read()) > 0") == "got True"


@pytest.mark.parametrize("path", ["/proc/1/cmdline", "/proc/{parent}/stat", "/proc/{parent}/task/{parent}/comm"])
def test_a_gpu_sandbox_sees_no_other_process(on_gpu: Sandbox, path: str) -> None:
    place = "open(" + repr(path) + ".format(parent=os.getppid())).read()"
    assert attempt(on_gpu, place) == "PermissionError"
    assert attempt(on_gpu, "open('/proc/self/oom_score_adj', 'w').write('0')") == "PermissionError"


@pytest.mark.soak
def test_cuda_is_told_which_devices_it_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "MIG-5c1a")
    with ForkServer(preload=("numpy",)) as server:
        control = SandboxControl(server.control())
        for device, told in (("cuda", "MIG-5c1a"), ("cpu", "None")):
            with control.spawn(limits=LIMITS, device=device) as sandbox:
                assert attempt(sandbox, "os.environ.get('CUDA_VISIBLE_DEVICES')") == f"got {told}"
        control.close()


def test_a_sandbox_on_the_cpu_gets_none_of_it(sandbox: Sandbox) -> None:
    assert attempt(sandbox, OWN_THREAD.replace("thread.start()", "thread.daemon = True\nthread.start()")) != (
        "got cuda-events"
    )
    assert attempt(sandbox, "os.memfd_create('x')") == "PermissionError"


SHARED = """
held = mmap.mmap(-1, 700 << 20)
for start in range(0, len(held), 4096):
    held[start] = 1
import time
time.sleep(5)
"""


@pytest.mark.soak
def test_memory_that_is_shared_counts_where_address_space_is_not_limited(control: SandboxControl) -> None:
    with control.spawn(limits=LIMITS, device="cuda") as sandbox:
        assert run(sandbox, "import mmap" + SHARED).status == "memory"


def test_a_gpu_that_is_not_there_is_the_machines_trouble(control: SandboxControl) -> None:
    if devices.gpus({}):
        pytest.skip("this machine has GPUs")
    with pytest.raises(InfrastructureError) as caught:
        control.spawn(limits=LIMITS, device="cuda:7")
    assert caught.value.code == "fork-server-error"


PRELOAD = """
import importlib, sys
import torch
touched = []
def record(name):
    original = getattr(torch.cuda, name)
    def wrapped(*arguments, **keywords):
        touched.append(name)
        return original(*arguments, **keywords)
    setattr(torch.cuda, name, wrapped)
for name in ("_lazy_init", "init", "is_available", "device_count", "get_device_properties"):
    record(name)
from autograder.sandbox.shell import child, surroundings
from autograder.sandbox.confinement.policy import DEFAULT_PRELOAD
for name in DEFAULT_PRELOAD:
    importlib.import_module(name.removeprefix("?"))
child.warm_up()
surroundings.adjust()
surroundings.exercise()
surroundings.seed_everything(1, "cuda:0", 0.5)
assert touched == [], touched
assert not torch.cuda.is_initialized()

given = []
torch.cuda.set_per_process_memory_fraction = given.append
for call, _ in torch.cuda._queued_calls[-1:]:
    call()
assert given == [0.5], "left for the time when CUDA starts"
"""


@pytest.mark.gpu
@pytest.mark.soak
def test_nothing_before_all_confinement_is_in_place_touches_cuda() -> None:
    done = subprocess.run([sys.executable, "-c", PRELOAD], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_fork_server_that_has_made_a_gpu_sandbox_holds_nothing_of_cuda(
    on_gpu: Sandbox, fork_server: ForkServer
) -> None:
    assert attempt(on_gpu, "sys.modules['torch'].ones(2).sum().item()") == "got 2.0"
    maps = Path(f"/proc/{fork_server.pid}/maps").read_text(encoding="utf-8")
    opened = [str(path.readlink()) for path in Path(f"/proc/{fork_server.pid}/fd").iterdir()]
    assert "libcuda.so" not in maps
    assert not [path for path in (*opened, *maps.split()) if path.startswith("/dev/nvidia")]
