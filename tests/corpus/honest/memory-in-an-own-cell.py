# assignment: 04-gpu-speedup
# about: 실험 셀 하나가 메모리를 다 쓴 학생. 답은 모두 채점됩니다.
# expect: 100
# may-say: cell-memory
# never: 모양
# limits: memory_mb=256

# %% drop experiments

# %% after q4
kept = []
while True:
    kept.append(bytearray(b"x") * 8_000_000)
