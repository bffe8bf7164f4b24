# about: lr 인자 대신 언제나 0.01을 쓴다
# question: q5
# hand: 20% one argument is ignored
# loses: test_q5_steps_and_rate_are_used

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
