# about: 안쪽 모듈의 파라미터를 보지 않는다
# question: q3
# hand: 75% list and count are empty for every ordinary model
# loses: test_q3_lists_exactly_the_trainable_parameters
# loses: test_q3_counts_numbers_not_tensors
# loses: test_q3_shared_parameters_count_once

# %% q3
def trainable_params(model):
    params = [p for p in model.parameters(recurse=False) if p.requires_grad]
    return params, sum(p.numel() for p in params)
