# about: 시간이 같아도 앞선 것으로 본다
# question: q8
# hand: 15% One edge case of the stated inequality is wrong.
# loses: test_q8_a_tie_is_not_ahead

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    found = None
    for i in reversed(range(len(cpu_times))):
        if gpu_times[i] + transfer[i] > cpu_times[i]:
            break
        found = i
    return found
