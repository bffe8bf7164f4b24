# about: 헤드의 가중치만 옵티마이저에 넘긴다
# question: q5
# hand: 40% half of the head's parameters in kind never learn and the losses are others
# loses: test_q5_head_learns
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam([model.head.weight], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
