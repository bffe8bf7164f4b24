# about: 행이 시드, 열이 장수이다
# question: q7
# hand: 30% the values are right, every shape is transposed
# loses: test_q7_one_accuracy_for_each_method_shot_and_seed

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(seeds), len(ks), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                torch.manual_seed(seed)
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][j, i] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
