"""Grades cases without defences and prints what each achieved, for finding out what a case's header must say.

``python -m tests.hostile.survey DEFENCE[,...][+DEFENCE...] [CASE...]``. Cases of `DANGEROUS` are left out unless named:
without a defence they would harm the machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .course import all_cases
from .defences import Build

DANGEROUS = {
    *(
        "kill-everybody",
        "fork-bomb",
        "memory-in-a-cell",
        "memory-in-a-question",
        "one-big-file",
        "memory-without-a-name",
    ),
    *("mount", "kill-the-fork-server", "output-flood", "write-into-a-library", "write-into-the-cache"),
}


def main() -> int:
    """Print one line for each case that achieved something."""
    off, *names = sys.argv[1:]
    cases = [case for case in all_cases() if (case.name in names if names else case.name not in DANGEROUS)]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with Build(Path(folder)) as build:
            for some in off.split("+"):
                found = build.failing(cases, filter(None, some.split(",")))
                for name, achieved in sorted(found.items()):
                    if achieved or names:
                        print(f"{some:30} {name:35} {'; '.join(achieved)[:250]}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
