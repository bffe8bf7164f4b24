"""A function that is computed elsewhere looks like the function itself: results, changes, identities, gradients.

Here asker and helper are one process, with the codec in between; `test_lending.py` has the processes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS
from autograder.sandbox.shell.answers import answer
from autograder.sandbox.shell.asks import Asker
from autograder.sandbox.wire import codec

LIMITS = codec.CodecLimits(max_bytes=1 << 20)


def crossed(value: Any) -> Any:
    frame = codec.encode(value, limits=LIMITS)
    return codec.decode(frame.header, [bytearray(buffer) for buffer in frame.buffers], limits=LIMITS)


def lent(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the stub of a function that is computed beyond the codec."""

    def send(name: str, data: dict[str, Any]) -> dict[str, Any]:
        assert name == "f"
        sent = crossed(data)
        try:
            return dict(crossed({"value": answer(function, sent)}))
        except Exception as error:
            kind = type(error).__name__
            return {"etype": kind if kind in BUILTIN_EXCEPTIONS else "사용자 정의"}

    return Asker(send).stub("f")


def layers(x: Any, Ws: Any, bs: Any, act: str) -> Any:
    zs, hs = [], [x]
    for W, b in zip(Ws, bs, strict=True):
        zs.append(torch.nn.functional.linear(hs[-1], W, b))
        hs.append(getattr(torch, act)(zs[-1]))
    return zs, hs


def drawn(*shape: int, grad: bool = False) -> torch.Tensor:
    made = torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(sum(shape)))
    return made.requires_grad_(grad)


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        (1, [2.5, "글", b"b"], {"a": {1, 2}}),
        torch.Size([2, 3]),
        frozenset({1}),
        2j,
        np.float32(1.5),
        {(1, "x"): None},
    ],
    ids=repr,
)
def test_plain_data_goes_there_and_comes_back(value: Any) -> None:
    back = lent(lambda x: (x, type(x).__name__))(value)[0]

    assert back == value


def test_a_shape_arrives_as_a_shape() -> None:
    assert lent(lambda shape: shape.numel())(torch.zeros(2, 3).shape) == 6


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.bool, torch.bfloat16])
def test_tensors_keep_dtype_shape_and_whether_they_require_gradients(dtype: torch.dtype) -> None:
    x = torch.zeros(2, 0, 3, dtype=dtype)
    y = lent(lambda x: x.clone())(x)

    assert (y.dtype, y.shape, y.requires_grad) == (dtype, x.shape, False)
    assert lent(lambda: torch.zeros(1, requires_grad=True))().requires_grad
    assert isinstance(lent(lambda w: torch.nn.Parameter(w.data))(torch.nn.Parameter(torch.ones(1))), torch.nn.Parameter)


def test_what_is_the_same_object_stays_the_same() -> None:
    x, state = drawn(2), {"n": 1}
    first, second, third = lent(lambda x, state: (x, [x, state], state))(x, state)

    assert first is x
    assert second[0] is x
    assert second[1] is third is state


def test_one_argument_given_twice_arrives_as_one() -> None:
    both: list[int] = []

    assert lent(lambda a, b: a is b)(both, both)


def test_a_list_that_holds_itself_is_no_obstacle() -> None:
    ring: list[Any] = [1]
    ring.append(ring)

    assert lent(lambda x: x[1] is x and x[1][1][0])(ring) == 1


def step(p: torch.Tensor, state: dict[str, Any], seen: list[int], noted: set[int], raw: Any) -> Any:
    p.mul_(2)
    state.setdefault("v", torch.zeros_like(p)).add_(1)
    state["n"] = state.get("n", 0) + 1
    seen.append(len(seen))
    noted.add(7)
    raw += 1
    return p, state


def test_what_the_function_changes_in_its_arguments_is_changed() -> None:
    p, state, seen, noted, raw = torch.ones(2), {"v": torch.ones(2)}, [0], {1}, np.zeros(2)
    v, place = state["v"], p.data_ptr()
    for _ in range(2):
        new, after = lent(step)(p, state, seen, noted, raw)

    assert new is p
    assert p.data_ptr() == place
    assert after is state
    assert state["v"] is v
    assert (p.tolist(), v.tolist(), state["n"]) == ([4, 4], [3, 3], 2)
    assert (seen, noted, raw.tolist()) == ([0, 1, 2], {1, 7}, [2, 2])


def test_what_it_does_not_change_is_left_alone() -> None:
    inner: list[int] = [1]
    state = {"x": inner, "t": torch.ones(1)}
    tensor, version = state["t"], state["t"]._version
    lent(len)(state)

    assert state["x"] is inner
    assert state["t"] is tensor
    assert tensor._version == version


def test_gradients_are_those_of_the_function() -> None:
    x, Ws, bs = drawn(5, 3), [drawn(4, 3, grad=True), drawn(2, 4, grad=True)], [drawn(4), drawn(2, grad=True)]
    found = []
    for forward in (layers, lent(layers)):
        zs, hs = forward(x, Ws, bs, "tanh")
        assert hs[0] is x
        found.append(torch.autograd.grad((zs[-1] ** 2).sum() + hs[1].sum(), [*Ws, bs[1]]))

    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


