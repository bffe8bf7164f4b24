# about: 풀이 셀의 내용을 모두 지워 낸 학생. 답은 없다.
# on: 04 03
# more: 01
# expect: 0
# says: template-untouched|unanswered
# may-say: template-untouched, unanswered, cell-missing
# check: no
# feedback: short

# %% empty answers

# %% empty reflection
