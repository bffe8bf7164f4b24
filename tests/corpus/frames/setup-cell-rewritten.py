# about: 설정 셀을 통째로 제 import로 바꾼 학생.
# on: 04/q7 03/q5
# more: 01/q1 01/q6
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% setup
import math as ma
import numpy
import torch as th
from torch import nn as layers

# %% {q}
{aliased}
