from __future__ import annotations

import hashlib

import torch

from course import digits


def test_the_digits_are_the_bundled_ones_split_once_and_for_all() -> None:
    data = digits()
    assert [tuple(part.shape) for part in data] == [(1297, 64), (1297,), (500, 64), (500,)]
    assert [part.dtype for part in data] == [torch.float32, torch.int64, torch.float32, torch.int64]
    labels = torch.cat([data.y_train, data.y_test]).numpy()
    assert hashlib.sha256(labels.astype("u1").tobytes()).hexdigest()[:16] == "99c3fa75ee18cae9"


def test_pixels_lie_between_0_and_1_and_nothing_is_lost_or_shared() -> None:
    from sklearn.datasets import load_digits

    data = digits()
    x = torch.cat([data.x_train, data.x_test])
    assert (x.min(), x.max()) == (0, 1)
    bundled = torch.tensor(load_digits().data, dtype=torch.float32) / 16
    assert torch.equal(x.sum(1).sort().values, bundled.sum(1).sort().values)
    rows = {row.numpy().tobytes() for row in data.x_train}
    assert not any(row.numpy().tobytes() in rows for row in data.x_test)


def test_changing_what_digits_returned_changes_no_later_call() -> None:
    digits().x_train.zero_()
    assert digits().x_train.sum() > 0
