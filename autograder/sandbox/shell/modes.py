"""Settings of torch, numpy and warnings by which every function computes, and which any cell can change for all.

A later cell that makes float64 the default or turns gradients off changes what an earlier answer computes, and the
student, who ran the cells in their order, never saw it. Owns what is remembered of such settings for an answer, and how
it is put back. Runs inside the sandbox.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

__all__ = ["modes_now", "put_modes_back", "stop_debugging"]

Modes = dict[str, Any]


def modes_now() -> Modes:
    """Return the settings as they are; values that can be compared."""
    modes: Modes = {"raising": _raising()}
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None:
        modes["dtype"] = torch.get_default_dtype()
        modes["grad"] = torch.is_grad_enabled()
        modes["deterministic"] = (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
        )
    if numpy is not None:
        modes["errors"] = tuple(numpy.geterr().items())
    return modes


def put_modes_back(modes: Modes) -> None:
    """Make those settings what they were that are something else now."""
    now = modes_now()
    differing = {name for name, value in modes.items() if now.get(name) != value}
    if "raising" in differing:
        kept = [entry for entry in warnings.filters if entry[0] != "error"]
        warnings.filters[:] = [*modes["raising"], *kept]  # type: ignore[index]
        warnings.filterwarnings("ignore", "never said", append=True)  # has Python see that the list is another
        warnings.filters.pop()  # type: ignore[attr-defined]
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None:
        if "dtype" in differing:
            torch.set_default_dtype(modes["dtype"])
        if "grad" in differing:
            torch.set_grad_enabled(modes["grad"])
        if "deterministic" in differing:
            on, warn_only = modes["deterministic"]
            torch.use_deterministic_algorithms(on, warn_only=warn_only)
    if numpy is not None and "errors" in differing:
        numpy.seterr(**dict(modes["errors"]))


def stop_debugging() -> None:
    """After the last cell: turn off what only looks for mistakes, and fails on the tensors without data of tests."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.is_anomaly_enabled():
        torch.autograd.set_detect_anomaly(False)


def _raising() -> tuple[Any, ...]:
    """Return the filters that make an exception of a warning; others come and go with the import of any library."""
    return tuple(entry for entry in warnings.filters if entry[0] == "error")
