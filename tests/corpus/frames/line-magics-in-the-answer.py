# about: 답이 든 셀에 줄 매직과 물음표가 있는 학생.
# on: 04/q4 02/q7
# more: 03/q7 01/q1
# expect: all
# may-say: cell-error

# %% add-above {q}
%matplotlib inline
%config InlineBackend.figure_format = "retina"
%load_ext autoreload

# %% add {q}


%time print(1)
