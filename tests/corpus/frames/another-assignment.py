# about: 다른 과제의 노트북을 이 과제의 이름으로 낸 학생.
# on: pairs
# expect: nothing
# says: assignment-mismatch
# may-say: any
# staff: yes
# check: no

# %% start other
