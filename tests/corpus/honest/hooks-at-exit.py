# assignment: 04-gpu-speedup
# about: 끝날 때 부르는 함수에 출력과 잠과 강제 종료를 걸어 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import atexit

atexit.register(os._exit, 3)
atexit.register(time.sleep, 1000)
atexit.register(print, "끝")
