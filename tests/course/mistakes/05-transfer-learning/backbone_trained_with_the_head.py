# ruff: noqa
# backbone trained with the head
# question: q5
# says: 옵티마이저에 모델 전체를 넘겼습니다


def train_head(model, x, y, steps=150, lr=0.01):
    model.eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
