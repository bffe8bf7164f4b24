# about: 새 헤드의 dtype이 언제나 float32이다
# question: q2
# hand: 20% one stated property, the dtype, is wrong
# loses: test_q2_new_head_has_n_outputs

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, n)
    return new
