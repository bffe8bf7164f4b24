# ruff: noqa
# gradients accumulate
# question: q6
# says: 앞 단계의 기울기가 더해지고 있습니다


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
        rows = torch.randperm(len(x))[:batch]
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
