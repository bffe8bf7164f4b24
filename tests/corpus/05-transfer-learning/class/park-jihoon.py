# about: 앞의 네 문제를 풀고, 나머지는 시작만 하거나 비워 둔 학생
# expect: 32

# %% drop experiments

# %% q2
def replace_head(model, n):
    model.head = nn.Linear(64, n)
    return model

# %% q3
def trainable_params(model):
    ps = []
    for name, p in model.named_parameters():
        if p.requires_grad == True:
            ps.append(p)
    return ps, len(ps)

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    # TODO: 옵티마이저가 왜 안 되는지 물어보기
    losses = []
    for i in range(steps):
        loss = nn.functional.cross_entropy(model(x), y)
        losses.append(loss)
    return losses

# %% blank q6

# %% blank q7

# %% blank q8

# %% blank q9

# %% reflection
# 전이 학습은 다른 사람이 학습한 모델을 쓰는 것입니다.
