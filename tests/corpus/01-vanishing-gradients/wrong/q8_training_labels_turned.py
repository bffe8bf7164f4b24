# about: 테스트가 아니라 훈련 데이터의 정답을 뒤집는다
# question: q8
# hand: 35% One of three verdicts is wrong.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_labels_of_the_test_part_are_only_counted

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, 1 - y, x_new, y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
