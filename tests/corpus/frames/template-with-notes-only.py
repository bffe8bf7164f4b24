# about: 받은 노트북에 메모와 이름만 더해 낸 학생. 답은 없다.
# on: 04
# more: 03 01
# expect: 0
# says: template-untouched|unanswered
# may-say: template-untouched, unanswered, locked-cell-edited, locked-cell-added
# check: no
# feedback: short

# %% blank answers

# %% blank reflection

# %% add header

**20261234 홍길동**

# %% after setup
print("시작합니다.")
