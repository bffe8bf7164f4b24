# about: NumPy 배열에 채운 뒤 텐서로 바꾼다
# question: q7

# %% q7
def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    table = np.full((len(methods), len(ks), len(seeds)), np.nan)
    for j, seed in enumerate(seeds):
        for i, k in enumerate(ks):
            train_x, train_y, test_x, test_y = data(k, seed)
            for m, method in enumerate(methods.values()):
                torch.manual_seed(seed)
                net = method(train_x, train_y)
                net.train(False)
                with torch.inference_mode():
                    guess = net(test_x).max(dim=1).indices
                table[m, i, j] = np.mean(guess.numpy() == test_y.numpy())
    return {name: torch.from_numpy(table[m]) for m, name in enumerate(methods)}
