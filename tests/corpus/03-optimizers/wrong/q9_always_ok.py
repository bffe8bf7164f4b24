# about: 들여다보지 않고 언제나 고장이 없다고 한다
# question: q9
# hand: 100% opt is not called
# loses: test_q9_no_correction
# loses: test_q9_no_square
# loses: test_q9_eps_inside
# loses: test_q9_betas_swapped
# loses: test_q9_shared_t
# loses: test_q9_right_adams_are_ok
# loses: test_q9_a_line_of_patients

# %% q9
def diagnose(opt):
    return "ok"
