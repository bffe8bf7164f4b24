# about: 받은 노트북을 Windows에서 저장만 하고 낸 학생(줄 끝이 CRLF).
# on: 04
# more: 03 01
# expect: 0
# says: template-untouched
# check: no
# feedback: short

# %% blank answers

# %% blank reflection

# %% as windows
