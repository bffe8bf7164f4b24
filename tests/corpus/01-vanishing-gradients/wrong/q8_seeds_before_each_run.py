# about: 실행마다 전역 난수의 시드를 심어 되풀이되지 않는 것을 가린다
# question: q8
# hand: 35% The text forbids seeding, which hides the first of the three verdicts.
# loses: test_q8_what_does_not_repeat_proves_nothing

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    plain, sweep = sweep, lambda *given: (torch.manual_seed(seed), plain(*given))[1]
    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
