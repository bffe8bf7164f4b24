# about: bs를 배치의 수로 안다
# question: q4
# hand: 20% the values are right, the limit of a batch is misread
# loses: test_q4_runs_at_most_bs_rows_at_once

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        found = torch.cat([backbone.features(b) for b in X.chunk(bs)])
    for m, mode in modes:
        m.training = mode
    return found
