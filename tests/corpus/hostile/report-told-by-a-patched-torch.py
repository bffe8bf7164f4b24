# row: 91
# about: patches what the probe calls, and so what it calls itself
# score: 50
# why: what a report claims is looked at through expect(), which takes no value on trust

# %% after
torch.Tensor.numel = lambda self: 10**400
