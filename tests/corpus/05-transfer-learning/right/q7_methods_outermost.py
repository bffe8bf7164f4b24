# about: 방법을 맨 바깥에서 돌고, 복사본에서 정확도를 센다
# question: q7

# %% q7
from itertools import product


def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    ks, seeds = list(ks), list(seeds)

    def one(method, k, seed):
        shots = data(k, seed)
        torch.manual_seed(seed)
        model = copy.deepcopy(method(shots.x_train, shots.y_train)).eval()
        right = 0
        for rows, labels in zip(shots.x_test.split(16), shots.y_test.split(16)):
            right += (model(rows).detach().argmax(dim=1) == labels).sum().item()
        return right / len(shots.y_test)

    return {
        name: torch.tensor([one(method, k, seed) for k, seed in product(ks, seeds)]).reshape(len(ks), len(seeds))
        for name, method in methods.items()
    }
