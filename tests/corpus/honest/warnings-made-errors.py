# assignment: 03-optimizers
# about: 경고를 모두 예외로 바꾸고 numpy의 계산 오류도 예외로 바꾼 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
