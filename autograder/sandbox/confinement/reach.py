"""Which files student code may read: Python's libraries and the `course` package, and nothing that leads to the grader.

Owns the choice of paths for Landlock. A rule on a folder covers all below it, so that a folder that holds something
forbidden (site-packages with `autograder` installed in it) is replaced by its entries without that one; listing such a
folder is then refused too, and `remember_listing` lets imports from it go on working. Reads no suite and knows none.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import site
import stat
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from autograder.sandbox.confinement import policy

__all__ = ["carve", "coarsen", "others_can_read", "readable_paths", "remember_listing"]


def readable_paths(device: str = "cpu") -> list[str]:
    """Return the real paths student code may read, none of them above or inside what is forbidden."""
    roots = [Path(prefix) / name for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64")]
    roots += [Path(entry) for entry in site.getsitepackages()]
    roots += [Path(path) for path in policy.SYSTEM_READ]
    if device != "cpu":
        roots += [Path(path) for path in policy.CUDA_READ]
        # where the driver's library is in containers; it is loaded by the sandbox, not before
        roots += [Path(entry) for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry.startswith("/")]
    course = _package("course")
    if course is not None:
        roots.append(course)
    forbidden = _forbidden()
    chosen = {str(path) for root in roots if root.exists() for path in carve(root, forbidden)}
    return sorted(path for path in chosen if not any(str(parent) in chosen for parent in Path(path).parents))


def carve(root: Path, forbidden: Sequence[Path]) -> list[Path]:
    """Return real paths that together hold all of `root` but what is, or leads to, a forbidden path.

    Links are followed; a link to a folder above a forbidden path is left out.
    """
    try:
        real = root.resolve()
    except RuntimeError:  # a link to itself
        return []
    if any(real == path or path in real.parents for path in forbidden):
        return []
    if not any(real in path.parents for path in forbidden):
        return [real]
    if root.is_symlink():
        return []
    try:
        entries = sorted(real.iterdir())
    except OSError:
        return []
    return [path for entry in entries for path in carve(entry, forbidden)]


def coarsen(paths: Iterable[str], avoid: Path) -> list[str]:
    """Return as few folders as hold all `paths` without being above, inside or equal to `avoid`.

    Used for a second Landlock layer: what both layers allow is allowed, so that the first one's exact list stays.
    """
    barrier = {avoid.resolve(), *avoid.resolve().parents}
    result = set()
    for path in map(Path, paths):
        while path.parent not in barrier:
            path = path.parent
        result.add(str(path))
    return sorted(result)


def remember_listing(paths: Sequence[str]) -> None:
    """Make imports from folders that will not be listable use what their listing is now.

    `importlib` lists a folder once, and again when its time stamp changed or caches were invalidated; both are switched
    off for folders that `paths` does not cover, since a listing that is refused would count as an empty folder.
    """
    readable = set(paths)
    course = _package("course")
    folders = [*sys.path, *([str(course)] if course is not None else [])]
    for folder in folders:
        real = Path(folder).resolve()
        if not real.is_dir() or not readable.isdisjoint(map(str, (real, *real.parents))):
            continue
        PathFinder.find_spec("a_module_that_does_not_exist", [folder])
        finder = sys.path_importer_cache.get(folder)
        for lists_again in ("invalidate_caches", "_fill_cache"):
            if hasattr(finder, lists_again):
                setattr(finder, lists_again, lambda: None)
    importlib.metadata.version("numpy")


def others_can_read(paths: Iterable[str]) -> bool:
    """Whether a user who owns nothing and is in no group reaches all these paths, judged by their mode bits."""
    checked: set[Path] = set()
    for path in map(Path, paths):
        for folder in path.parents:
            if folder not in checked:
                if not folder.stat().st_mode & stat.S_IXOTH:
                    return False
                checked.add(folder)
        mode = path.stat().st_mode
        if not mode & stat.S_IROTH or (stat.S_ISDIR(mode) and not mode & stat.S_IXOTH):
            return False
    return True


def _forbidden() -> list[Path]:
    """Return every copy of the grader's package in reach, the instructor's part of `course`, and, where a copy was
    installed as a wheel, the list of its files.

    More than one copy is in reach where the one that runs is a checkout and another one is installed.
    """
    own = [package.parent for name in ("autograder", "course") if (package := _package(name)) is not None]
    installed = site.getsitepackages([sys.prefix, sys.base_prefix])
    found = []
    for home in {*own, *(Path(entry).resolve() for entry in (*sys.path, *installed))}:
        found += [path.resolve() for path in (home / "autograder", home / "course" / "deploy") if path.is_dir()]
        if (home / "autograder").is_dir():
            found += [record.parent.resolve() for record in home.glob("*.dist-info/RECORD") if _lists_us(record)]
    return found


def _lists_us(record: Path) -> bool:
    return "\nautograder/" in "\n" + record.read_text(encoding="utf-8", errors="replace")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve()
