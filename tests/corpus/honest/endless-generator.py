# assignment: 04-gpu-speedup
# about: 끝없는 제너레이터를 모두 더한 학생.
# expect: 96
# loses-question: q2
# says: cell-timeout
# message: q2: 주어진 시간
# limits: cell_seconds=0.6 call_seconds=0.3 question_seconds=0.5
# soak: yes

# %% drop experiments

# %% q2
import itertools


def peak_flops(cores, clock):
    return sum(2 * cores for _ in itertools.count()) * clock


def doubling_years(factor, years):
    return sum(1 for _ in itertools.cycle([years]))
