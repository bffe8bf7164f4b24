# about: 평가 모드로 바꾸고 되돌리지 않는다
# question: q4
# hand: 25% one of four demands, the modes put back, is missing
# loses: test_q4_puts_every_mode_back

# %% q4
def extract_features(backbone, X, bs):
    backbone.eval()
    with torch.no_grad():
        return torch.cat([backbone.features(b) for b in X.split(bs)])
