# about: nbdime가 두 판을 합치며 두 셀과 표식 셀을 모두 남긴 학생.
# on: 04/q4 02/q7
# more: 03/q4 01/q6
# expect: all
# says: cell-duplicated

# %% copy-above {q}
{wrong}

# %% note {q}-text
<span style="color:red">**<<<<<<< local**</span>

# %% note {q}
<span style="color:red">**>>>>>>> remote**</span>
