# assignment: 03-optimizers
# about: 디버거를 흉내 낸 추적 함수와 프로파일러를 켜 둔 학생.
# expect: 100

# %% drop experiments

# %% after q8-check
import sys
import threading

seen = []


def tracer(frame, event, arg):
    seen.append(event)
    return tracer if len(seen) < 10_000 else None


sys.settrace(tracer)
threading.settrace(tracer)
sys.setprofile(lambda frame, event, arg: None)
