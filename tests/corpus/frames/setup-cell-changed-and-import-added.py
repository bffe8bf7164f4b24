# about: 설정 셀의 한 줄을 바꾸고 import도 더한 학생.
# on: 04/q7
# more: 02/q1 03/q5 01/q1
# expect: all
# says: locked-cell-edited|locked-cell-added
# may-say: locked-cell-edited, locked-cell-added

# %% change setup
torch.manual_seed(0) => torch.manual_seed(42)
import numpy as np => import numpy as np, numpy
import torch => import torch as th, torch

# %% add setup
import math as ma

# %% {q}
{aliased}
