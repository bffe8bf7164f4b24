# about: 계산 그래프가 달린 특성을 돌려준다
# question: q4
# hand: 25% one of four demands, no graph, is missing
# loses: test_q4_no_graph_hangs_on_the_features

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    found = torch.cat([backbone.features(b) for b in X.split(bs)])
    for m, mode in modes:
        m.training = mode
    return found
