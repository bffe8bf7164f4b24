# about: 복사한 뒤 모든 층을 새로 초기화한다
# question: q2
# hand: 60% what was to be carried over is thrown away, the head and the copy are right
# loses: test_q2_gives_a_new_model_of_n_classes_beside_the_old_one
# loses: test_q2_keeps_the_pretrained_features

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    for m in new.modules():
        if hasattr(m, "reset_parameters"):
            m.reset_parameters()
    return new
