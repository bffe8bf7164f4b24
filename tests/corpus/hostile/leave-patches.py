# row: 49
# about: patches what the next submission will use
# score: 75
# without: process | fresh

# %% after
import builtins

torch.softmax = torch.matmul = torch.nn.functional.linear = lambda *args, **kwargs: 1 / 0
builtins.print = lambda *args: 1 / 0
torch.optim.SGD.step = lambda self: 1 / 0
