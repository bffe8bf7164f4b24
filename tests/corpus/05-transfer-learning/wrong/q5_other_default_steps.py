# about: steps의 기본값을 100으로 바꾸었다
# question: q5
# hand: 10% one default is another
# loses: test_q5_steps_and_rate_are_used

# %% q5
def train_head(model, x, y, steps=100, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
