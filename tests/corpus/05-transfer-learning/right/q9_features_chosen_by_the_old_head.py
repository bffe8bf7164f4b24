# about: 옛 헤드가 크게 쓰던 특성만 골라 쓰고, 작은 텐서부터 푼다
# question: q9

# %% q9
class Chosen(nn.Module):
    """고른 열만 남깁니다."""

    def __init__(self, columns):
        super().__init__()
        self.register_buffer("columns", columns)

    def forward(self, features):
        return features[:, self.columns]


def within_budget(model, n, budget):
    new = copy.deepcopy(model)
    freeze(new.features)
    w = min(model.num_features, (budget - n) // n)
    columns = model.head.weight.detach().norm(dim=0).topk(w).indices.sort().values
    new.head = nn.Linear(w, n, dtype=model.head.weight.dtype)
    if w < model.num_features:
        new.head = nn.Sequential(Chosen(columns), new.head)
    spent = n * w + n
    for p in sorted(new.features.parameters(), key=torch.numel):
        if spent + p.numel() <= budget:
            p.requires_grad_(True)
            spent += p.numel()
    return new
