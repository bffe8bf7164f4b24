"""What student code finds around it that differs from a notebook server: seeds, environment, one process only.

Owns the adjustments made in every sandbox before student code. Each has the same effect on every submission.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import random
import sys
import tempfile
from typing import Any

from autograder.sandbox.confinement import policy

__all__ = [
    "adjust",
    "detect_processor",
    "exercise",
    "replacements",
    "seed_everything",
    "set_environment",
    "start_device",
    "surviving_a_fork",
]

_NO_WORKERS = "[안내] 채점 환경에는 작업자 프로세스가 없으므로 DataLoader의 num_workers={workers} 대신 0을 사용합니다."


def detect_processor() -> None:
    """Have torch choose its kernels for this processor while /proc/cpuinfo can still be read; runs no operation."""
    if "torch" in sys.modules:
        import torch

        torch.backends.cpu.get_cpu_capability()


def exercise() -> None:
    """Do what a first cell usually does, so that no child has to be the first. In the fork server, before any fork.

    It saves a small notebook 1.5 to 4.5 ms of CPU of 54, and nothing that can be seen in a second (two cores, no GPU;
    ``python -m tests.bench --only tricks``).

    With one thread, so that none is left behind for a fork to miss. Not where there is a GPU: the backward pass and
    optimizers look for devices, and that starts a driver which does not survive a fork.
    """
    gpu = any(name.startswith("nvidia") for name in os.listdir("/dev"))  # noqa: PTH208
    if "torch" not in sys.modules or gpu:
        return
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    for kind in (torch.optim.SGD, torch.optim.Adam):
        optimizer = kind(model.parameters(), lr=0.1)
        loss = torch.nn.functional.cross_entropy(model(torch.randn(2, 4)), torch.randint(0, 2, (2,)))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        repr(loss)


def set_environment(folder: str) -> None:
    """Replace the environment by a fixed one whose every folder is `folder`."""
    environment = {name: value for name, value in policy.SERVER_ENVIRONMENT.items() if name != "MPLBACKEND"}
    folders = ("HOME", "TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "IPYTHONDIR")
    environment |= dict.fromkeys(folders, folder)
    environment |= {"TORCH_HOME": folder, "TORCHINDUCTOR_CACHE_DIR": folder, "USER": "student", "LOGNAME": "student"}
    if "MPLBACKEND" in os.environ:
        environment["MPLBACKEND"] = os.environ["MPLBACKEND"]
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
    tempfile.tempdir = None
    matplotlib = sys.modules.get("matplotlib")
    for name in ("get_configdir", "get_cachedir"):
        clear = getattr(getattr(matplotlib, name, None), "cache_clear", None)
        if clear is not None:
            clear()


def seed_everything(seed: int, device: str = "cpu", fraction: float = 1.0) -> None:
    """Seed random, numpy's global generator and torch, which all forks would otherwise share.

    What concerns a GPU is left with torch to be done when CUDA starts: that makes threads, which the system call filter
    must find none of, and a broken GPU must not look like a sandbox that cannot be confined. Student code can undo the
    `fraction` of the memory; what it took is free when its process ends.
    """
    random.seed(seed)
    if "numpy" in sys.modules:
        import numpy

        numpy.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        import torch

        torch.default_generator.manual_seed(seed)  # torch.manual_seed spends milliseconds on devices that are not there
        if device != "cpu":
            torch.cuda.manual_seed_all(seed)
            torch.cuda._lazy_call(lambda: torch.cuda.set_per_process_memory_fraction(fraction))  # type: ignore[no-untyped-call]


def start_device(device: str) -> None:
    """Start CUDA where the sandbox has a GPU, so that its seconds count for no call of the student's.

    To be called when all confinement is in place. A device that does not start is left for its examination to find.
    """
    if device != "cpu" and "torch" in sys.modules:
        import torch

        with contextlib.suppress(Exception):
            torch.ones(1, device="cuda").item()


def adjust() -> None:
    """One thread, deterministic algorithms, a DataLoader without worker processes, pools that survive a fork."""
    for owner, name, value in surviving_a_fork():
        setattr(owner, name, value)
    if "torch" not in sys.modules:
        return
    import torch

    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.set_num_threads(1)
    for owner, name, value in replacements():
        setattr(owner, name, value)


@functools.cache
def replacements() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what `adjust` replaces; called in the fork server, so that no child makes them."""
    loader = getattr(sys.modules.get("torch.utils.data"), "DataLoader", None)
    loading = [] if loader is None else [(loader, "__init__", _loading_in_process(loader.__init__))]
    return (*_one_thread(sys.modules["torch"]), *loading)


