# about: 순서를 뒤집어 보기만 한다
# question: q8
# hand: 25% One of three verdicts misses the faults of which the hint warns.
# loses: test_q8_other_depths_in_the_call_change_nothing

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = sweep(list(reversed(depths)), seed, data)
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