def test_gradients_flow_through_what_is_no_leaf_and_into_grad() -> None:
    w = drawn(3, grad=True)
    lent(lambda x, c: c * x * x)(2 * w, 3.0).sum().backward()

    assert torch.allclose(w.grad, 24 * w.detach())


def test_a_result_that_depends_on_nothing_has_no_gradient() -> None:
    w = drawn(3, grad=True)
    through, cut = lent(lambda x: (x * 2, x.detach() * 2))(w)

    assert through.requires_grad
    assert not cut.requires_grad
    with torch.no_grad():
        assert not lent(lambda x: x * 2)(w).requires_grad


def test_what_is_done_to_an_argument_later_does_not_reach_its_gradient() -> None:
    w, c = drawn(3, grad=True), torch.ones(3, dtype=torch.float64)
    y = lent(lambda x, c: x * c)(w, c)
    c.zero_()
    y.sum().backward()

    assert w.grad.tolist() == [1, 1, 1]


def test_gradients_of_gradients_are_refused() -> None:
    w = drawn(3, grad=True)
    (first,) = torch.autograd.grad(lent(lambda x: x**3)(w).sum(), w, create_graph=True)

    with pytest.raises(RuntimeError, match="f의 기울기는 한 번만"):
        (first.sum() + w.sum()).backward()


def test_random_numbers_are_the_askers() -> None:
    torch.manual_seed(3)
    there = lent(lambda: torch.rand(2))(), torch.rand(1)
    torch.manual_seed(3)

    assert all(map(torch.equal, there, (torch.rand(2), torch.rand(1))))


def test_the_default_dtype_is_the_askers() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        assert lent(lambda: torch.zeros(1))().dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(("error", "kind"), [(ValueError("x"), ValueError), (KeyError(1), KeyError)])
def test_exceptions_keep_their_kind_and_tell_nothing_else(error: Exception, kind: type[Exception]) -> None:
    def raising() -> None:
        raise error

    with pytest.raises(kind, match="f의 값을 구하지 못했습니다"):
        lent(raising)()


def test_an_exception_of_another_kind_is_a_runtime_error() -> None:
    class Own(Exception):  # noqa: N818
        pass

    def raising(kind: int) -> None:
        raise Own("secret") if kind else UnicodeDecodeError("utf-8", b"", 0, 1, "secret")

    for kind in (0, 1):
        with pytest.raises(RuntimeError) as caught:
            lent(raising)(kind)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "bad",
    [len, torch.nn.Linear(1, 1), [object()], torch.zeros(1, device="meta"), {object(): 1}],
    ids=["function", "module", "object", "meta", "key"],
)
def test_what_is_no_plain_data_is_refused(bad: Any) -> None:
    with pytest.raises(TypeError, match="넘길 수 있습니다"):
        lent(lambda x: x)(bad)


def test_nesting_without_end_is_refused() -> None:
    deep: Any = ()
    for _ in range(100):
        deep = (deep,)

    with pytest.raises(TypeError, match="nesting"):
        lent(lambda x: x)(deep)


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="너무 큽니다"):
        lent(lambda x: x)(torch.zeros(1 << 20))


def test_another_thread_is_refused() -> None:
    heard: list[str] = []

    def call() -> None:
        try:
            lent(lambda: 1)()
        except RuntimeError as error:
            heard.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()

    assert heard == ["대신하는 함수 f: 주 스레드에서만 부를 수 있습니다."]


def test_a_call_within_a_call_is_refused_and_the_first_goes_on() -> None:
    heard: list[str] = []

    def send(name: str, data: dict[str, Any]) -> dict[str, Any]:
        with pytest.raises(RuntimeError, match="도중에") as caught:
            stub()
        heard.append(str(caught.value))
        return {"value": answer(lambda: 1, data)}

    stub = Asker(send).stub("f")

    assert stub() == 1
    assert stub() == 1
    assert len(heard) == 2


HOSTILE: list[dict[str, Any]] = [
    {"args": [("o", 99)]},
    {"args": [("x", 1)]},
    {"objects": [["module", 1]]},
    {"objects": [[]]},
    {"objects": None},
    {"kwargs": 3},
    {"dtype": "load"},
    {"random": torch.zeros(3)},
    {"grad": "no"},
    {"back": ([10**9], [torch.zeros(1)])},
]


@pytest.mark.parametrize("broken", HOSTILE, ids=str)
def test_data_of_another_form_only_raises(broken: dict[str, Any]) -> None:
    """A helper must go on after it."""
    sound = {"objects": [], "args": [1], "kwargs": {}, "grad": True, "dtype": "float32", "back": None}

    with pytest.raises(Exception):  # noqa: B017  whichever it is
        answer(lambda x: x, {**sound, "random": torch.get_rng_state(), **broken})
