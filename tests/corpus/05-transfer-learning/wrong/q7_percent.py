# about: 정확도를 백분율로 돌려준다
# question: q7
# hand: 20% the values are a hundredfold, all else is right
# loses: test_q7_one_accuracy_for_each_method_shot_and_seed

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                torch.manual_seed(seed)
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean() * 100
    return curve
