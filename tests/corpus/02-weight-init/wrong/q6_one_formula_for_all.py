# about: 초기화와 활성화 함수에 상관없이 (1/√2)^l로 적어 둔다
# question: q6
# hand: 90% neither the activation nor the scheme has an effect, right for one of twelve pairs
# loses: test_q6_whole_predictions_without_an_integral
# loses: test_q6_whole_predictions_for_tanh
# loses: test_q6_whole_predictions_for_silu
# loses: test_q6_relu_halves_the_mean_square
# loses: test_q6_linear_layers_have_no_half
# loses: test_q6_torch_default_is_smaller_than_he
# loses: test_q6_first_layer_sees_the_input_itself

# %% q6
def predict_std(act, L, scheme):
    return torch.sqrt(torch.tensor(0.5)) ** torch.arange(L)
