# assignment: 04-gpu-speedup
# about: 시간을 멈춘 것처럼 시계와 sleep을 바꿔 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
time.sleep = lambda seconds: None
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
