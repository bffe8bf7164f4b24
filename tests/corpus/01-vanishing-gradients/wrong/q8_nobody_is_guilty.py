# about: 언제나 공정하다고 한다
# question: q8
# hand: 95% The arguments are ignored.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_other_depths_in_the_call_change_nothing
# loses: test_q8_labels_of_the_test_part_are_only_counted
# loses: test_q8_what_does_not_repeat_proves_nothing
# loses: test_q8_rounding_is_no_fault_and_data_stay

# %% q8
def audit(sweep, depths, seed, data):
    return {"repeat": False, "order": False, "test": False}
