# about: 배우는 파라미터만 그룹에 넣고, 평가 모드로 되돌려 놓는다
# question: q6

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    groups = []
    for part, rate in ((model.features, lr_backbone), (model.head, lr_head)):
        params, count = trainable_params(part)
        if count:
            groups.append(dict(params=params, lr=rate))
    opt = torch.optim.Adam(groups)
    losses = torch.zeros(steps, dtype=torch.float64)
    model.train()
    for i in range(steps):
        order = torch.randperm(x.shape[0])
        xb, yb = x[order][:batch], y[order][:batch]
        loss = nn.functional.cross_entropy(model.head(model.features(xb)), yb)
        for p in model.parameters():
            p.grad = None
        loss.backward()
        opt.step()
        losses[i] = loss.detach()
    model.eval()
    return losses.tolist()
