# about: 새 헤드의 requires_grad를 옛 헤드와 같게 한다
# question: q2
# hand: 20% one stated property, a head that can learn, is missing for a frozen model
# loses: test_q2_new_head_is_new_and_learns

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    for p, old in zip(new.head.parameters(), model.head.parameters()):
        p.requires_grad_(old.requires_grad)
    return new
