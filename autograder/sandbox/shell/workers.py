"""Pools, processes and what they share, as threads: `multiprocessing` where no process can be started.

What students make of it, a pool that maps or a process that fills a queue, has the same results in threads of the one
process there is; that they are not faster costs nothing here. Owns what of `multiprocessing`, `torch.multiprocessing`
and `concurrent.futures` is replaced in a sandbox. Each use says so once in the cell that it is in.

Two things differ: what a worker changes in the notebook's variables is seen by all, and a worker cannot be ended from
outside (`terminate` and `kill` let it run on).
"""

from __future__ import annotations

import concurrent.futures
import concurrent.futures.process
import multiprocessing
import multiprocessing.context
import multiprocessing.heap
import multiprocessing.pool
import os
import queue
import sys
import threading
import traceback
import types
import weakref
from collections.abc import Callable
from typing import Any, Self

from autograder.sandbox.shell.notices import THREADS, tell

__all__ = ["as_threads"]


def as_threads() -> tuple[tuple[Any, str, Any], ...]:
    """Return (owner, name, value) of what is replaced."""
    context = multiprocessing.context.BaseContext
    default = multiprocessing.context._default_context
    modules = [multiprocessing, *filter(None, [sys.modules.get("torch.multiprocessing")])]
    methods = {name: _method(make) for name, make in _MADE.items()}
    spawning = sys.modules.get("torch.multiprocessing.spawn")
    kinds = ("Process", "ForkProcess", "SpawnProcess", "ForkServerProcess")
    return (
        *((context, name, method) for name, method in methods.items()),
        # These were bound when their module was imported.
        *((m, name, types.MethodType(method, default)) for m in modules for name, method in methods.items()),
        *((getattr(multiprocessing.context, kind), "_Popen", staticmethod(_Started)) for kind in kinds),
        (multiprocessing.pool.Pool, "__new__", staticmethod(_new_pool)),
        (multiprocessing.heap.Arena, "_dir_candidates", []),  # memory of /dev/shm; else a file of the folder's
        *((module, "_prctl_pr_set_pdeathsig", _stay) for module in filter(None, [spawning])),
        (concurrent.futures, "ProcessPoolExecutor", _Executor),
        (concurrent.futures.process, "ProcessPoolExecutor", _Executor),
    )


class _Queue(queue.Queue[Any]):
    """A queue of `multiprocessing`: it can be closed, and has nothing to wait for then."""

    def close(self) -> None:
        """Do nothing: what is in it stays there to be taken."""

    join_thread = cancel_join_thread = close


class _Pool(multiprocessing.pool.ThreadPool):
    """`multiprocessing.Pool`."""

    def __init__(
        self, processes: int | None = None, initializer: Any = None, initargs: Any = (), *_unused: Any, **_also: Any
    ) -> None:
        tell(THREADS.format(name="multiprocessing.Pool"))
        super().__init__(processes, initializer, initargs)


def _new_pool(cls: Any, *_args: Any, **_options: Any) -> Any:
    """Make a pool of threads of whoever asks `multiprocessing.pool` for a pool of processes."""
    return object.__new__(_Pool if cls is multiprocessing.pool.Pool else cls)


def _stay(_signal: int) -> None:
    """Ask for no signal at the parent's end: that is this process."""


class _Executor(concurrent.futures.ThreadPoolExecutor):
    """`concurrent.futures.ProcessPoolExecutor`."""

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: Any = None,
        initializer: Any = None,
        initargs: Any = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        tell(THREADS.format(name="ProcessPoolExecutor"))
        super().__init__(max_workers, initializer=initializer, initargs=initargs)

    def map(self, fn: Any, *iterables: Any, timeout: float | None = None, chunksize: int = 1) -> Any:
        """As `concurrent.futures.Executor.map`."""
        return super().map(fn, *iterables, timeout=timeout, chunksize=chunksize)


def _value(_kind: Any, value: Any) -> types.SimpleNamespace:
    return types.SimpleNamespace(value=value)


def _array(_kind: Any, values: Any) -> list[Any]:
    return list(values)


class _Manager:
    """`multiprocessing.Manager()`: its objects are this process's own."""

    dict, list, Namespace = dict, list, types.SimpleNamespace
    Value, Array = staticmethod(_value), staticmethod(_array)
    Queue = JoinableQueue = _Queue
    Lock, RLock, Event = threading.Lock, threading.RLock, threading.Event
    Condition, Semaphore, Barrier = threading.Condition, threading.Semaphore, threading.Barrier
    Pool = _Pool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Keep everything."""

    def start(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing: there is no server."""

    shutdown = start


_MADE: dict[str, Callable[..., Any]] = {
    **{"Lock": threading.Lock, "RLock": threading.RLock, "Event": threading.Event, "Condition": threading.Condition},
    **{"Semaphore": threading.Semaphore, "BoundedSemaphore": threading.BoundedSemaphore, "Barrier": threading.Barrier},
    **{"Queue": _Queue, "JoinableQueue": _Queue, "SimpleQueue": _Queue, "Pool": _Pool, "Manager": _Manager},
}
"""What a context of `multiprocessing` makes, by its method's name. Values and arrays are its own, with these locks."""


def _method(make: Callable[..., Any]) -> Callable[..., Any]:
    def method(_context: Any, *args: Any, **options: Any) -> Any:
        return make(*args, **options)

    return method


class _Started:
    """What a `multiprocessing.Process` holds once it was started: a thread that runs a twin of it.

    A twin, because the process forgets its target when it has started, and what its `run` sets is another process's.
    """

    def __init__(self, process: Any) -> None:
        tell(THREADS.format(name="multiprocessing.Process"))
        self.pid = self._process = os.getpid()
        self.returncode: int | None = None
        self.sentinel, end = os.pipe()
        weakref.finalize(self, os.close, self.sentinel)
        twin = object.__new__(type(process))
        twin.__dict__.update(process.__dict__)
        self._thread = threading.Thread(target=self._run, args=(twin, end), name=process.name, daemon=True)
        self._thread.start()

    def _run(self, twin: Any, end: int) -> None:
        code = 1
        try:
            twin.run()
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        except BaseException:
            sys.stderr.write(f"Process {twin.name}:\n{traceback.format_exc()}")
        finally:
            self.returncode = code
            os.close(end)

    def poll(self, _flag: int = 0) -> int | None:
        """Return the exit code, None while it runs; in a fork, where its thread is gone, it has ended."""
        if self._process != os.getpid() and self.returncode is None:
            return 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end; None if that takes longer."""
        if self._process == os.getpid():
            self._thread.join(timeout)
        return self.poll()

    def terminate(self) -> None:
        """Let it run on: a thread cannot be ended."""

    kill = close = terminate
