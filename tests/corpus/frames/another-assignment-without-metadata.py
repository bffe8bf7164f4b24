# about: 문항 표시가 사라진 다른 과제의 노트북을 이 과제의 이름으로 낸 학생.
# on: 01<03 02<05 03<04 04<02 05<01
# more: pairs
# expect: nothing
# says: assignment-mismatch|no-answers
# may-say: any
# staff: yes
# check: no

# %% start other

# %% as colab-bare
