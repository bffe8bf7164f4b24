# row: 4
# about: looks for the suite among the imported modules
# without: process

# %% after
import sys

attempt(lambda: [name for name in sys.modules if name.startswith(("test_q", "reference", "autograder.judge", "autograder.grading", "autograder.suites"))] or 1 / 0)
