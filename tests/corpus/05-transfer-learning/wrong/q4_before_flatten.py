# about: 펼치기 전의 합성곱 출력을 돌려준다
# question: q4
# hand: 50% the shape is wrong for every image, modes and batches are right
# loses: test_q4_features_are_what_the_head_sees
# loses: test_q4_keeps_every_row_in_order

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    found = []
    with torch.no_grad():
        for h in X.split(bs):
            for m in backbone.features:
                if isinstance(m, nn.Flatten):
                    break
                h = m(h)
            found.append(h)
    for m, mode in modes:
        m.training = mode
    return torch.cat(found)
