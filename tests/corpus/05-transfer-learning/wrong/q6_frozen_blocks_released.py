# about: 학습하기 전에 모든 파라미터의 requires_grad를 켜서 동결을 푼다
# question: q6
# hand: 25% the five faults are mended, frozen blocks learn although they must stay
# loses: test_q6_frozen_blocks_stay_frozen

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(
        [
            {"params": model.features.parameters(), "lr": lr_backbone},
            {"params": model.head.parameters(), "lr": lr_head},
        ]
    )
    model.requires_grad_(True)
    model.train()
    losses = []
    for _ in range(steps):
        rows = torch.randperm(len(x))[:batch]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
