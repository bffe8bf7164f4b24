# about: 실행마다 다른 시드를 쓴다
# question: q8
# hand: 60% The text asks for one seed, and every fair sweep is called unrepeatable.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_other_depths_in_the_call_change_nothing
# loses: test_q8_labels_of_the_test_part_are_only_counted
# loses: test_q8_what_does_not_repeat_proves_nothing
# loses: test_q8_rounding_is_no_fault_and_data_stay

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed + 1, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
