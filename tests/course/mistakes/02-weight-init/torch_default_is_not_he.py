# ruff: noqa
# torch default is not he
# question: q3
# says: torch의 기본값


def kaiming_(w, mode, gen, slope=0.0):
    return nn.init.kaiming_uniform_(w, a=math.sqrt(5), mode=mode, generator=gen)
