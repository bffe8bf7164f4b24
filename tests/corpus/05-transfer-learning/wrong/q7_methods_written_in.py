# about: 방법을 셋으로 정해 두어 무작위 백본이라는 기준선이 빠진다
# question: q7
# hand: 50% any other set of methods fails, which the text excludes in so many words
# loses: test_q7_one_accuracy_for_each_method_shot_and_seed
# loses: test_q7_methods_get_the_same_shots_and_the_same_seed
# loses: test_q7_pretrained_features_beat_random_ones

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in ("scratch", "frozen", "fine-tuned")}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name in curve:
                method = methods[name]
                torch.manual_seed(seed)
                model = method(x, y)
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
