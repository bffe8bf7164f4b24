# about: 기울기와 Adam을 손으로 쓴다
# question: q5

# %% q5
@torch.no_grad()
def train_head(model, x, y, steps=150, lr=0.01):
    phi = extract_features(model, x, 7)
    W, b = model.head.weight, model.head.bias
    target = nn.functional.one_hot(y, W.shape[0]).to(phi)
    moments = [[torch.zeros_like(p), torch.zeros_like(p)] for p in (W, b)]
    losses = []
    for t in range(1, steps + 1):
        logp = (phi @ W.T + b).log_softmax(1)
        losses.append(-(logp * target).sum(1).mean().item())
        d = (logp.exp() - target) / len(y)
        for p, g, m in zip((W, b), (d.T @ phi, d.sum(0)), moments):
            m[0] = 0.9 * m[0] + 0.1 * g
            m[1] = 0.999 * m[1] + 0.001 * g * g
            p -= lr * (m[0] / (1 - 0.9**t)) / ((m[1] / (1 - 0.999**t)).sqrt() + 1e-8)
    return losses
