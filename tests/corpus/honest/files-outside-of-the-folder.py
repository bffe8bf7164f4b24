# assignment: 01-vanishing-gradients
# about: /tmp와 /content에 파일을 쓰고 읽는 학생. 임시 파일은 됩니다.
# expect: 100
# shows: /tmp/norms.txt에 접근할 수 없습니다
# shows: /content/drive/MyDrive/data.csv에 접근할 수 없습니다
# shows: C:/data/norms.csv에 접근할 수 없습니다

# %% drop experiments

# %% q6
import os
import tempfile
open("/tmp/norms.txt", "w").write("1.0")
os.makedirs("/tmp/checkpoints", exist_ok=True)
torch.save({"norms": torch.ones(2)}, "/tmp/checkpoints/norms.pt")
rows = open("/content/drive/MyDrive/data.csv").readlines()
print(len(rows))
open("C:/data/norms.csv")
with tempfile.TemporaryDirectory() as folder:
    torch.save({"norms": torch.ones(2)}, f"{folder}/norms.pt")

def decay_factor(norms):
    g = torch.as_tensor(norms).detach().to(torch.float64)
    usable = torch.isfinite(g) & (g > 0)
    if usable.sum() < 2:
        return float("nan")
    index = torch.arange(len(g), dtype=torch.float64)[usable]
    logs = g[usable].log()
    centred = index - index.mean()
    return math.exp(-((centred * (logs - logs.mean())).sum() / (centred**2).sum()).item())
