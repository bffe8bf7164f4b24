"""nbgrader in the staff's formgrader: the course's own configuration; what its instructor writes holds there too.

Folders in the exchange belong to another unix user than their name says, which nbgrader's own comparison of the two
does not know (``jupyter-NAME``, or one user for everybody). The web service, which collects by itself, makes the
comparison where there is one to make; prefer it to the Collect button.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig(str(Path(os.environ["AUTOGRADER_COURSE_ROOT"]) / "nbgrader_config.py"))  # noqa: F821
c.ExchangeCollect.check_owner = False
