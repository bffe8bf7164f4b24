# about: 설정 셀의 맨 위에 import를 더한 학생.
# on: 04/q7
# more: 02/q1 03/q5 01/q1
# expect: all
# says: locked-cell-added

# %% add-above setup
import math as ma
import numpy
import torch as th
from torch import nn as layers

# %% {q}
{aliased}
