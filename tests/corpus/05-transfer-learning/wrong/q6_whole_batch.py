# about: batch를 쓰지 않고 언제나 전체를 쓴다
# question: q6
# hand: 25% the batch is ignored, so is the draw
# loses: test_q6_steps_batch_and_defaults

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
