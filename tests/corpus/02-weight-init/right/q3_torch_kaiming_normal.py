# about: torch의 kaiming_normal_에 맡긴다
# question: q3

# %% q3
def kaiming_(w, mode, gen, slope=0.0):
    return nn.init.kaiming_normal_(w, mode=mode, a=slope, nonlinearity="leaky_relu", generator=gen)