@functools.cache
def surviving_a_fork() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what makes a question's branch find working what a cell has made.

    A branch is a fork and has one thread. A pool whose threads were started in a cell starts them again on its first
    use; hooks on forks, which a notebook has no use for here, are not taken.
    """
    import asyncio.selector_events
    import concurrent.futures.thread
    import multiprocessing.pool
    import multiprocessing.queues
    import posix
    import threading
    import types

    def register_at_fork(**_hooks: Any) -> None:
        """Take no hook: the forks of a sandbox are the grader's own."""

    # A pool of threads asks for a lock between processes, which a sandbox does not have, and needs none.
    locks = types.SimpleNamespace(Lock=threading.Lock)
    queues: Any = types.SimpleNamespace(SimpleQueue=lambda: multiprocessing.queues.SimpleQueue(ctx=locks))

    def start_pool(self: Any, processes: Any = None, initializer: Any = None, initargs: Any = ()) -> None:
        multiprocessing.pool.Pool.__init__(self, processes, initializer, initargs, context=queues)

    executor = concurrent.futures.thread.ThreadPoolExecutor
    loop = asyncio.selector_events.BaseSelectorEventLoop
    pool = multiprocessing.pool.ThreadPool
    return (
        (os, "register_at_fork", register_at_fork),
        (posix, "register_at_fork", register_at_fork),
        (executor, "__init__", _noting_process(executor.__init__)),
        (executor, "submit", _with_threads_again(executor.submit)),
        (loop, "__init__", _noting_process(loop.__init__)),
        (loop, "run_forever", _with_selector_again(loop.run_forever)),
        (pool, "__init__", _noting_process(start_pool)),
        (pool, "_check_running", _with_workers_again(pool._check_running)),  # type: ignore[attr-defined]
    )


def _noting_process(original: Any) -> Any:
    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        self._process = os.getpid()
        original(self, *args, **kwargs)

    return init


def _with_threads_again(original: Any) -> Any:
    """Return `ThreadPoolExecutor.submit` for an executor that may have been forked: its threads are gone then."""
    import queue
    import threading

    @functools.wraps(original)
    def submit(self: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(self, "_process", None) != os.getpid():
            self._process = os.getpid()
            self._threads = set()
            self._idle_semaphore = threading.Semaphore(0)
            self._shutdown_lock = threading.Lock()
            self._work_queue = queue.SimpleQueue()
        return original(self, *args, **kwargs)

    return submit


def _with_selector_again(original: Any) -> Any:
    """Return `run_forever`, which every way to run a loop goes through: a branch has none of its descriptors."""
    import selectors

    @functools.wraps(original)
    def run_forever(self: Any) -> None:
        if getattr(self, "_process", None) != os.getpid():
            self._process = os.getpid()
            self._selector = selectors.DefaultSelector()
            self._make_self_pipe()
        original(self)

    return run_forever


def _with_workers_again(original: Any) -> Any:
    """Return `ThreadPool._check_running`, which every way of handing out work goes through, likewise."""

    @functools.wraps(original)
    def check(self: Any) -> None:
        if getattr(self, "_process", None) != os.getpid() and self._state == "RUN":
            self.__init__(self._processes, self._initializer, self._initargs)
        original(self)

    return check


def _one_thread(torch: Any) -> list[tuple[Any, str, Any]]:
    """Compute with one thread whatever the student sets, and answer with the number that was set.

    The threads of OpenMP do not survive a fork: a question's branch would wait for them until its deadline. And a sum
    by two threads may differ from a sum by one in its last bit.
    """
    shown = 1

    def set_num_threads(number: int) -> None:
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"set_num_threads expects an int, but got {type(number).__name__}")
        if number <= 0:
            raise RuntimeError("set_num_threads expects a positive integer")
        nonlocal shown
        shown = number

    return [(torch, "set_num_threads", set_num_threads), (torch, "get_num_threads", lambda: shown)]


def _loading_in_process(original: Any) -> Any:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def init(*args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs)
        workers = bound.arguments.get("num_workers", 0)
        if isinstance(workers, int) and workers > 0:
            print(_NO_WORKERS.format(workers=workers))
            for name in ("num_workers", "multiprocessing_context", "prefetch_factor", "persistent_workers", "timeout"):
                bound.arguments.pop(name, None)
        original(*bound.args, **bound.kwargs)

    return init
