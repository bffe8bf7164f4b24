# about: 대부분 맞혔지만 k가 0일 때와 시드에서 실수하고, 정의의 순서가 뒤섞이고 셀 하나에서 오류가 난 학생
# expect: 95

# %% before q1
def bn_layers(net):
    return [l for l in net.modules() if isinstance(l, (nn.BatchNorm1d, nn.BatchNorm2d))]

# %% q1
def freeze(module):
    잠그기(module)
    return module

# %% after q1
def 잠그기(net):
    for w in net.parameters():
        w.requires_grad_(False)
        w.grad = None
    net.eval()
    net.train = lambda *a, **k: net

# %% after q2
# 확인
wrong = replace_head(pretrained, 10)
print(wrong(torch.zeros(3, 20, 20)).shape)

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    opt = torch.optim.Adam(model.head.parameters(), lr=lr)
    record = []
    pbar = range(steps)
    feats = extract_features(model, x, bs=32)
    for epoch in pbar:
        yhat = model.head(feats)
        L = lossf(yhat, y)
        opt.zero_grad(); L.backward(); opt.step()
        record.append(L.item())
    return record

# %% before q6
lossf = nn.CrossEntropyLoss()

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    torch.manual_seed(seeds[0])
    results = {}
    for name in methods:
        grid = []
        for k in ks:
            row = []
            for s in seeds:
                d = data(k, s)
                net = methods[name](d.x_train, d.y_train)
                net.eval()
                pred = net(d.x_test).argmax(-1)
                row.append((pred == d.y_test).float().mean())
            grid.append(torch.stack(row))
        results[name] = torch.stack(grid).detach()
    return results

# %% q8
def unfreeze_last(model, k):
    for m in model.modules():
        m.__dict__.pop("train", None)
    for p in model.parameters():
        p.requires_grad_(True)
    model.train()
    잠그기(model.features)
    for b in model.blocks[-k:]:
        풀기(b)
    return model


def 풀기(net):
    net.requires_grad_(True)
    net.train()

# %% reflection
# requires_grad를 꺼도 배치 정규화의 평균은 움직여서 자음 정확도가 0.99에서 0.08로 떨어졌습니다. 데이터가 적을 때에는 동결이,
# 많을 때에는 미세 조정이 낫습니다.
