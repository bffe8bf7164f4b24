# row: 41
# about: asks the student for input
# why: there is nobody to ask

# %% before
name = input('이름: ')
