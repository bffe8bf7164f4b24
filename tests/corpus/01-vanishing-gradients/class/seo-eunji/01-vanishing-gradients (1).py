# about: 같은 학생의 둘째 노트북, 문제 6과 7만 있음
# expect: needs-staff

# %% drop experiments

# %% blank q1

# %% blank q2

# %% blank q3

# %% blank q4

# %% blank q5

# %% reflection
# 깊은 신경망의 앞쪽 층에서는 기울기가 여러 번 곱해져 거의 0이 되었습니다. sigmoid에서 한 층에 약 4분의 1로 줄어드는 것을
# 그래프의 기울기로 확인했고, 그래서 깊이 8에서는 정확도가 찍는 것과 다르지 않았습니다.
