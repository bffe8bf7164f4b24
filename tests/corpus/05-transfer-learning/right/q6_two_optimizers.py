# about: 옵티마이저를 둘 만든다
# question: q6

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizers = [torch.optim.Adam(model.features.parameters(), lr_backbone)]
    optimizers.append(torch.optim.Adam(model.head.parameters(), lr_head))
    model.train(True)
    losses = []
    while len(losses) < steps:
        chosen = torch.multinomial(torch.ones(len(x)), min(batch, len(x)), replacement=False)
        for o in optimizers:
            o.zero_grad()
        loss = nn.CrossEntropyLoss()(model(x[chosen]), y[chosen])
        loss.backward()
        [o.step() for o in optimizers]
        losses.append(loss.item())
    return losses
