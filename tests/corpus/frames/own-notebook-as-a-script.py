# about: 스크립트처럼 한 셀에 쓰고 끝에 main을 부른 학생.
# on: 04/q1+q4 03/q1+q4
# more: 01/q1+q5
# expect: all
# says: metadata-lost|cell-adopted
# may-say: metadata-lost, cell-adopted, cell-missing, locked-cell-restored, locked-cells-restored

# %% drop all

# %% last
#!/usr/bin/env python3
"""과제."""
import math
import sys

import numpy as np
import torch
from torch import nn


{answers}


def main():
    print({call})
    return 0


if __name__ == "__main__":
    main()
