# about: 장치에 따라 두 가지로 쓴 학생. 돌아간 쪽이 답이다.
# on: 04/q4
# more: 02/q7 03/q4 01/q1
# expect: all

# %% {q}
if torch.cuda.device_count() > 99:
    {wrong}
else:
    {answer}
