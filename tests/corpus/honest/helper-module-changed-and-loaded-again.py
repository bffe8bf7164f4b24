# assignment: 01-vanishing-gradients
# about: %autoreload 2를 켜고 도우미 모듈을 고쳐 쓰는 학생.
# expect: 100
# shows: after 2

# %% drop experiments

# %% before q1
%load_ext autoreload
%autoreload 2

# %% after q6
%%writefile steps.py
def step():
    return 1

# %% after q6
import time

import steps

print("before", steps.step())

# %% after q6
time.sleep(0.05)  # 파일의 시각이 달라지도록
with open("steps.py", "w") as file:
    file.write("def step():\n    return 2\n")

# %% after q6
print("after", steps.step())
