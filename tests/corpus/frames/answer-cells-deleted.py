# about: 풀이 셀만 모두 지운 노트북을 낸 학생.
# on: 01 02 03 04 05
# expect: nothing
# says: no-answers
# may-say: any
# staff: yes
# check: no

# %% drop answers

# %% drop reflection
