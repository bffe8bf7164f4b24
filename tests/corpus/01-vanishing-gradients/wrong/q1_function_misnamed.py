# about: 함수의 이름을 바꾸어 써서 채점기가 찾지 못한다
# question: q1
# hand: 30% The work is right but stands under another name than the text gives, and raises KeyError.
# loses: test_q1_sigmoid_and_its_derivative
# loses: test_q1_tanh_and_its_derivative
# loses: test_q1_relu_and_its_derivative
# loses: test_q1_large_inputs_stay_finite
# loses: test_q1_keeps_shape_and_dtype
# loses: test_q1_does_not_change_its_input
# loses: test_q1_unknown_name_raises_value_error

# %% q1
def activation_and_gradient(name, z):
    a = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[name](z)
    return a, {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": (a > 0).to(a.dtype)}[name]
