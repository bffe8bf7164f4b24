# ruff: noqa
# gradients accumulate
# question: q5
# says: 앞 단계의 기울기가 더해지고 있습니다


def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
