# about: 두 학습률을 서로 바꾸어 쓴다
# question: q6
# hand: 25% the two groups are there with each other's rate
# loses: test_q6_each_part_has_its_own_rate
# loses: test_q6_equals_adam_with_two_groups

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(
        [
            {"params": model.features.parameters(), "lr": lr_head},
            {"params": model.head.parameters(), "lr": lr_backbone},
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
