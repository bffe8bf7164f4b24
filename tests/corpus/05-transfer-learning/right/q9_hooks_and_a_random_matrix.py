# about: 앞의 함수 없이, 훅으로 평가 모드를 지키고 무작위 행렬로 헤드를 줄인다
# question: q9

# %% q9
def calm(module, inputs):
    module.eval()


def within_budget(model, n, budget):
    dtype = model.head.weight.dtype
    new = Backbone(copy.deepcopy(model.features), nn.Linear(model.num_features, n, dtype=dtype))
    for module in new.features.modules():
        module.register_forward_pre_hook(calm)
    if n * model.num_features + n > budget:
        w = budget // n - 1
        random = torch.randn(model.num_features, w, dtype=dtype) / model.num_features**0.5
        new.head = nn.Sequential(Fixed(random), nn.Linear(w, n, dtype=dtype))
    left = budget - sum(p.numel() for p in new.head.parameters())
    for p in new.features.parameters():
        p.requires_grad = p.numel() <= left
        left -= p.numel() * p.requires_grad
    return new


class Fixed(nn.Module):
    def __init__(self, matrix):
        super().__init__()
        self.register_buffer("matrix", matrix)

    def forward(self, x):
        return x @ self.matrix
