# about: 함수의 이름에서 고장을 읽으려 한다
# question: q9
# hand: 100% names are no behaviour, as the text says
# loses: test_q9_no_correction
# loses: test_q9_no_square
# loses: test_q9_eps_inside
# loses: test_q9_betas_swapped
# loses: test_q9_shared_t
# loses: test_q9_right_adams_are_ok
# loses: test_q9_a_line_of_patients

# %% q9
def diagnose(opt):
    found = {"adam": "ok", "adam_a": "no_correction", "adam_b": "eps_inside", "adam_c": "shared_t"}
    return found.get(opt.__name__, "betas_swapped" if opt.__name__ == "adam_d" else "no_square")
