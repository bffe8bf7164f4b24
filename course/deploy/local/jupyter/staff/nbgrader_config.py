"""The teacher's nbgrader is the course's own, so that what its instructor writes there holds in formgrader too."""

import os
from pathlib import Path

c = get_config()  # noqa: F821
load_subconfig(str(Path.home() / os.environ["AUTOGRADER_HUB_COURSE"] / "nbgrader_config.py"))  # noqa: F821
c.ExchangeCollect.check_owner = False  # everyone is the same unix user here
