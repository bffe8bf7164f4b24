# row: 90
# about: turns the direction of its name
# verdicts: student-name
# student: ‮txt.park
# without: intake

# %% after
1 + 1
