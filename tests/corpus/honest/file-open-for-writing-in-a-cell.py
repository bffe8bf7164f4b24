# assignment: 04-gpu-speedup
# about: 셀에서 연 기록 파일에 답이 줄을 덧붙이는 학생.
# expect: 100

# %% drop experiments

# %% before q1
journal = open("journal.txt", "a", encoding="utf-8")
print("시작", file=journal, flush=True)

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    print("matmul_cost", m, k, n, file=journal, flush=True)
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q8
def crossover(cpu_times, gpu_times, transfer):
    journal.write(f"crossover {len(cpu_times)}\n")
    first = None
    for index in reversed(range(len(cpu_times))):
        if gpu_times[index] + transfer[index] >= cpu_times[index]:
            break
        first = index
    journal.flush()
    return first
