# about: 마지막 손실 하나만 돌려준다
# question: q5
# hand: 35% the head is right, one number stands for the losses
# loses: test_q5_losses_before_each_step

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[-1] if losses else None
