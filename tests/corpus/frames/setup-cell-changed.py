# about: 설정 셀의 시드를 바꾼 학생.
# on: 04/q4 02/q1
# more: 03/q4 01/q5
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% change setup
torch.manual_seed(0) => torch.manual_seed(42)
