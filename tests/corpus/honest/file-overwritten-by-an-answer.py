# assignment: 02-weight-init
# about: 답마다 같은 이름의 파일에 쓰고 다시 읽는 학생.
# expect: 100

# %% drop experiments

# %% before q1
import json

with open("config.json", "w") as file:
    json.dump({"half": 0.5}, file)

# %% q1
def fans(shape):
    if len(shape) < 2:
        raise ValueError(f"축이 둘보다 적습니다: {tuple(shape)}")
    kernel = math.prod(shape[2:])
    with open("config.json", "w") as file:
        json.dump({"half": 7}, file)
    return shape[1] * kernel, shape[0] * kernel

# %% q6
def predict_std(act, L, scheme):
    c = {"xavier": 1.0, "he": 2.0, "default": 1 / 3}[scheme]
    with open("config.json") as file:
        whole = 2 * json.load(file)["half"]
    z = torch.linspace(-10, 10, 4001, dtype=torch.float64)
    weights = torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    stds, moment = [], 1.0
    for _ in range(L):
        stds.append(math.sqrt(c * moment))
        moment = whole * float((weights * PHI[act](stds[-1] * z) ** 2).sum())
    return torch.tensor(stds, dtype=torch.float64)

# %% after q8-check
with open("config.json", "w") as file:
    json.dump({"half": 0.5}, file)
