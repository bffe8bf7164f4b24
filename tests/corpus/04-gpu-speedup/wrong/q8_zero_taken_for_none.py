# about: 번호 0을 '없음'으로 다룬다
# question: q8
# hand: 20% One case that the text names gives the wrong answer.
# loses: test_q8_always_ahead_is_the_first_index

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    ahead = [g + t < c for c, g, t in zip(cpu_times, gpu_times, transfer)]
    found = 0
    for i in range(len(ahead), 0, -1):
        if not ahead[i - 1]:
            found = i
            break
    return found if found and found < len(ahead) else None
