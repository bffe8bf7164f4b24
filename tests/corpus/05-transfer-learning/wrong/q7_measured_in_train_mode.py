# about: 평가 모드로 바꾸지 않고 잰다
# question: q7
# hand: 30% accuracy is not that of evaluation mode, which the text asks for in so many words
# loses: test_q7_measures_in_evaluation_mode

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                torch.manual_seed(seed)
                model = method(x, y)
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
