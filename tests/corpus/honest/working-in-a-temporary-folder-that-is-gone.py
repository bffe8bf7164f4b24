# assignment: 04-gpu-speedup
# about: 임시 폴더로 옮겨 가서 일하고 그 폴더를 지운 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import tempfile

with tempfile.TemporaryDirectory(dir=".") as folder:
    os.chdir(folder)
