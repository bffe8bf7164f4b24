# about: 시드를 방법마다가 아니라 k와 시드마다 한 번 심는다
# question: q7
# hand: 25% methods after the first are not seeded, order changes the result
# loses: test_q7_methods_get_the_same_shots_and_the_same_seed

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            torch.manual_seed(seed)
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
