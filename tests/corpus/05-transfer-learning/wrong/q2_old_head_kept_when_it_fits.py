# about: 클래스의 수가 같으면 옛 헤드를 그대로 둔다
# question: q2
# hand: 20% the case of equal counts that the text names is wrong
# loses: test_q2_new_head_is_new_and_learns

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    if new.head.out_features != n:
        new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return new
