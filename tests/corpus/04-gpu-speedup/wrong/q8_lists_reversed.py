# about: 뒤에서부터 보려고 받은 목록을 뒤집어 놓는다
# question: q8
# hand: 25% The text forbids to change the lists; the answers are right.
# loses: test_q8_does_not_change_its_inputs

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    for times in (cpu_times, gpu_times, transfer):
        times.reverse()
    count = 0
    for c, g, t in zip(cpu_times, gpu_times, transfer):
        if g + t >= c:
            break
        count += 1
    return len(cpu_times) - count if count else None
