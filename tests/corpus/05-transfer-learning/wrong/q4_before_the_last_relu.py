# about: 마지막 ReLU를 지나기 전의 값을 돌려준다
# question: q4
# hand: 50% the values are those of another layer, modes and batches are right
# loses: test_q4_features_are_what_the_head_sees
# loses: test_q4_keeps_every_row_in_order

# %% q4
def extract_features(backbone, X, bs):
    leaves = [m for m in backbone.features.modules() if not list(m.children())]
    last = max(i for i, m in enumerate(leaves) if isinstance(m, nn.ReLU))
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    found = []
    with torch.no_grad():
        for h in X.split(bs):
            for m in leaves[:last]:
                h = m(h)
            found.append(h)
    for m, mode in modes:
        m.training = mode
    return torch.cat(found)
