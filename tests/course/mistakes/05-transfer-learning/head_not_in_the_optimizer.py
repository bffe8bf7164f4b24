# ruff: noqa
# head not in the optimizer
# question: q5
# says: 헤드가 학습되지 않았습니다


def train_head(model, x, y, steps=150, lr=0.01):
    before = copy.deepcopy(model.head.state_dict())
    losses = reference(model, x, y, steps, lr)
    model.head.load_state_dict(before)
    return losses
