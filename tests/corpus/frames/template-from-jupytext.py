# about: 받은 노트북을 스크립트로 바꾸었다가 되돌려 낸 학생(문항 표시 없음).
# on: 04
# more: 03 01
# expect: 0
# says: template-untouched
# may-say: metadata-lost
# check: no
# feedback: short

# %% blank answers

# %% blank reflection

# %% as jupytext-bare
