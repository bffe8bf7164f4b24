# about: 새 노트북에서 함수마다 시험해 본 셀과 메모를 사이에 둔 학생.
# on: 04/q1+q4
# more: 02/q1+q7 01/q1+q5
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% drop texts

# %% drop checks

# %% unlabel all

# %% first
import math, torch
import matplotlib.pyplot as plt

plt.plot([1, 2, 3])
plt.show()

# %% last
result = {call}
print(result)

# %% last
for i in range(3):
    print(i, {name})
