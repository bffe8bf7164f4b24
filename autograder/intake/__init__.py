"""Turns whatever a class hands in into submissions with named verdicts, and each submission into the notebook to run.

Owns reading (`read_source`, `read_notebook`) and assembling (`assemble`). Refuses to run anything, to extract an
archive to disk, to follow a link, or to stop a batch because of one submission: every problem becomes a `Verdict`
whose code and Korean message stand in `verdicts.TABLE`.
"""

from autograder.intake.assemble import Assembled, assemble
from autograder.intake.notebook import notebook_digest, read_notebook
from autograder.intake.source import read_source
from autograder.intake.verdicts import TABLE

__all__ = ["TABLE", "Assembled", "assemble", "notebook_digest", "read_notebook", "read_source"]
