# about: 세 문제에서 흔한 오개념을 하나씩 가진 학생 (.grad를 None이 아니라 0으로 채워 모멘텀과 가중치 감쇠가 남는다; 안쪽 모듈의 파라미터를 보지 않는다; batch를 쓰지 않고 언제나 전체를 쓴다)
# expect: 90

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()
    module.eval()
    module.train = lambda mode=True: module
    return module

# %% q3
def trainable_params(model):
    params = [p for p in model.parameters(recurse=False) if p.requires_grad]
    return params, sum(p.numel() for p in params)

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(
        [
            {"params": model.features.parameters(), "lr": lr_backbone},
            {"params": model.head.parameters(), "lr": lr_head},
        ]
    )
    model.train()
    losses = []
    for _ in range(steps):
        rows = torch.randperm(len(x))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% after q3
print("여기까지 다시 읽어 보기")
