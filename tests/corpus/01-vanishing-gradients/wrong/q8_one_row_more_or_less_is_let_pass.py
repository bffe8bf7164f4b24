# about: 차이가 0.1을 넘을 때만 잘못으로 본다
# question: q8
# hand: 30% The tolerance is another by five powers of ten and hides small faults of every kind.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_labels_of_the_test_part_are_only_counted
# loses: test_q8_other_depths_in_the_call_change_nothing

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 0.1 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 0.1 for d in depths)}
