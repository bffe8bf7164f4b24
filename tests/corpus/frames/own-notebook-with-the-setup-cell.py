# about: 설정 셀만 남기고 제 노트북처럼 쓴 학생.
# on: 04/q1+q2+q4 02/q1+q2+q4
# more: 01/q1+q2+q3+q5
# expect: all
# says: cell-adopted
# may-say: cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% keep setup

# %% last
{answers}
