# assignment: 03-optimizers
# about: 환경 변수를 모두 지우고 모듈 경로를 바꾼 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import os
import sys

os.environ.clear()
sys.path.insert(0, "nowhere")
