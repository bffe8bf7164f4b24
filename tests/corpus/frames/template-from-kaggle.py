# about: 받은 노트북을 캐글에서 저장만 하고 낸 학생(문항 표시 없음).
# on: 04 03
# more: 01
# expect: 0
# says: template-untouched
# may-say: metadata-lost
# check: no
# feedback: short

# %% blank answers

# %% blank reflection

# %% as kaggle
