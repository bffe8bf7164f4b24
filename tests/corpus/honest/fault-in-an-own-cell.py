# assignment: 04-gpu-speedup
# about: 실험 셀에서 세그멘테이션 오류를 낸 학생.
# expect: 100
# says: cell-died

# %% drop experiments

# %% after q5
import ctypes

ctypes.string_at(0)
