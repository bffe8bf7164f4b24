"""What `expect` lets through and what it says: nothing but the right data passes, and no hidden value is shown."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judge import ExpectationFailed, expect, require
from autograder.judge.student import RemoteObject
from autograder.sandbox import Handle

TARGET = torch.tensor([[1.25, -7.5], [3.75, 812.0]])


class EqualToAll:
    """A hostile answer: agrees with everything, and notices being asked."""

    asked: list[str] = []  # noqa: RUF012

    def __getattribute__(self, name: str) -> Any:
        if name not in ("__class__", "__dict__"):
            EqualToAll.asked.append(name)
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        EqualToAll.asked.append("__eq__")
        return True

    def __hash__(self) -> int:
        return 0

    def __len__(self) -> int:
        EqualToAll.asked.append("__len__")
        return 2

    def __float__(self) -> float:
        EqualToAll.asked.append("__float__")
        return 1.25

    def __array__(self, *_: Any, **__: Any) -> Any:
        EqualToAll.asked.append("__array__")
        return TARGET.numpy()


class NoLink:
    """Nothing may be called over it."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was called on a remote object")


class Subclass(torch.Tensor):
    pass


REMOTE = RemoteObject(NoLink(), Handle(1, "Cunning"))
WRONG = {
    "none": None,
    "string": "1.25",
    "list": TARGET.tolist(),
    "bool": True,
    "bool_tensor": TARGET > 0,
    "complex": TARGET.to(torch.complex64),
    "empty": torch.empty(0),
    "empty_rows": torch.empty(0, 2),
    "scalar": torch.tensor(1.25),
    "number": 1.25,
    "broadcast_row": TARGET[:1],
    "broadcast_column": TARGET[:, :1],
    "extra_dim": TARGET[None],
    "nan": torch.full((2, 2), math.nan),
    "inf": torch.full((2, 2), math.inf),
    "one_nan": torch.where(TARGET == 812, torch.tensor(math.nan), TARGET),
    "off_by_little": TARGET + torch.tensor([[0, 0], [0, 1.0]]),
    "object_array": np.array([[1.25, -7.5], [3.75, 812.0]], dtype=object),
    "text_array": np.array([["1.25", "-7.5"], ["3.75", "812.0"]]),
    "sparse": TARGET.to_sparse(),
    "subclass": TARGET.clone().as_subclass(Subclass),
    "parameter": torch.nn.Parameter(TARGET.clone()),
    "cunning": EqualToAll(),
    "remote": REMOTE,
    "generator": (x for x in [1]),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("check", ["close_to", "equals"])
def test_only_the_right_tensor_passes(name: str, check: str) -> None:
    EqualToAll.asked.clear()
    with pytest.raises(ExpectationFailed) as caught:
        getattr(expect(WRONG[name], "a"), check)(TARGET)
    assert EqualToAll.asked == []
    assert "`a`" in caught.value.message
    assert all(secret not in caught.value.message for secret in ("1.25", "-7.5", "3.75", "812"))


@pytest.mark.parametrize(
    "value", [TARGET, TARGET.double(), TARGET.numpy(), TARGET.numpy().astype(">f8"), TARGET.clone().requires_grad_()]
)
def test_a_right_tensor_or_array_passes_whatever_its_precision(value: Any) -> None:
    expect(value).shape(2, 2).finite().close_to(TARGET).equals(TARGET)


@pytest.mark.parametrize("value", [3, 3.0, torch.tensor(3), np.float32(3), np.array(3.0), torch.tensor(3.0)])
def test_a_number_may_come_as_a_number_or_without_dimensions(value: Any) -> None:
    expect(value).shape().close_to(3).between(2.9, 3.1)
    assert expect(value).number() == 3.0


@pytest.mark.parametrize(
    "value", [True, None, "3", [3], torch.tensor([3.0]), np.array([3.0]), torch.tensor(True), 3j, REMOTE, EqualToAll()]
)
def test_what_is_not_one_number_is_refused(value: Any) -> None:
    EqualToAll.asked.clear()
    for check in (
        lambda: expect(value).close_to(3),
        lambda: expect(value).number(),
        lambda: expect(value).integer(),
        lambda: expect(value).equals(3),
        lambda: expect(value).equals(3.0),
        lambda: expect(value).shape().between(0, 9),
    ):
        with pytest.raises(ExpectationFailed):
            check()
    assert EqualToAll.asked == []


@pytest.mark.parametrize("value", [math.nan, math.inf, torch.tensor(math.nan), 10**400])
def test_a_number_that_is_not_finite_is_close_to_nothing(value: Any) -> None:
    for check in (
        lambda: expect(value).close_to(3, rtol=math.inf),
        lambda: expect(value).finite(),
        lambda: expect(value).between(-math.inf, math.inf),
    ):
        with pytest.raises(ExpectationFailed, match="NaN이나 무한대"):
            check()
    assert not math.isfinite(expect(value).number())


def test_an_integer_too_long_to_print_fails_cleanly() -> None:
    with pytest.raises(ExpectationFailed):
        expect(10**5000).equals("x")


def test_integers_are_integers_and_not_bools_or_floats() -> None:
    assert expect(7).integer() == expect(torch.tensor(7)).integer() == expect(np.int32(7)).integer() == 7
    for value in (7.0, True, torch.tensor(7.0), torch.tensor(True), "7", None):
        with pytest.raises(ExpectationFailed, match="정수"):
            expect(value).integer()


def test_nothing_finite_or_between_can_be_said_of_an_empty_tensor() -> None:
    for check in (expect(torch.empty(0)).finite, lambda: expect(torch.empty(0)).between(0, 1)):
        with pytest.raises(ExpectationFailed, match="원소가 하나도 없습니다"):
            check()


def test_truth_values_are_close_to_no_number() -> None:
    for value in (torch.ones(2, dtype=torch.bool), np.ones(2, dtype=bool), torch.ones(2, dtype=torch.complex64)):
        with pytest.raises(ExpectationFailed, match="종류"):
            expect(value).close_to(torch.ones(2))
        with pytest.raises(ExpectationFailed, match="종류"):
            expect(value).between(0, 2)


def test_equality_is_kind_by_kind() -> None:
    expect([1, ("a", None), {"k": 2.0}]).equals((1, ["a", None], {"k": 2.0}))
    expect({1, 2}).equals({2, 1})
    expect(torch.tensor([1, 2], dtype=torch.int32)).equals(torch.tensor([1, 2]))
    for value, expected in [
        (1, True),
        (True, 1),
        (1.0, 1),
        ({True: 1}, {1: 1}),
        ([1, 2, 3], [1, 2]),
        ({"a": 1, "b": 2}, {"a": 1}),
        (torch.tensor([1.0, 2.0]), torch.tensor([1, 2])),
        (torch.tensor([1, 1]), torch.tensor([True, True])),
        (math.nan, math.nan),
        ("a", b"a"),
        (0, None),
        ([EqualToAll()], [1]),
        ({EqualToAll(): 1}, {1: 1}),
    ]:
        with pytest.raises(ExpectationFailed):
            expect(value).equals(expected)


def test_the_dtype_is_compared_only_when_asked_for() -> None:
    expect(TARGET).close_to(TARGET.double()).dtype(torch.float32)
    with pytest.raises(ExpectationFailed, match="dtype"):
        expect(TARGET.double()).dtype(torch.float32)


def test_shapes_are_exact_and_none_stands_for_any_size() -> None:
    expect(torch.zeros(4, 3)).shape(None, 3)
    with pytest.raises(ExpectationFailed, match=r"모양\(shape\)이 다릅니다"):
        expect(torch.zeros(4, 3)).shape(None, 4)
    with pytest.raises(ExpectationFailed, match="2차원이어야 합니다"):
        expect(torch.zeros(4)).shape(4, 1)


def test_kind_comes_before_shape_and_finiteness_before_value() -> None:
    with pytest.raises(ExpectationFailed, match="종류"):
        expect([math.nan]).close_to(TARGET)
    with pytest.raises(ExpectationFailed, match="차원 수"):
        expect(torch.full((3,), math.nan)).close_to(TARGET)
    with pytest.raises(ExpectationFailed, match="NaN"):
        expect(torch.tensor([[math.nan, 0], [0, 0]])).close_to(TARGET)
    with pytest.raises(ExpectationFailed, match="값이 올바르지"):
        expect(torch.zeros(2, 2)).close_to(TARGET)


def test_staff_see_values_and_the_place_of_the_largest_difference() -> None:
    with pytest.raises(ExpectationFailed) as caught:
        expect(TARGET * torch.tensor([[1, 1], [1, 2.0]]), "da").close_to(TARGET, hint="힌트입니다.")
    assert caught.value.message == "`da`의 값이 올바르지 않습니다. 힌트입니다."
    assert "(1, 1)" in caught.value.detail
    assert "1624" in caught.value.detail
    assert "expected 812" in caught.value.detail


def test_containers_are_opened_with_checks() -> None:
    answer = {"delta": torch.tensor([1.0, 2.0]), "weight": [3, 4]}
    found = expect(answer, "결과").mapping(["delta", "weight"])
    found.item("delta").shape(2).close_to(torch.tensor([1.0, 2.0]))
    assert found.item("weight").unpack(2) == (3, 4)
    assert found.item("weight").sequence(2).item(-1).integer() == 4
    for check, text in [
        (lambda: expect(answer, "g").mapping(["delta"]), "필요하지 않은 키"),
        (lambda: expect(answer, "g").mapping(["delta", "bias"], extra=True), "필요한 키가 없습니다"),
        (lambda: expect({True: 1}, "g").item(1), "필요한 키"),
        (lambda: expect(answer, "g").item("weight").sequence(3), "길이"),
        (lambda: expect((1,), "g").item(1), "길이"),
        (lambda: expect(torch.zeros(3), "g").unpack(3), "리스트나 튜플"),
        (lambda: expect("ab", "g").unpack(2), "리스트나 튜플"),
        (lambda: expect([1], "g").mapping([0]), "딕셔너리"),
        (lambda: expect([1], "g").item("x"), "딕셔너리"),
        (lambda: expect(REMOTE, "g").item(0), "리스트나 튜플"),
        (lambda: expect(EqualToAll(), "g").sequence(2), "리스트나 튜플"),
    ]:
        with pytest.raises(ExpectationFailed, match=text):
            check()
    expect(answer).mapping(["delta"], extra=True)


def test_a_number_that_is_a_hidden_key_is_not_named() -> None:
    with pytest.raises(ExpectationFailed) as caught:
        expect({}, "acc").item(4711)
    assert "4711" not in caught.value.message
    assert "4711" in caught.value.detail


def test_a_missing_return_is_suspected() -> None:
    with pytest.raises(ExpectationFailed, match=r"return 문을"):
        expect(None, "a").close_to(1)


def test_tensor_gives_a_copy_that_is_free_of_the_graph() -> None:
    mine = torch.ones(2, requires_grad=True)
    copy = expect(mine).tensor()
    assert not copy.requires_grad
    assert copy.data_ptr() != mine.data_ptr()
    assert expect(np.ones(2, dtype=np.float32)).tensor().dtype == torch.float32


def test_an_expected_value_that_makes_no_sense_is_the_suites_fault() -> None:
    for expected in (math.nan, torch.tensor(math.inf)):
        with pytest.raises(ValueError, match="finite"):
            expect(1.0).close_to(expected)
    for expected in ("1", [1.0], None, True):
        with pytest.raises(TypeError):
            expect(1.0).close_to(expected)


def test_require_takes_only_a_bool() -> None:
    require(True, "증상")
    require(np.bool_(True), "증상")
    with pytest.raises(ExpectationFailed, match=r"^증상 힌트$"):
        require(False, "증상", "힌트")
    for condition in (1, EqualToAll(), torch.tensor(True), REMOTE, None):
        with pytest.raises(TypeError):
            require(condition, "증상")  # type: ignore[arg-type]
