# about: torch의 kaiming_normal_에 맡긴다
# question: q3

# %% q3
def kaiming_(w, mode, gen):
    return nn.init.kaiming_normal_(w, mode=mode, nonlinearity="relu", generator=gen)
