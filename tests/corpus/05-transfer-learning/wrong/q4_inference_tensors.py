# about: inference_mode에서 만든 텐서를 그대로 돌려주어 학습에 쓸 수 없다
# question: q4
# hand: 20% the values are right, no head can be trained on them
# loses: test_q4_no_graph_hangs_on_the_features

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.inference_mode():
        found = torch.cat([backbone.features(b) for b in X.split(bs)])
    for m, mode in modes:
        m.training = mode
    return found
