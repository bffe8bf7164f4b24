# about: 훅으로 동결하고, 학습 반복문을 한 함수로 묶어 나중 셀에 둔다

# %% q1
def freeze(module):
    thaw(module)
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    hooks[module] = [m.register_forward_pre_hook(keep_eval) for m in module.modules()]
    return module

# %% after q1
import weakref

hooks = weakref.WeakKeyDictionary()


def keep_eval(m, _inputs):
    m.eval()


def thaw(module):
    """동결을 풉니다."""
    for m in module.modules():
        for handle in hooks.pop(m, []):
            handle.remove()
    for p in module.parameters():
        p.requires_grad_(True)
    return module


small = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
freeze(small).train()
small(torch.randn(5, 3))
print("동결한 뒤의 통계:", small[1].running_mean.tolist())

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    return descend(torch.optim.Adam(model.head.parameters(), lr=lr), model.head, extract_features(model, x, 100), y, steps)

# %% after q5
def descend(optimizer, net, x, y, steps, batch=None):
    losses = []
    for _ in range(steps):
        rows = slice(None) if batch is None else torch.randperm(len(x))[:batch]
        loss = nn.functional.cross_entropy(net(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

# %% q6
def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    model.train()
    parts = zip((model.features, model.head), (lr_backbone, lr_head))
    optimizer = torch.optim.Adam([{"params": list(part.parameters()), "lr": rate} for part, rate in parts])
    return descend(optimizer, model, x, y, steps, batch)

# %% q8
def unfreeze_last(model, k):
    thaw(model)
    for block in model.blocks[: max(0, len(model.blocks) - k)]:
        freeze(block)
    return model

# %% after q8
fig, ax = plt.subplots()
ax.imshow(jamo.draw("ㅏ")[0, 0], cmap="gray_r")
plt.show()
