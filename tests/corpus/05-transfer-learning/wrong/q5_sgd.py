# about: Adam 대신 SGD를 쓴다
# question: q5
# hand: 40% the named optimizer is another, so every value after the first is too
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.SGD(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
