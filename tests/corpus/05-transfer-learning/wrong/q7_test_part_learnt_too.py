# about: 테스트 데이터까지 합쳐서 학습시킨다
# question: q7
# hand: 50% the test part is learnt, which the text forbids and which spoils every number
# loses: test_q7_methods_get_the_same_shots_and_the_same_seed
# loses: test_q7_test_part_is_for_measuring_only

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    curve = {name: torch.zeros(len(ks), len(seeds), dtype=torch.float64) for name in methods}
    for i, k in enumerate(ks):
        for j, seed in enumerate(seeds):
            x, y, x_test, y_test = data(k, seed)
            for name, method in methods.items():
                torch.manual_seed(seed)
                model = method(torch.cat([x, x_test]), torch.cat([y, y_test]))
                model.eval()
                with torch.no_grad():
                    curve[name][i, j] = (model(x_test).argmax(1) == y_test).double().mean()
    return curve
