# about: 헤드를 옵티마이저에 넘기지 않는다
# question: q6
# hand: 30% one of the five faults is not mended, and the head never learns
# loses: test_q6_backbone_and_head_learn
# loses: test_q6_each_part_has_its_own_rate
# loses: test_q6_equals_adam_with_two_groups
# loses: test_q6_frozen_blocks_stay_frozen

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(
        [
            {"params": model.features.parameters(), "lr": lr_backbone},
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
