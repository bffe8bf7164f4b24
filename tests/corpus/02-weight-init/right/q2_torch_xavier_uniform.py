# about: torch의 xavier_uniform_에 맡긴다
# question: q2

# %% q2
def xavier_(w, gain, gen):
    return nn.init.xavier_uniform_(w, gain=gain, generator=gen)
