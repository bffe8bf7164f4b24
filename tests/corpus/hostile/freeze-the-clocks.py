# row: 21
# about: stops every clock and then never ends
# verdicts: cell-timeout
# why: the judge's clock is not its clock; without deadlines its CPU seconds end it (not tried)

# %% before
import time

time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
time.sleep = lambda seconds: None
while True:
    pass
