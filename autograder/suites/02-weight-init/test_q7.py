"""Hidden tests of question 7: lsuv(Ws, x, act, tol=0.01, max_steps=10) -> scaled weights, in a list.

Every layer is the given one times a number. Two tests compare the numbers of whole networks with the reference's; the
variance's denominator may be the number of entries or one less. When to stop is judged on single layers whose outputs
have no mean: how layers follow each other and how the variance is taken play no part there. That nothing given is
changed is judged by itself.
"""

import math

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-4, "atol": 0.0}
COUNTED = {"rtol": 0.02, "atol": 0.0}
"""Tells how often a layer was divided, whatever the variance's denominator; one division more is 5 % and more."""
ORDER = (
    "앞 층부터 차례로 맞추고, 다음 층에는 이미 맞춘 층을 지난 신호를 넣어야 합니다. 재는 것은 φ(z)의 모든 원소의 "
    "분산이고, 나누는 것은 그때 잰 표준편차입니다."
)


def as_tensor(values):
    """Return floats as a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def factors(student, Ws, x, act, **options):
    """Return by how much the student multiplied each layer's weights."""
    return read(student.lsuv([W.clone() for W in Ws], x.clone(), act, **options), Ws)


def read(answer, Ws):
    """Return the factor of each layer; an answer that is not a multiple of what was given has none."""
    hint = "가중치의 방향은 그대로 두고 층마다 양수 하나를 곱하기만 합니다. 맞춘 가중치를 층의 순서대로 돌려주세요."
    found = []
    for value, W in zip(expect(answer, "반환값").each(len(Ws)), Ws, strict=True):
        scaled = value.shape(*W.shape, hint=hint).finite(hint=hint).reals()
        factor = float((scaled * W).sum() / W.square().sum())
        require(factor > 0, "가중치에 곱한 수가 0보다 크지 않습니다.", hint)
        expect(scaled / factor, "배율로 나눈 가중치").close_to(W, rtol=1e-4, atol=1e-5, hint=hint)
        found.append(factor)
    return found


def scaled(answer, Ws):
    """Return the weights of an answer, whatever they are multiples of."""
    return [
        value.shape(*W.shape).finite().reals()
        for value, W in zip(expect(answer, "반환값").each(len(Ws)), Ws, strict=True)
    ]


def compare(found, reference, Ws, x, act, hint, close=CLOSE, **options):
    """Require the reference's factors, for either denominator of the variance."""
    choices = [reference.lsuv_factors(Ws, x, act, less=less, **options) for less in (0, 1)]
    nearest = min(choices, key=lambda choice: sum(abs(math.log(a / b)) for a, b in zip(choice, found, strict=True)))
    expect(as_tensor(found), "층마다 곱한 수").close_to(as_tensor(nearest), **close, hint=hint)


@points(3)
def test_q7_relu_and_linear_networks_as_stated(student, rng, reference):
    """ReLU와 활성화 함수가 없는 신경망을 기본값으로 맞춥니다."""
    for act in ("relu", "linear", "relu"):
        Ws, x = reference.unscaled(rng, 5, act)
        compare(factors(student, Ws, x, act), reference, Ws, x, act, ORDER)


@points(3)
def test_q7_curved_networks_as_stated(student, rng, reference):
    """tanh와 silu의 신경망을 기본값으로 맞춥니다. 한 번 나누는 것으로는 모자랍니다."""
    hint = (
        "나눈 뒤에 다시 재세요. 분산과 1의 차이가 tol보다 크고 나눈 횟수가 max_steps보다 적은 동안 되풀이합니다. "
        "횟수는 층마다 따로 셉니다."
    )
    for act in ("silu", "tanh"):
        Ws, x = reference.unscaled(rng, 4, act)
        compare(factors(student, Ws, x, act), reference, Ws, x, act, f"{hint} {ORDER}")


@points(2)
def test_q7_tolerance_decides_when_to_stop(student, rng, reference):
    """분산과 1의 차이가 tol 이하인 층은 그대로 두고, tol이 작으면 더 맞춥니다."""
    hint = "tol은 분산과 1의 차이의 한계입니다. 나누기 전에 먼저 재고, 인자로 받은 tol과 견주세요."
    for low, high, tol in ((1.13, 1.18, 0.5), (1.13, 1.18, 0.1), (1.006, 1.008, 0.004), (1.006, 1.008, 0.05)):
        Ws, x = reference.single(rng, low, high)
        compare(factors(student, Ws, x, "linear", tol=tol), reference, Ws, x, "linear", hint, tol=tol)


@points(4)
def test_q7_no_layer_is_divided_more_than_max_steps_times(student, rng, reference):
    """한 층에서 나누는 것은 max_steps번까지입니다."""
    hint = "max_steps번 나누었으면 분산이 1에 이르지 않았어도 멈추고 다음 층으로 가야 합니다."
    for steps in (0, 1, int(rng.integers(2, 6))):
        Ws, x = reference.single(rng, 1.5, 2.5)
        found = factors(student, Ws, x, "tanh", max_steps=steps)
        compare(found, reference, Ws, x, "tanh", hint, COUNTED, max_steps=steps)


@points(4)
def test_q7_does_not_change_its_inputs(student, rng, reference):
    """받은 가중치와 입력을 바꾸지 않고 새 가중치를 돌려주며, 다시 불러도 결과가 같습니다."""
    hint = "W /= ..., W.mul_(...), Ws[l] = ...처럼 받은 것을 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    Ws, x = reference.unscaled(rng, 3, "relu")
    Ws[0] = Ws[0] * 20
    for act in ("relu", "silu"):
        norms = []
        for batch in (x, 3 * x):
            first, second, inputs = expect(student.probe("lsuv_and_inputs", Ws, batch, act, 1)).unpack(3)
            after_Ws, after_x = expect(inputs).unpack(2)
            expect(after_x, "x").equals(batch, hint=hint)
            expect(after_Ws, "Ws").equals(Ws, hint=hint)
            for once, again in zip(scaled(first, Ws), scaled(second, Ws), strict=True):
                expect(again, "두 번째 결과").close_to(once, rtol=1e-9, atol=1e-12, hint=hint)
            norms.append(float(scaled(first, Ws)[0].norm() / Ws[0].norm()))
        require(norms[0] < 0.9, "맞추어야 할 층의 가중치가 그대로입니다.", ORDER)
        require(norms[1] < 0.7 * norms[0], "x를 세 배로 해도 0번 층의 가중치가 작아지지 않습니다.", ORDER)
