# about: 새 노트북에 import부터 스스로 쓰고 함수를 셀 하나에 모은 학생.
# on: 04/q1+q2+q4 03/q1+q4+q7
# more: 01/q1+q2+q3+q5
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% drop all

# %% last
import copy, math, os, time
import numpy as np
import torch
from torch import nn
import matplotlib.pyplot as plt

# %% last
{answers}

# %% last
print("끝")
