"""Folders that hold results, records, ledgers, feedback or secrets: made for their owner alone.

What is made here has mode 0700, whatever the umask is, and so has every folder that has to be made above it. A folder
that is already there is somebody's own and stays as it is, ``--out .`` for one; what is made inside it is closed all
the same. Files inside are written with 0644 at most: nobody else gets as far as their names. Secrets and the service's
database have 0600 besides, because a result folder may be copied elsewhere.

nbgrader's own folders (``autograded/``, ``feedback/``) are `shared_folder`: several people of a course's staff read
them where the course says so (``CourseDirectory.groupshared``), which nbgrader writes down as the set-group-ID bit.
"""

from __future__ import annotations

import stat
from pathlib import Path

__all__ = ["private_folder", "shared_folder"]

_OWNERS, _GROUPS = 0o700, 0o2770


def private_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, open to their owner only; returns the path.

    Args:
        path: the folder; nothing happens to it if it exists.

    Raises:
        OSError: it cannot be made, or is no folder.
    """
    _make(_missing(path), _OWNERS)
    return path


def shared_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, as private ones, or for the group where that shares folders.

    Args:
        path: the folder; nothing happens to it if it exists. If the one it is made in has the set-group-ID bit and its
            group may write there, the group may write in this one too.

    Raises:
        OSError: it cannot be made, or is no folder.
    """
    missing = _missing(path)
    above = (missing[0].parent if missing else path).stat().st_mode
    _make(missing, _GROUPS if above & stat.S_ISGID and above & stat.S_IWGRP else _OWNERS)
    return path


def _missing(path: Path) -> list[Path]:
    """Return the folders that are to be made, the highest first."""
    found: list[Path] = []
    while not path.is_dir() and path.parent != path:
        found.insert(0, path)
        path = path.parent
    return found


def _make(folders: list[Path], mode: int) -> None:
    for folder in folders:
        try:
            folder.mkdir(mode=_OWNERS)  # closed from the first moment on
        except FileExistsError:
            if not folder.is_dir():
                raise
            continue  # another process made it meanwhile, and it is that one's
        folder.chmod(mode)  # a umask may have taken bits from the owner
