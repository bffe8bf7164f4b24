# about: 마지막의 작은 배치를 버린다
# question: q4
# hand: 35% samples are lost whenever the batch does not divide, which the text names
# loses: test_q4_keeps_every_row_in_order

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        found = [backbone.features(X[i * bs : (i + 1) * bs]) for i in range(max(len(X) // bs, 1))]
    for m, mode in modes:
        m.training = mode
    return torch.cat(found)
