# about: 마지막으로 뒤진 자리 다음을 NumPy로 찾는다
# question: q8

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    cost = np.asarray(gpu_times, dtype=float) + np.asarray(transfer, dtype=float)
    behind = np.flatnonzero(cost >= np.asarray(cpu_times, dtype=float))
    first = behind[-1] + 1 if behind.size else 0
    return None if first >= len(cost) else first
