# assignment: 04-gpu-speedup
# about: 마지막 셀에서 작업 폴더를 통째로 지운 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import shutil

shutil.rmtree(os.getcwd(), ignore_errors=True)
