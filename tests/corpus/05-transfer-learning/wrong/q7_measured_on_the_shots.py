# about: 정확도를 훈련 데이터에서 잰다
# question: q7
# hand: 60% the number is another for every method, the loops are right
# loses: test_q7_one_accuracy_for_each_method_shot_and_seed
# loses: test_q7_test_part_is_for_measuring_only
# loses: test_q7_pretrained_features_beat_random_ones

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
                    curve[name][i, j] = (model(x).argmax(1) == y).double().mean()
    return curve
