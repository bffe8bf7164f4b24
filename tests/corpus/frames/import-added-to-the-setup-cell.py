# about: 고칠 수 없는 설정 셀의 끝에 import를 더하고 그것으로 답을 쓴 학생.
# on: 04/q7 02/q1
# more: 03/q5 01/q1 01/q6
# expect: all
# says: locked-cell-added
# message: locked-cell-added: setup

# %% add setup
import math as ma
import numpy
import torch as th
from torch import nn as layers

# %% {q}
{aliased}
