# about: 특성이 아니라 로짓을 돌려준다
# question: q4
# hand: 55% the values are logits in place of features, modes and batches are right
# loses: test_q4_features_are_what_the_head_sees
# loses: test_q4_keeps_every_row_in_order

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        found = torch.cat([backbone(b) for b in X.split(bs)])
    for m, mode in modes:
        m.training = mode
    return found
