# assignment: 01-vanishing-gradients
# about: 매직 명령을 곳곳에 쓰는 학생. 답 셀 하나는 %%time으로 재고, 그 안에서 없는 모듈을 부릅니다.
# expect: 100
# shows: 셸 명령
# shows: torchinfo 모듈이 설치되어 있지 않습니다
# shows: %memit 매직 명령이 없습니다
# shows: 끝까지

# %% drop experiments

# %% before q1
%matplotlib widget
%config InlineBackend.figure_format = "retina"
%pip install -q torchinfo
!nvidia-smi
files = !ls
%load_ext memory_profiler
%env CUDA_LAUNCH_BLOCKING=1

# %% q5
%%time
import math, torchinfo

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws)

# %% after q5
%memit jacobian_bound([torch.eye(2)], "tanh")
jacobian_bound?
print("끝까지")

# %% after q5
%%capture kept
print("잡았습니다")

# %% after q5
%%bash
pip list

# %% after q5
%timeit -n 1 -r 1 jacobian_bound([], "tanh")
%whos
get_ipython().system("ls")
%cd .
