# about: 배치 정규화의 통계를 처음 값으로 되돌린다
# question: q2
# hand: 30% half of what the features carry over, the buffers, is lost
# loses: test_q2_keeps_the_pretrained_features

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    for m in new.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.reset_running_stats()
    return new
