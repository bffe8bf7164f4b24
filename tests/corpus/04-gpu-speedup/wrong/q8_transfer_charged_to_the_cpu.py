# about: 옮기는 시간을 CPU 쪽에 더한다
# question: q8
# hand: 60% The wrong sign for the transfer in every comparison; the search is right.
# loses: test_q8_ahead_from_here_to_the_end
# loses: test_q8_the_transfer_counts

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    found = None
    for i in reversed(range(len(cpu_times))):
        if gpu_times[i] >= cpu_times[i] + transfer[i]:
            break
        found = i
    return found
