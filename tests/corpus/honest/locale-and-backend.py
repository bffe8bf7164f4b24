# assignment: 01-vanishing-gradients
# about: 한국어 로캘과 TkAgg 백엔드를 정하고 그림을 그리는 학생.
# expect: 100
# shows: 로캘(ko_KR.UTF-8)
# shows: 백엔드 TkAgg 대신
# shows: image/png

# %% drop experiments

# %% q5
import locale
import matplotlib
locale.setlocale(locale.LC_ALL, "ko_KR.UTF-8")
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws)
