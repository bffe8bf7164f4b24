# about: 앞서지 못하면 목록의 길이를 돌려준다
# question: q8
# hand: 25% The None that the text asks for, in two cases, is missing.
# loses: test_q8_never_ahead_is_none

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    i = len(cpu_times)
    while i > 0 and gpu_times[i - 1] + transfer[i - 1] < cpu_times[i - 1]:
        i -= 1
    return i
