# about: 받은 모델의 head에 바로 대입한다
# question: q2
# hand: 50% the original is changed and nothing is independent, the new model itself is right
# loses: test_q2_gives_a_new_model_of_n_classes_beside_the_old_one
# loses: test_q2_leaves_the_original_alone

# %% q2
def replace_head(model, n):
    model.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return model
