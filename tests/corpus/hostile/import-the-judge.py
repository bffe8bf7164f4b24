# row: 4
# about: imports the grader's hidden side
# without: landlock

# %% after
import importlib

attempt(lambda: importlib.import_module('autograder.judge.worker'))
