# about: 답을 with 아래에 쓴 학생.
# on: 04/q4
# more: 02/q7 03/q7 01/q1
# expect: all

# %% {q}
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    {answer}
