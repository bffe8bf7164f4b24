# assignment: 04-gpu-speedup
# about: 자식 프로세스가 끝났다는 신호에 처리기를 달아 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import signal


def reap(number, frame):
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        print("ended", pid, status)
        if pid == 0:
            break


signal.signal(signal.SIGCHLD, reap)
