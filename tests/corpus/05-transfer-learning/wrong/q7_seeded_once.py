# about: 시드를 맨 앞에서 한 번만 심는다
# question: q7
# hand: 30% no call is seeded as asked, order and other methods change the result
# loses: test_q7_methods_get_the_same_shots_and_the_same_seed

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    torch.manual_seed(seeds[0])
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
