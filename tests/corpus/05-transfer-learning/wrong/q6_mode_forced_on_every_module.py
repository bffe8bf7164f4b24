# about: 모듈마다 training을 직접 켜서 동결된 통계까지 움직인다
# question: q6
# hand: 20% the five faults are mended, statistics of frozen blocks move although they must stay
# loses: test_q6_frozen_blocks_stay_frozen

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(
        [
            {"params": model.features.parameters(), "lr": lr_backbone},
            {"params": model.head.parameters(), "lr": lr_head},
        ]
    )
    for m in model.modules():
        m.training = True
    losses = []
    for _ in range(steps):
        rows = torch.randperm(len(x))[:batch]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
