# assignment: 01-vanishing-gradients
# about: 설치되어 있지 않은 모듈을 답 셀의 첫 줄에서 부르는 학생. 있는지 물어보는 코드는 그대로 됩니다.
# expect: 100
# shows: seaborn_of_a_student 모듈이 설치되어 있지 않습니다. 1번째 줄을 건너뛰고
# shows: google.colab 모듈이 설치되어 있지 않습니다
# shows: 없으면 없는 대로

# %% drop experiments

# %% before q1
from google.colab import drive
drive.mount("/content/drive")
import sys

IN_COLAB = "google.colab" in sys.modules
assert not IN_COLAB

# %% q5
import seaborn_of_a_student as sns, numpy as np
from torchvision_of_a_student import models, transforms
sns.set_theme()
turn = transforms.Compose([transforms.ToTensor()])
try:
    import cupy_of_a_student
except ImportError:
    print("없으면 없는 대로")

class Net(models.ResNet):
    pass

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return float(np.prod([gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws]))

# %% after q6
from answers_of_a_student import decay_factor
