# assignment: 05-transfer-learning
# about: 학습하는 문항 앞뒤에서 시드를 자기 마음대로 바꾼 학생. 바른 학습은 어느 시드에서도 통과합니다.
# expect: 100

# %% drop experiments

# %% before q6
import random

random.seed(2024)
np.random.seed(2024)
torch.manual_seed(2024)

# %% after q8-check
torch.manual_seed(31337)
