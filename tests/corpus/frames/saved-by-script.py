# about: 답을 다 쓰고 저장한 도구: nbconvert --to script.
# on: 04/q4
# more: 03/q7 01/q1+q2
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% as script
