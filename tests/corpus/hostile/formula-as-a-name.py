# row: 52
# about: is called like a formula of a spreadsheet
# verdicts: student-name
# student: =1+cmd
# without: intake viewing

# %% after
1 + 1
