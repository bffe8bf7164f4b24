# row: 41
# about: asks the student for input

# %% before
name = input('이름: ')
