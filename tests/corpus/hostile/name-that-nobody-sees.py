# row: 90
# about: has characters in its name that are not shown
# verdicts: student-name
# student: kim​⁠‍
# without: intake

# %% after
1 + 1
