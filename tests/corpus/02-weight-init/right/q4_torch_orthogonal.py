# about: torch의 orthogonal_에 맡긴다
# question: q4

# %% q4
def orthogonal_(w, gen):
    return nn.init.orthogonal_(w, generator=gen)
