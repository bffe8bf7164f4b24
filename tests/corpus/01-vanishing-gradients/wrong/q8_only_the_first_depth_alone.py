# about: 맨 앞 깊이만 혼자 불러 본다
# question: q8
# hand: 25% The text says in bold that one depth alone may be at fault; one of three verdicts misses it.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_other_depths_in_the_call_change_nothing

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    if differ(first, sweep(depths, seed, data)):
        return {"repeat": True, "order": None, "test": None}
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": False, "order": abs(first[depths[0]] - alone[depths[0]]) > 1e-6, "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
