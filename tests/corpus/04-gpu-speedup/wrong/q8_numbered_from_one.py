# about: 번호를 1부터 센다
# question: q8
# hand: 50% Every number is off by one, against the 0 that the text states; None is right.
# loses: test_q8_ahead_from_here_to_the_end
# loses: test_q8_the_transfer_counts
# loses: test_q8_always_ahead_is_the_first_index

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    found = None
    for i in reversed(range(len(cpu_times))):
        if gpu_times[i] + transfer[i] >= cpu_times[i]:
            break
        found = i + 1
    return found
