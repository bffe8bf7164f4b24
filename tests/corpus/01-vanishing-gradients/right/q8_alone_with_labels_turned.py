# about: 깊이 하나씩 불러 정답을 뒤집고, 모든 순서를 함께 견준다
# question: q8

# %% q8
import itertools


def audit(sweep, depths, seed, data):
    x_a, y_a, x_b, y_b = data
    whole, twice = sweep(depths, seed, data), sweep(depths, seed, data)
    if max(abs(whole[d] - twice[d]) for d in depths) > 1e-6:
        return {"repeat": True, "order": None, "test": None}
    found = {"repeat": False, "order": False, "test": False}
    subsets = [s for k in (1, 2) for s in itertools.permutations(depths, k)] + [tuple(depths)[::-1]]
    for subset in subsets:
        table = sweep(list(subset), seed, data)
        found["order"] |= any(abs(table[d] - whole[d]) > 1e-6 for d in subset)
    for d in depths:
        pair = sum(sweep([d], seed, (x_a, y_a, x_b, labels))[d] for labels in (y_b, y_b.neg() + 1))
        found["test"] |= bool(abs(pair - 1) > 1e-6)
    return found
