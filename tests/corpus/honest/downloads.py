# assignment: 01-vanishing-gradients
# about: 답 셀에서 자료와 모델을 내려받으려는 학생.
# expect: 100
# shows: 네트워크가 없어 접속하거나 내려받을 수 없습니다. 4번째 줄을 건너뛰고
# shows: 내려받지 못하면 넘어갑니다

# %% drop experiments

# %% q5
import urllib.request

import requests
page = requests.get("https://example.com/norms.json", timeout=3)
print(page.json())
urllib.request.urlretrieve("https://example.com/norms.pt", "norms.pt")
net = torch.hub.load("pytorch/vision", "resnet18")
try:
    requests.get("https://example.com", timeout=3)
except requests.RequestException:
    print("내려받지 못하면 넘어갑니다")

def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * torch.linalg.matrix_norm(W, ord=2).item() for W in Ws)
