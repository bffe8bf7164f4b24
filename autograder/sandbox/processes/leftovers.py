"""What a notebook leaves to the branches of its questions: a folder, and what its process has open.

Owns the rule that a branch shares no description of a file with another: a place in a file that one question moved
would be moved for the next.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.processes import procfs
from autograder.sandbox.processes.room import Snapshot

__all__ = ["Leftovers"]

_MOST_GIVEN = 200
"""Descriptors sent along with a fork; the kernel takes 253 (SCM_MAX_FD)."""


@dataclass(slots=True)
class Leftovers:
    """The folder as it was after the last cell, and what the process had open then."""

    snapshot: Snapshot
    files: list[procfs.OpenFile]

    def reopened(self, pid: int, folder: str, given: list[int]) -> list[list[Any]]:
        """Return what a branch does with each descriptor: ``[number, path, flags, position]``.

        The path, below the folder, is opened anew: no branch shares a place in a file with another. It is "" for a
        file elsewhere that is open for reading: a descriptor of its own is added to `given`, in order. Of everything
        else nothing is left: path None.
        """
        orders: list[list[Any]] = []
        for file in self.files:
            path: str | None = None
            mode = file.flags & os.O_ACCMODE
            if file.path.startswith(f"{folder}/") and not file.path.endswith(" (deleted)"):
                path = file.path[len(folder) + 1 :]
            elif mode == os.O_RDONLY and len(given) < _MOST_GIVEN:
                with contextlib.suppress(OSError):
                    link = f"/proc/{pid}/fd/{file.number}"
                    if stat.S_ISREG(os.stat(link).st_mode):  # noqa: PTH116  through the link, to the file that is open
                        given.append(os.open(link, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK))
                        path = ""
            orders.append([file.number, path, file.flags & (os.O_ACCMODE | os.O_APPEND), file.position])
        return orders
