# about: 되풀이되지 않아도 나머지를 판정한다
# question: q8
# hand: 25% The None that the text demands for unrepeatable sweeps is missing.
# loses: test_q8_each_kind_of_fault_is_told_from_a_fair_sweep
# loses: test_q8_what_does_not_repeat_proves_nothing

# %% q8
def audit(sweep, depths, seed, data):
    x, y, x_new, y_new = data

    def differ(one, other):
        return any(abs(one[d] - other[d]) > 1e-6 for d in depths)

    first = sweep(depths, seed, data)
    again = differ(first, sweep(depths, seed, data))
    alone = {d: sweep([d], seed, data)[d] for d in depths}
    turned = sweep(depths, seed, (x, y, x_new, 1 - y_new))
    return {"repeat": again, "order": differ(first, alone), "test": any(abs(first[d] + turned[d] - 1) > 1e-6 for d in depths)}
