# row: 33
# about: asks for 400 GB at once
# why: the kernel itself refuses so much at once

# %% after
attempt(lambda: torch.ones(100_000_000_000).sum())
