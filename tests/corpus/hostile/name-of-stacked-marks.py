# row: 90
# about: has forty marks on one letter of its name
# verdicts: student-name
# student: leẹ̣̣̣̣̣̣̣̣̣̣̣̣̣̣̣̣̣̣̣́́́́́́́́́́́́́́́́́́́́
# without: intake

# %% after
1 + 1
