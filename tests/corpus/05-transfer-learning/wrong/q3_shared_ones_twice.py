# about: 함께 쓰는 파라미터를 두 번 담는다
# question: q3
# hand: 20% the case of shared parameters that the text names is wrong
# loses: test_q3_shared_parameters_count_once

# %% q3
def trainable_params(model):
    params = [p for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad]
    return params, sum(p.numel() for p in params)
