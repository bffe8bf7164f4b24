# about: 시드와 상관없이 언제나 같은 이미지로 배운다
# question: q7
# hand: 30% every column after the first learns from the wrong images
# loses: test_q7_one_accuracy_for_each_method_shot_and_seed
# loses: test_q7_methods_get_the_same_shots_and_the_same_seed

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seeds[0])
            for name, method in methods.items():
                torch.manual_seed(seed)
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
