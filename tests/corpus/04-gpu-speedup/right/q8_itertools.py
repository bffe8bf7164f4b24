# about: 뒤집은 목록에서 takewhile로 센다
# question: q8

# %% q8
import itertools


def crossover(cpu_times, gpu_times, transfer):
    margin = [c - (g + t) for c, g, t in zip(cpu_times, gpu_times, transfer)]
    streak = len(list(itertools.takewhile(lambda m: m > 0, reversed(margin))))
    return len(margin) - streak if streak else None
