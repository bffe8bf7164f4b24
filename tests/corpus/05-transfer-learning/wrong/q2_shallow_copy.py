# about: copy.copy로 겉만 복사하여 원래 모델의 헤드까지 바뀐다
# question: q2
# hand: 50% the original loses its head and shares its features, the new model itself is right
# loses: test_q2_gives_a_new_model_of_n_classes_beside_the_old_one
# loses: test_q2_leaves_the_original_alone

# %% q2
def replace_head(model, n):
    new = copy.copy(model)
    new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return new
