# about: 순서를 섞는 DataLoader를 쓴다
# question: q4
# hand: 40% the right rows stand in a wrong order
# loses: test_q4_keeps_every_row_in_order

# %% q4
def extract_features(backbone, X, bs):
    modes = [(m, m.training) for m in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        loader = torch.utils.data.DataLoader(X, batch_size=bs, shuffle=True)
        found = torch.cat([backbone.features(b) for b in loader])
    for m, mode in modes:
        m.training = mode
    return found
