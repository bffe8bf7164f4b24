# about: 과제와 상관없는 노트북을 낸 학생.
# on: 01 02 03 04 05
# expect: nothing
# says: no-answers
# may-say: any
# staff: yes
# check: no

# %% drop all

# %% first
import pandas as pd

frame = pd.DataFrame({"이름": ["가", "나"], "점수": [90, 85]})
frame.describe()
