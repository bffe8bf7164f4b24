# row: 86
# about: shows eleven megabytes in each of four cells, more than a notebook may show
# verdicts: output-truncated
# why: the judge's budget of a notebook has no switch; tests/judge/test_output_room.py sees it fail

# %% after
from IPython.display import display
display({'text/plain': 'big', 'text/html': 'x' * (11 << 20)}, raw=True)
# %% after
display({'text/plain': 'big', 'text/html': 'y' * (11 << 20)}, raw=True)
# %% after
display({'text/plain': 'big', 'text/html': 'z' * (11 << 20)}, raw=True)
# %% after
display({'text/plain': 'big', 'text/html': 'w' * (11 << 20)}, raw=True)
