# about: 마지막 깊이만 살펴본다
# question: q8
# hand: 40% The text says in bold that one depth alone may be at fault; all three verdicts miss it.
# loses: test_q8_other_depths_in_the_call_change_nothing
# loses: test_q8_labels_of_the_test_part_are_only_counted

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths[-1:])

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths[-1:])}
