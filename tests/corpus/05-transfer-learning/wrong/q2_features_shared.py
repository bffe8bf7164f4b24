# about: 새 모델을 만들지만 특성 부분은 원래 모델의 것을 함께 쓴다
# question: q2
# hand: 40% the two models share all tensors of the features, which the text forbids
# loses: test_q2_gives_a_new_model_of_n_classes_beside_the_old_one
# loses: test_q2_leaves_the_original_alone

# %% q2
def replace_head(model, n):
    return Backbone(model.features, nn.Linear(model.num_features, n, dtype=model.head.weight.dtype))
