# about: 같은 표본이 겹치게 뽑는다
# question: q6
# hand: 20% one of the five faults is not mended
# loses: test_q6_equals_adam_with_two_groups
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
        rows = torch.randint(len(x), (min(batch, len(x)),))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
