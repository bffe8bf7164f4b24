"""In a helper: computes what student code asks for. A helper holds staff's functions and no student's.

Owns the form of an ask's data and of its answer. The data is what a student's process made of its arguments: a claim,
as plain as the codec's values. What does not have the form raises, and the asker learns the exception's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.sandbox.shell.parcels import Parcel, unpack, value_of

__all__ = ["answer"]


def answer(function: Callable[..., Any], data: dict[str, Any]) -> Any:
    """Call a function as an ask's data says, and tell what came of it.

    Args:
        function: staff's.
        data: ``objects`` and ``args``, ``kwargs`` (see `parcels`); ``grad``, whether gradients are on; ``dtype``, the
            default one; ``random``, torch's random state; ``back``, None or ``(numbers, gradients)`` of tensors of the
            answer.

    Returns: ``value``, ``new`` (the loads of new objects), ``changed`` (those of arguments that changed, by number) and
        ``random``, torch's random state where the call has moved it. With ``back``: for each argument tensor that
        requires gradients its vector-Jacobian product, or None.
    """
    loads = data["objects"]
    before = [load[1].copy() if load[0] in ("array", "set") else load for load in loads]
    objects = unpack(loads)
    states = [_state(one) for one in objects]
    args = [value_of(form, objects) for form in data["args"]]
    kwargs = {name: value_of(form, objects) for name, form in data["kwargs"].items()}
    wanted = [one for one in objects if isinstance(one, torch.Tensor) and one.requires_grad]

    torch.set_default_dtype(getattr(torch, data["dtype"]))
    torch.set_rng_state(data["random"])
    with torch.set_grad_enabled(data["grad"]):
        value = function(*args, **kwargs)
    moved = torch.get_rng_state()

    parcel = Parcel(objects)
    form = parcel.form(value)
    if data["back"] is not None:
        parcel.loads()
        return _products(parcel, wanted, *data["back"])
    changed = {}
    for number, one in enumerate(objects):
        if _differs(one, before[number], states[number], parcel, number):
            changed[number] = parcel.load(number)
    return {
        "value": form,
        "new": parcel.loads(len(objects)),
        "changed": changed,
        "random": None if torch.equal(moved, data["random"]) else moved,
    }


def _products(parcel: Parcel, wanted: list[torch.Tensor], numbers: list[int], gradients: list[torch.Tensor]) -> Any:
    outputs = [parcel.objects[number] for number in numbers]
    return list(torch.autograd.grad(outputs, wanted, gradients, allow_unused=True))


def _state(one: Any) -> Any:
    """Return what of a tensor changes when it is written to; None for anything else."""
    return (one._version, one.data_ptr(), one.shape) if isinstance(one, torch.Tensor) else None


def _differs(one: Any, before: Any, state: Any, parcel: Parcel, number: int) -> bool:
    """Whether an argument is not what it was."""
    if isinstance(one, torch.Tensor):
        return bool(_state(one) != state)
    if isinstance(one, np.ndarray):
        return bool(one.tobytes() != before.tobytes())
    if isinstance(one, set):
        return bool(one != before)
    return bool(parcel.load(number) != before)
