"""The data sets of the notebooks: bundled with their libraries, split once and for all, never downloaded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

__all__ = ["Digits", "digits"]

_TRAIN = 1297
_SEED = 0


class Digits(NamedTuple):
    """Handwritten digits 0 to 9, split into a training and a test part.

    Args:
        x_train: (1297, 64) float32 in [0, 1]: 8 x 8 images, row by row.
        y_train: (1297,) int64, the digit.
        x_test: (500, 64) float32 in [0, 1].
        y_test: (500,) int64.
    """

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def digits() -> Digits:
    """Return scikit-learn's bundled digits (UCI Optical Recognition of Handwritten Digits, test part).

    The 1,797 images are permuted with ``numpy.random.default_rng(0)``; the first 1,297 train, the other 500 test.
    Pixels, 0 to 16 in the source, are divided by 16. Every call returns new tensors, so changing them harms nobody.
    """
    import numpy as np
    import torch

    images, labels = _bundled()
    order = np.random.default_rng(_SEED).permutation(len(labels))
    x = torch.from_numpy((images[order] / 16).astype(np.float32))
    y = torch.from_numpy(labels[order].astype(np.int64))
    return Digits(x[:_TRAIN].clone(), y[:_TRAIN].clone(), x[_TRAIN:].clone(), y[_TRAIN:].clone())


def _bundled() -> tuple[np.ndarray, np.ndarray]:
    """Return images (1797, 64) and labels (1797,), read where scikit-learn keeps them: importing it takes a second."""
    import numpy as np

    spec = importlib.util.find_spec("sklearn")
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder, "datasets", "data", "digits.csv.gz")
        if file.is_file():
            table = np.loadtxt(file, delimiter=",")
            return table[:, :-1], table[:, -1]
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return images, labels
