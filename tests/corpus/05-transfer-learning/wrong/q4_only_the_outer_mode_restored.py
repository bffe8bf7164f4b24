# about: 맨 바깥의 모드만 적어 두었다가 train()으로 되돌린다
# question: q4
# hand: 15% mixed modes, which the text names, are not put back
# loses: test_q4_puts_every_mode_back

# %% q4
def extract_features(backbone, X, bs):
    was = backbone.training
    backbone.eval()
    with torch.no_grad():
        found = torch.cat([backbone.features(b) for b in X.split(bs)])
    backbone.train(was)
    return found
