"""`python -m tests.grading.elsewhere ENGINE SLOTS`: grades jobs, JSON lines in, results out in the same order.

A refusal is told by its code. A grader as a process of its own, so that it can run as another user, on other slots,
or on a Dask cluster.
"""

from __future__ import annotations

import json
import sys

from autograder.errors import GraderError
from autograder.grading.engines import open_engine


def main() -> None:
    """Read jobs until the end of the input, grade them at the same time, print their results."""
    jobs = [json.loads(line) for line in sys.stdin]
    with open_engine(sys.argv[1], int(sys.argv[2])) as engine:
        futures = [engine.executor.submit(engine.grade, job, 600.0) for job in jobs]
        for future in futures:
            try:
                print(json.dumps(future.result()), flush=True)
            except GraderError as error:
                print(json.dumps({"refused": error.code}), flush=True)


if __name__ == "__main__":
    main()
