# row: 42
# about: matches a regular expression that never ends
# verdicts: cell-timeout
# why: as sleep-then-answer; without deadlines its CPU seconds end it (not tried)

# %% before
import re
re.match(r'(a+)+$', 'a' * 60 + 'b')
