# about: 후보마다 끝까지 앞서는지 확인한다
# question: q8

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    ahead = [g + t < c for c, g, t in zip(cpu_times, gpu_times, transfer)]
    return next((i for i in range(len(ahead)) if all(ahead[i:])), None)
