# assignment: 04-gpu-speedup
# about: 실험을 오래 하고 나서 문제를 푼 학생. 실험의 시간은 답의 시간과 따로 셉니다.
# expect: 100
# limits: answers_seconds=2 question_seconds=1

# %% drop experiments

# %% before q1
def burn(seconds):
    stop = time.process_time() + seconds
    while time.process_time() < stop:
        torch.randn(64, 64) @ torch.randn(64, 64)


burn(0.8)

# %% after q2
burn(0.8)

# %% after q5
burn(0.8)
