"""`python -m autograder.service`: what JupyterHub starts."""

from __future__ import annotations

import logging
import os
import sys

from autograder.errors import GraderError
from autograder.sinks.echo import guard_process, say
from autograder.sinks.log import start_log


def main() -> None:
    """Serve; a reason not to start is told in Korean with its code."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    guard_process()
    start_log()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from autograder.service.app import run

    try:
        run()
    except GraderError as error:
        say("[{code}] {message}", error=True, code=error.code, message=error.message)
        if error.detail:
            say("  {detail}", error=True, detail=error.detail)
        sys.exit(1)


if __name__ == "__main__":
    main()
