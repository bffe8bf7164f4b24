"""Starts the fork server from the very package that this file lies in: ``python -P .../bootstrap.py FD``.

Run by its path, so that nothing has to find it: not the working directory, not PYTHONPATH, not an installed copy. It
binds two names, ``autograder`` and ``course``, to the folders beside it before anything looks for them. Nothing else of
the folder that holds them can be imported, and every other module comes from the Python environment as usual.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_BOUND = ("autograder", "course")


class OwnPackages:
    """A finder of modules that knows our own packages in one folder, and no other; it lists no folder.

    Args:
        folder: the folder that holds them; one that is not there is left to the finders behind this one.
    """

    def __init__(self, folder: Path) -> None:
        self._folders = {name: folder / name for name in _BOUND if (folder / name / "__init__.py").is_file()}

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a package of ours is, None for any other module."""
        folder = self._folders.get(name)
        if folder is None:
            return None
        places = [str(folder)]
        return importlib.util.spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=places)


def main() -> int:
    """Run the fork server, see `autograder.sandbox.processes.forkserver.main`."""
    sys.meta_path.insert(0, OwnPackages(Path(__file__).parents[3]))
    from autograder.sandbox.processes import forkserver

    return forkserver.main()


if __name__ == "__main__":
    sys.exit(main())
