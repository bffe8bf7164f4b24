# assignment: 04-gpu-speedup
# about: 가비지 컬렉터를 끄고 얼려 둔 학생.
# expect: 100

# %% drop experiments

# %% before q1
import gc

gc.disable()
gc.freeze()
