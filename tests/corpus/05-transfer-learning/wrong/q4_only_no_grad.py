# about: no_grad만 쓰고 평가 모드로 바꾸지 않는다
# question: q4
# hand: 55% values are those of train mode and the statistics move, batches and graph are right
# loses: test_q4_keeps_every_row_in_order
# loses: test_q4_runs_in_evaluation_mode

# %% q4
def extract_features(backbone, X, bs):
    with torch.no_grad():
        return torch.cat([backbone.features(b) for b in X.split(bs)])
