"""Which cells of a notebook are not run before its score, and how it shows that one of them was needed after all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["LeftOut", "NameMissed"]

_NAME = re.compile(r"name '(\w+)'")


class NameMissed(Exception):  # noqa: N818
    """A cell or a test misses a name that a cell left out would have bound: the notebook has to run in order."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Cells left out, by index, and the global names that they bind."""

    cells: tuple[int, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LeftOut:
        """Read what `autograder.grading.runs.job_of` writes."""
        return cls(tuple(map(int, data.get("cells", ()))), frozenset(map(str, data.get("names", ()))))

    def look_for(self, name: str) -> None:
        """Raise NameMissed if a name that is not there is one of these."""
        if name in self.names:
            raise NameMissed(name)

    def is_missed(self, ename: str, text: str) -> bool:
        """Return whether an exception says that one of these names is missing, or does not say which.

        Both are claims of the sandbox, and only ever compared with names of the course's own cells: what a false one
        gains is that the notebook is run in order, as every notebook may be.
        """
        if ename != "NameError" or not self.names:
            return False
        found = _NAME.search(text)
        return found is None or found[1] in self.names
