# about: GPU가 가장 크게 앞서는 번호를 돌려준다
# question: q8
# hand: 80% Another task; only the cases without an answer are partly right.
# loses: test_q8_ahead_from_here_to_the_end
# loses: test_q8_the_transfer_counts
# loses: test_q8_never_ahead_is_none
# loses: test_q8_always_ahead_is_the_first_index
# loses: test_q8_a_tie_is_not_ahead

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    gains = [c / (g + t) for c, g, t in zip(cpu_times, gpu_times, transfer)]
    if not gains or gains[-1] <= 1:
        return None if not gains or max(gains) <= 1 else len(gains) - 1
    return len(gains) - 1
