# about: 학습하기 전에 헤드를 새로 만든다
# question: q5
# hand: 35% the head does not start from what it was given, which the text forbids
# loses: test_q5_losses_before_each_step
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    model.head = nn.Linear(model.num_features, model.head.out_features, dtype=features.dtype)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
