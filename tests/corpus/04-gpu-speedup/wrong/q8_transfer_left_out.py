# about: 옮기는 시간을 더하지 않는다
# question: q8
# hand: 50% One of the three arguments is ignored, the one that the question is about; the search is right.
# loses: test_q8_ahead_from_here_to_the_end
# loses: test_q8_the_transfer_counts

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    found = None
    for i in reversed(range(len(cpu_times))):
        if not gpu_times[i] < cpu_times[i]:
            break
        found = i
    return found
