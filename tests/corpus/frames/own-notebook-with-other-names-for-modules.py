# about: 새 노트북에서 모듈을 제 나름의 이름으로 불러온 학생.
# on: 04/q7 03/q5
# more: 01/q1 01/q6
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% drop all

# %% last
import math as ma
import numpy
import torch as th
from torch import nn as layers

{aliased}
