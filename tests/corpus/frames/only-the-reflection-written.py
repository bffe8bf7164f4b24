# about: 돌아보기만 쓰고 함수는 쓰지 않은 학생. 자동 점수는 0이고 글은 사람이 본다.
# on: 04 03
# more: 01
# expect: 0
# says: code-unanswered
# check: no
# feedback: short

# %% blank answers
