"""nbgrader in the staff's formgrader: the course's own configuration.

Folders in the exchange belong to ``jupyter-NAME`` and are named after ``NAME``, which nbgrader's own comparison of the
two does not know. The web service, which collects by itself, makes the comparison; prefer it to the Collect button.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig(str(Path.home() / os.environ["AUTOGRADER_COURSE_ID"] / "nbgrader_config.py"))  # noqa: F821
c.ExchangeCollect.check_owner = False
