# about: 처음으로 앞선 번호를 돌려준다
# question: q8
# hand: 50% Right only where the lead is never lost again, which is what the question is about.
# loses: test_q8_ahead_from_here_to_the_end
# loses: test_q8_never_ahead_is_none

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    for i, (c, g, t) in enumerate(zip(cpu_times, gpu_times, transfer)):
        if g + t < c:
            return i
    return None
