# about: Adam 대신 SGD를 쓴다
# question: q6
# hand: 35% the faults are mended, but the optimizer is another and so are the values
# loses: test_q6_equals_adam_with_two_groups

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.SGD(
        [
            {"params": model.features.parameters(), "lr": lr_backbone},
            {"params": model.head.parameters(), "lr": lr_head},
        ]
    )
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
