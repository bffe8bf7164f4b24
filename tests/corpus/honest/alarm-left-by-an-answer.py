# assignment: 04-gpu-speedup
# about: 답이 켠 알람을 끄지 않은 학생. 알람은 그 문항에서 끝나고 다음 문항으로 가지 않습니다.
# expect: 96
# loses-question: q2
# says: cell-died
# message: q2: 종료

# %% drop experiments

# %% q2
import signal


def peak_flops(cores, clock):
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    time.sleep(0.3)
    return 2 * cores * clock


def doubling_years(factor, years):
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    time.sleep(0.3)
    return math.inf if factor == 1 else years / math.log2(factor)
