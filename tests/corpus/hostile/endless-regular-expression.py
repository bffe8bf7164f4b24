# row: 42
# about: matches a regular expression that never ends
# verdicts: cell-timeout

# %% before
import re
re.match(r'(a+)+$', 'a' * 60 + 'b')
