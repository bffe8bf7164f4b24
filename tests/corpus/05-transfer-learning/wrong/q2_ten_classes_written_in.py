# about: 클래스가 언제나 10개라고 정해 두었다
# question: q2
# hand: 50% the count of classes is ignored, the copy is right
# loses: test_q2_gives_a_new_model_of_n_classes_beside_the_old_one
# loses: test_q2_new_head_has_n_outputs

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, 10, dtype=model.head.weight.dtype)
    return new
