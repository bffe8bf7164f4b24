# row: 19
# about: ignores every signal and never ends
# verdicts: cell-timeout
# why: SIGKILL cannot be ignored

# %% before
import signal

for number in range(1, 64):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
