# ruff: noqa
# one seed for all methods
# question: q7
# says: 시드를 방법마다 새로 심지 않았습니다


def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            torch.manual_seed(seed)
            for name, method in methods.items():
                model = method(x, y).eval()
                curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
