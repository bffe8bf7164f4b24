# about: 거의 모든 문제를 다른 방법으로 푼 학생
# expect: 100

# %% q1
def freeze(module):
    def stay(m, inputs):
        m.eval()

    for m in module.modules():
        m.register_forward_pre_hook(stay)
    for p in module.parameters():
        p.requires_grad, p.grad = False, None
    return module

# %% q2
def replace_head(model, n):
    features = copy.deepcopy(model.features)
    head = nn.Linear(model.head.weight.shape[1], n).to(model.head.weight.dtype)
    return Backbone(features, head)

# %% q3
def trainable_params(model):
    seen, params, count = set(), [], 0
    for module in model.modules():
        for _, p in module.named_parameters(recurse=False):
            if p.requires_grad and id(p) not in seen:
                seen.add(id(p))
                params.append(p)
                count += math.prod(p.shape)
    return params, count


import math

# %% q4
def extract_features(backbone, X, bs):
    caught = []
    handle = backbone.head.register_forward_pre_hook(lambda module, inputs: caught.append(inputs[0].detach()))
    before = {m: m.training for m in backbone.modules()}
    try:
        backbone.eval()
        with torch.no_grad():
            for start in range(0, len(X), bs):
                backbone(X[start : start + bs])
    finally:
        handle.remove()
        for m, mode in before.items():
            m.training = mode
    return torch.cat(caught, dim=0)

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    freeze(model.features)
    params, _ = trainable_params(model)
    opt = torch.optim.Adam(params, lr)
    history = []
    for step in range(steps):
        model.train()
        opt.zero_grad(set_to_none=False)
        loss = torch.nn.CrossEntropyLoss()(model(x), y)
        loss.backward()
        opt.step()
        history.append(float(loss.detach()))
    return history

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

# %% q7
from itertools import product


def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    ks, seeds = list(ks), list(seeds)

    def one(method, k, seed):
        shots = data(k, seed)
        torch.manual_seed(seed)
        model = copy.deepcopy(method(shots.x_train, shots.y_train)).eval()
        right = 0
        for rows, labels in zip(shots.x_test.split(16), shots.y_test.split(16)):
            right += (model(rows).detach().argmax(dim=1) == labels).sum().item()
        return right / len(shots.y_test)

    return {
        name: torch.tensor([one(method, k, seed) for k, seed in product(ks, seeds)]).reshape(len(ks), len(seeds))
        for name, method in methods.items()
    }

# %% q8
def unfreeze_last(model, k):
    for handle in getattr(model, "_handles", []):
        handle.remove()
    for m in model.modules():
        m.__dict__.pop("train", None)
    model._handles = []
    model.train().requires_grad_(True)
    early = list(model.blocks)[::-1][k:]
    for block in early:
        block.zero_grad()
        block.requires_grad_(False)
        model._handles += [m.register_forward_pre_hook(lambda m, _: (m.eval(), None)[1]) for m in block.modules()]
    return model

# %% q9
def within_budget(model, n, budget):
    new = Backbone(copy.deepcopy(model.features), nn.Linear(model.num_features, n).to(model.head.weight.dtype))
    freeze(new.features)
    F = model.num_features
    if (F + 1) * n > budget:
        kept = (budget - n) // n
        new.head = nn.Sequential(FirstColumns(kept), nn.Linear(kept, n).to(model.head.weight.dtype))
    rest = budget - trainable_params(new.head)[1]
    for p in sorted(new.features.parameters(), key=lambda p: -p.numel()):
        if p.numel() <= rest:
            p.requires_grad_(True)
            rest -= p.numel()
    return new


class FirstColumns(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def forward(self, features):
        return features[:, : self.count]
