# assignment: 04-gpu-speedup
# about: logging으로 파일에 기록하고 답에서도 기록하는 학생.
# expect: 100

# %% drop experiments

# %% before q1
import logging

logging.basicConfig(filename="run.log", level=logging.DEBUG, force=True)
log = logging.getLogger("mine")
log.info("시작")

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    log.debug("matmul_cost %s", (m, k, n))
    return 2 * m * k * n, itemsize * (m * k + k * n + m * n)

# %% q2
def peak_flops(cores, clock):
    log.debug("peak_flops")
    return 2 * cores * clock


def doubling_years(factor, years):
    log.debug("doubling_years")
    return math.inf if factor == 1 else years / math.log2(factor)
