# assignment: 03-optimizers
# about: 작업 폴더 밖의 파일 여러 개를 읽으려고 열어 둔 학생.
# expect: 100

# %% drop experiments

# %% after q2
import inspect
import json
import random

opened = [open(inspect.getsourcefile(module), encoding="utf-8") for module in (json, random, inspect, torch, np)]
print([next(file) for file in opened])
