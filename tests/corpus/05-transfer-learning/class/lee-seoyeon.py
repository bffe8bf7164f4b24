# about: 다른 방식으로 모두 맞히고, 확인용 셀과 그림과 매직을 많이 남긴 학생
# expect: 100

# %% after setup
%matplotlib inline
import time
from collections import defaultdict

print("torch", torch.__version__)

# %% q1
def freeze(module: nn.Module) -> nn.Module:
    """module을 고정된 함수로 만든다."""
    for m in module.modules():
        m.training = False
        m.train = (lambda self: lambda mode=True: self)(m)
    for p in module.parameters():
        p.requires_grad, p.grad = False, None
    return module

# %% after q1
bn = freeze(nn.BatchNorm1d(3))
bn.train()
bn(torch.randn(10, 3))
bn.running_mean, bn.num_batches_tracked

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model).requires_grad_(True)
    new.head = nn.Linear(in_features=model.num_features, out_features=n).type(model.head.weight.dtype)
    return new

# %% q3
def trainable_params(model):
    bag = {id(p): p for p in model.parameters() if p.requires_grad}
    return list(bag.values()), sum(map(torch.numel, bag.values()))

# %% after q3
for name, p in pretrained.named_parameters():
    print(f"{name:40} {tuple(p.shape)}")

# %% q4
def extract_features(backbone, X, bs):
    with evaluating(backbone), torch.no_grad():
        return torch.vstack([backbone.features(X[i : i + bs]) for i in range(0, X.shape[0], bs)])

# %% before q4
from contextlib import contextmanager


@contextmanager
def evaluating(net):
    was = {m: m.training for m in net.modules()}
    net.eval()
    yield net
    for m, t in was.items():
        m.training = t

# %% after q4
%timeit -n 1 -r 1 extract_features(pretrained, jamo.draw("ㅏㅗ"), 2)
F = extract_features(pretrained, jamo.few_shot(5, 0).x_train, 16)
U, S, V = torch.pca_lowrank(F, 2)
plt.scatter(*(F @ V).T, c=jamo.few_shot(5, 0).y_train, cmap="tab10")
plt.show()

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    phi, history = extract_features(model, x, 128), []
    opt = torch.optim.Adam(model.head.parameters(), lr=lr)
    ce = nn.CrossEntropyLoss()
    for _ in range(steps):
        loss = ce(model.head(phi), y)
        history += [loss.item()]
        opt.zero_grad()
        loss.backward()
        opt.step()
    return history

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        if "train" in m.__dict__:
            del m.train
    model.requires_grad_(True).train()
    n_frozen = len(model.blocks) - k
    for i in range(n_frozen):
        freeze(model.blocks[i])
    return model

# %% reflection
# 가중치를 멈추어도 배치 정규화의 통계는 순전파만으로 움직입니다. 칠판 모음 실험에서 requires_grad만 끈 모델은 자음을
# 0.08밖에 맞히지 못했습니다. 두 장으로 배울 때 동결은 0.69, 처음부터는 0.30, 무작위 동결은 0.26이었습니다. 이미지가 스무 장쯤
# 되면 배울 수 있는 것이 더 많은 미세 조정이 앞섭니다.
