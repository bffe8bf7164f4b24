# assignment: 04-gpu-speedup
# about: 조금씩 쉬어 가며 실험하고 답도 잠깐 쉬는 학생. 기다린 시간은 계산 시간이 아닙니다.
# expect: 100
# limits: cell_seconds=0.5 call_seconds=0.2 question_seconds=0.8
# soak: yes

# %% drop experiments

# %% after q4
for epoch in range(6):
    time.sleep(0.1)
    print("epoch", epoch)

# %% q2
def peak_flops(cores, clock):
    time.sleep(0.02)
    return 2 * cores * clock


def doubling_years(factor, years):
    time.sleep(0.25)
    return math.inf if factor == 1 else years / math.log2(factor)
