"""Functions that are not here: calling one asks the judge's side, where a helper computes the answer.

Owns `Asker` and its stubs. A stub is the same for every function and knows only its name, so that whoever takes it
apart finds nothing. A call looks like one of the real function: results, exceptions' kinds, what it changes in its
arguments, which object is which, and gradients of first order.
"""

from __future__ import annotations

import builtins
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import torch

from autograder.errors import ProtocolError
from autograder.sandbox.shell.parcels import Opaque, Parcel, copied, refill, unpack, value_of

__all__ = ["Asker"]

_NOT_PLAIN = "대신하는 함수 {name}에는 숫자, 글, 텐서, 배열과 이들을 담은 것만 넘길 수 있습니다 ({what})."
_TOO_LARGE = "대신하는 함수 {name}에 넘긴 값이 너무 큽니다."
_NOT_NOW = "대신하는 함수 {name}: {what}"
_THREAD = "주 스레드에서만 부를 수 있습니다."
_AGAIN = "이 함수를 부르는 도중에 다시 부를 수 없습니다."
_ONCE = "대신하는 함수 {name}의 기울기는 한 번만 구할 수 있습니다."
_RAISED = "대신하는 함수 {name}의 값을 구하지 못했습니다."


class Asker:
    """Makes stubs of functions that are computed elsewhere, and sends what they are called with.

    Args:
        send: takes a function's name and an ask's data, and returns ``{"value": ...}`` or ``{"etype": ...}``.
    """

    def __init__(self, send: Callable[[str, dict[str, Any]], dict[str, Any]]) -> None:
        self._send = send
        self._busy = threading.Lock()

    def stub(self, name: str) -> Callable[..., Any]:
        """Return the function to bind in place of `name`."""

        def asked(*args: Any, **kwargs: Any) -> Any:
            return self._call(name, args, kwargs)

        asked.__name__ = asked.__qualname__ = name
        return asked

    def ask(self, name: str, data: dict[str, Any]) -> Any:
        """Send one ask and return the answer's value.

        Raises:
            RuntimeError: from another thread than the main one, or while another ask is under way.
            Exception: of the kind that the function raised; RuntimeError where it is none of Python's own.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(_NOT_NOW.format(name=name, what=_THREAD))
        if not self._busy.acquire(blocking=False):
            raise RuntimeError(_NOT_NOW.format(name=name, what=_AGAIN))
        try:
            answer = self._send(name, data)
        except TypeError as error:
            raise TypeError(_NOT_PLAIN.format(name=name, what=error)) from None
        except ProtocolError:
            raise ValueError(_TOO_LARGE.format(name=name)) from None
        finally:
            self._busy.release()
        if "etype" in answer:
            raise _exception(answer["etype"], _RAISED.format(name=name))
        return answer["value"]

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        parcel = Parcel()
        try:
            forms = [parcel.form(each) for each in args]
            named = {key: parcel.form(each) for key, each in kwargs.items()}
            loads = parcel.loads()
        except Opaque as opaque:
            raise TypeError(_NOT_PLAIN.format(name=name, what=opaque)) from None

        grad = torch.is_grad_enabled()
        data = {
            "objects": loads,
            "args": forms,
            "kwargs": named,
            "grad": grad,
            "dtype": str(torch.get_default_dtype()).removeprefix("torch."),
            "random": torch.get_rng_state(),
            "back": None,
        }
        given = parcel.objects
        tensors = [one for one in given if isinstance(one, torch.Tensor)]
        wanted = [one for one in tensors if one.requires_grad] if grad else []
        device = next((one.device for one in tensors if one.is_cuda), None)
        if not wanted:
            return _opened(_placed(self.ask(name, data), device), given, {})
        data["objects"] = copied(loads)
        told: list[Any] = []
        outputs = _function().apply(self, name, data, device, told, *wanted)
        answer, numbers = told
        return _opened(answer, given, dict(zip(numbers, outputs, strict=True)))


def _opened(answer: dict[str, Any], given: list[Any], made: dict[int, torch.Tensor]) -> Any:
    """Return the value of an answer, and do to the arguments what the function did to them."""
    objects = unpack(answer["new"], given, made)
    for number, load in answer["changed"].items():
        refill(given[number], load, objects)
    if answer["random"] is not None:
        torch.set_rng_state(answer["random"])
    return value_of(answer["value"], objects)


def _placed(answer: dict[str, Any], device: torch.device | None) -> dict[str, Any]:
    """Return an answer with its new tensors where the arguments are; the wire leaves all on the CPU."""
    for load in answer["new"] if device is not None else ():
        if load[0] == "tensor":
            load[1] = load[1].to(device)
    return answer


def _derived(answer: dict[str, Any], first: int) -> list[int]:
    """Return the numbers of the new tensors that depend on tensors that require gradients."""
    return [number for number, load in enumerate(answer["new"], start=first) if load[0] == "tensor" and load[3]]


@cache
def _function() -> Any:
    """Return the differentiable form of an ask; its gradient is another ask."""

    class Asked(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any,
            asker: Asker,
            name: str,
            data: dict[str, Any],
            device: torch.device | None,
            told: list[Any],
            *wanted: torch.Tensor,
        ) -> Any:
            answer = _placed(asker.ask(name, data), device)
            numbers = _derived(answer, len(data["objects"]))
            told += [answer, numbers]
            ctx.asker, ctx.name, ctx.data, ctx.numbers = asker, name, data, numbers
            ctx.devices = [one.device for one in wanted]
            ctx.set_materialize_grads(False)
            return tuple(answer["new"][number - len(data["objects"])][1] for number in numbers)

        @staticmethod
        def backward(ctx: Any, *gradients: torch.Tensor | None) -> Any:
            pairs = [(n, g.detach()) for n, g in zip(ctx.numbers, gradients, strict=True) if g is not None]
            back = ([n for n, _ in pairs], [g for _, g in pairs])
            with torch.no_grad():
                products = ctx.asker.ask(ctx.name, {**ctx.data, "back": back})
                placed = [p if p is None else p.to(device) for p, device in zip(products, ctx.devices, strict=True)]
            return (None, None, None, None, None, *(_once(ctx.name, placed) if torch.is_grad_enabled() else placed))

    return Asked


def _once(name: str, products: list[Any]) -> list[Any]:
    """Return gradients that raise if they are differentiated in turn: nothing here knows their own gradient."""
    stop = torch._C._functions.DelayedError(_ONCE.format(name=name).encode(), 1)
    return [p if p is None else stop(p.detach().requires_grad_()) for p in products]


def _exception(etype: str, text: str) -> Exception:
    """Return an exception of this kind; a RuntimeError where Python has no such kind, or it takes more to make one."""
    kind = getattr(builtins, etype, RuntimeError)
    try:
        made = kind(text)
    except Exception:
        return RuntimeError(text)
    return made if isinstance(made, Exception) else RuntimeError(text)
