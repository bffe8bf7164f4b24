# about: 갱신한 뒤의 손실을 담는다
# question: q5
# hand: 25% the head is right, the losses are one step late
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
        losses.append(nn.functional.cross_entropy(model.head(features), y).item())
    return losses
