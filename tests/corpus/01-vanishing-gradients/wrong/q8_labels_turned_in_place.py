# about: 테스트의 정답을 원래 텐서에서 뒤집는다
# question: q8
# hand: 30% The text forbids changing data in so many words.
# loses: test_q8_rounding_is_no_fault_and_data_stay

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    y_new.mul_(-1).add_(1)
    turned = sweep(depths, seed, (x, y, x_new, y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
