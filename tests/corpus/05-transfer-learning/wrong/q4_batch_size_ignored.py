# about: bs를 쓰지 않고 한꺼번에 넣는다
# question: q4
# hand: 20% the values are right, the limit of a batch is ignored
# loses: test_q4_runs_at_most_bs_rows_at_once

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        found = backbone.features(X)
    for m, mode in modes:
        m.training = mode
    return found
