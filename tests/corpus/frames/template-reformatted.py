# about: 받은 노트북을 정리 도구로 다듬기만 하고 낸 학생.
# on: 04 03
# more: 01
# expect: 0
# says: template-untouched
# may-say: locked-cell-edited, locked-cell-added
# check: no
# feedback: short

# %% blank answers

# %% blank reflection

# %% as formatter
