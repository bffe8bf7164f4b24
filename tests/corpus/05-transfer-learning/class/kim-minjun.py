# about: 동결을 requires_grad로만 하고, 모드를 되돌리지 않고, 학습률을 하나로 쓰고, 예산을 보지 않은 학생
# expect: 66

# %% after setup
%matplotlib inline
import warnings
warnings.filterwarnings("ignore")
device = "cuda" if torch.cuda.is_available() else "cpu"
print(device)

# %% q1
def freeze(module):
    for param in module.parameters():
        param.requires_grad = False
    module.eval()
    return module

# %% after q1
m = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
freeze(m)
print([p.requires_grad for p in m.parameters()])   # 모두 False!

# %% q4
def extract_features(backbone, X, bs):
    backbone.eval()
    feats = []
    N = X.shape[0]
    with torch.no_grad():
        for s in range(0, N, bs):
            e = min(s + bs, N)
            feats.append(backbone.features(X[s:e]))
    return torch.cat(feats, 0)

# %% after q4
%%time
f = extract_features(pretrained, jamo.few_shot(2, 0).x_train, 8)
print(f.shape)

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr_head)
    model.train()
    losses = []
    for step in range(steps):
        idx = torch.randperm(len(x))[:batch]
        out = model(x[idx])
        loss = nn.functional.cross_entropy(out, y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % 50 == 0:
            print(step, loss.item())
    return losses

# %% q8
def unfreeze_last(model, k):
    for p in model.parameters():
        p.requires_grad = False
    n = len(model.blocks)
    for i in range(n - k, n):
        for p in model.blocks[i].parameters():
            p.requires_grad = True
    for p in model.head.parameters():
        p.requires_grad = True
    return model

# %% q9
def within_budget(model, n, budget):
    new = replace_head(model, n)
    for param in new.features.parameters():
        param.requires_grad = False
    return new

# %% reflection
# 동결은 requires_grad를 False로 하는 것입니다. 데이터가 적을 때 좋습니다.
