"""`python -m autograder.service`: what JupyterHub starts."""

from __future__ import annotations

import logging
import os
import sys

from autograder.errors import GraderError


def main() -> None:
    """Serve; a reason not to start is told in Korean with its code."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname).1s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    from autograder.service.app import run

    try:
        run()
    except GraderError as error:
        sys.exit(f"[{error.code}] {error.message}" + (f"\n  {error.detail}" if error.detail else ""))


if __name__ == "__main__":
    main()
