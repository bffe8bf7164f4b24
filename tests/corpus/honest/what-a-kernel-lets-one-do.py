# assignment: 01-vanishing-gradients
# about: 디버거, 자원 한도, 메모리 추적, 종료할 때의 함수, 스레드의 예외까지 손대는 학생.
# expect: 100
# shows: 디버거를 쓸 수 없으므로
# shows: resource.setrlimit()으로 바꿀 수 없습니다

# %% drop experiments

# %% before q1
import atexit
import faulthandler
import gc
import os
import resource
import threading
import tracemalloc
import traceback

resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
os.nice(1)
tracemalloc.start()
gc.collect()
faulthandler.enable()
atexit.register(lambda: print("bye"))
threading.excepthook = lambda args: print("thread", args.exc_type)
os.environ["TOKENIZERS_PARALLELISM"] = "false"

# %% q5
def jacobian_bound(Ws, act):
    breakpoint()
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws)

# %% after q5
jacobian_bound([torch.eye(2)], "tanh")
import pdb; pdb.set_trace()

# %% after q5
import warnings

traceback.print_stack()
warnings.warn("깊은 곳에서 온 경고", stacklevel=9)
faulthandler.dump_traceback()
try:
    os.fork()
except OSError:
    traceback.print_exc()
worker = threading.Thread(target=os.fork)
worker.start()
worker.join()
