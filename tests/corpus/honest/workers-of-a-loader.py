# assignment: 01-vanishing-gradients
# about: DataLoader(num_workers=2)로 배치를 나누는 학생.
# expect: 100
# shows: num_workers=2 대신 0을

# %% drop experiments

# %% after q7-check
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(x_train), batch_size=256, num_workers=2, persistent_workers=True, prefetch_factor=4)
assert sum(len(batch[0]) for batch in loader) == len(x_train)
