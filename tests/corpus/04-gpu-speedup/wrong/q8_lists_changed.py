# about: 옮기는 시간을 gpu_times에 더해 놓는다
# question: q8
# hand: 25% The text forbids to change the lists; the answers are right.
# loses: test_q8_does_not_change_its_inputs

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    for i, t in enumerate(transfer):
        gpu_times[i] += t
    found = None
    for i in reversed(range(len(cpu_times))):
        if gpu_times[i] >= cpu_times[i]:
            break
        found = i
    return found
