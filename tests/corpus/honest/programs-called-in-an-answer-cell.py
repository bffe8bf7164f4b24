# assignment: 01-vanishing-gradients
# about: 답 셀의 첫머리에서 다른 프로그램을 부르고 그 결과를 쓰는 학생. 함수는 그와 상관없습니다.
# expect: 100
# shows: 다른 프로그램(subprocess, os.system, os.popen)을 실행할 수 없습니다. 3번째 줄을 건너뛰고
# shows: 4번째 줄도 같은 이유로
# shows: os.fork()로 새 프로세스를

# %% drop experiments

# %% q5
import os
import subprocess
gpu = subprocess.run(["nvidia-smi"], capture_output=True, text=True)
print(gpu.stdout[:100])
os.system("pip install torchinfo")
os.popen("ls").read()
pid = os.fork()

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws)
