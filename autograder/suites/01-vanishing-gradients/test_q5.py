"""Hidden tests of question 5: jacobian_bound(Ws, act) -> product of gamma(act) * ||W||_2, for the student to find.

The norm is judged on one layer, gamma and the product by ratios of the student's own answers.
"""

import math

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 0.0}


def bound(student, Ws, act):
    """Return the student's bound as a finite positive float."""
    value = expect(student.jacobian_bound(Ws, act), "상한").finite().real()
    require(value > 0, "상한은 0보다 커야 합니다.", "하한을 구하거나, 값이 0으로 사라지지 않았는지 확인해 보세요.")
    return value


def matrices(rng, *shapes):
    """Return random float64 matrices of these shapes."""
    return [torch.from_numpy(rng.normal(size=shape)) for shape in shapes]


@points(2)
def test_q5_one_layer_gives_the_spectral_norm(student, rng, reference):
    """행렬이 하나인 ReLU에서, 어떤 기울기에도 성립하는 가장 작은 배율입니다."""
    hint = (
        "어떤 벡터에서도 성립하면서 어떤 벡터에서는 등호가 되는 배율입니다. "
        "torch.linalg.matrix_norm의 기본값은 더 큰 값이라는 점에 주의하세요."
    )
    low, high = int(rng.integers(3, 6)), int(rng.integers(7, 12))
    for W in (*matrices(rng, (low, high), (high, low)), 3.0 * reference.orthonormal(rng, high, low)):
        value = bound(student, [W], "relu")
        expect(value, "상한").close_to(reference.spectral_norm(W), **CLOSE, hint=hint)


@points(3)
def test_q5_bound_of_a_whole_network(student, rng, reference):
    """여러 층의 상한이 활성화 함수마다 맞습니다."""
    hint = "행렬마다 활성화 함수가 보태는 배율과 행렬이 보태는 배율을 구해 모두 곱하세요."
    for act in reference.ACTIVATIONS:
        Ws = reference.network(rng, int(rng.integers(3, 6))).Ws
        value = bound(student, Ws, act)
        expect(value, "상한").close_to(reference.jacobian_bound(Ws, act), **CLOSE, hint=hint)


@points(1)
def test_q5_each_layer_brings_the_largest_slope(student, rng, reference):
    """층마다 활성화 함수가 허락하는 가장 큰 배율이 반영됩니다."""
    hint = "z가 무엇이든 성립해야 합니다. 실험 가에서 도함수가 가장 클 때를 다시 보고, 층마다 한 번씩 반영하세요."
    for depth in (1, 3):
        Ws = reference.network(rng, depth).Ws
        base = bound(student, Ws, "relu")
        for act in ("sigmoid", "tanh"):
            ratio = bound(student, Ws, act) / base
            expect(ratio, "γ의 곱").close_to(reference.gamma(act) ** depth, **CLOSE, hint=hint)


@points(1)
def test_q5_layers_multiply(student, rng, reference):
    """여러 층의 상한은 층마다 구한 값의 곱입니다."""
    hint = "행렬을 먼저 곱한 뒤의 노름이나 노름의 합이 아니라, 각 행렬의 노름을 모두 곱한 값입니다."
    Ws = reference.network(rng, 4).Ws
    grows = bound(student, [2 * Ws[0]], "relu") > 1.5 * bound(student, Ws[:1], "relu")
    require(grows, "가중치를 두 배로 해도 상한이 커지지 않습니다.", hint)
    expected = math.prod(bound(student, [W], "relu") for W in Ws)
    expect(bound(student, Ws, "relu"), "상한").close_to(expected, **CLOSE, own=True, hint=hint)


@points(0.5)
def test_q5_no_gradient_exceeds_the_bound(student, rng, reference):
    """실제로 역전파한 델타의 비율은 상한을 넘지 않습니다."""
    hint = "상한이 실제 비율보다 작습니다. 곱셈에서 빠진 층이 있거나 가중치의 크기를 쓰지 않았는지 확인해 보세요."
    for act in ("sigmoid", "relu"):
        net = reference.positive_network(rng, 4) if act == "relu" else reference.network(rng, 4, act, scale=3.0)
        deltas, _ = reference.gradients(net.x, net.Ws, net.bs, act, net.y)
        ratio = reference.norm(deltas[0]) / reference.norm(deltas[-1])
        value = bound(student, net.Ws[1:], act)
        require(value >= ratio * (1 - 1e-6), "상한이 실제 비율보다 작습니다.", hint)
    left, right, middle = (torch.from_numpy(rng.uniform(0.5, 1.0, size=size)) for size in (4, 9, 6))
    chain = [torch.outer(middle, left), torch.outer(right, middle)]
    tight = float(right.norm() * middle.norm() ** 2 * left.norm())
    value = bound(student, chain, "relu")
    require(value >= tight * (1 - 1e-6), "상한이 실제 비율보다 작습니다.", hint)


@points(1.5)
def test_q5_no_layers_give_one(student, reference):
    """빈 리스트의 상한은 1입니다."""
    for act in reference.ACTIVATIONS:
        value = expect(student.jacobian_bound([], act), "상한").finite().real()
        expect(value, "상한").close_to(1.0, **CLOSE, hint="아무것도 곱하지 않은 곱은 1입니다.")
    grown = bound(student, [4.0 * torch.eye(3, dtype=torch.float64)] * 2, "relu")  # 4 or more in any norm
    require(grown > 2, "행렬이 있어도 상한이 1에서 달라지지 않습니다.", "인자로 받은 Ws로 계산했는지 확인해 보세요.")


@points(1)
def test_q5_many_layers_keep_their_precision(student, rng, reference):
    """층이 많아 아주 작은 값도 정확하고, 입력을 바꾸지 않습니다."""
    low, high = int(rng.integers(3, 6)), int(rng.integers(7, 12))
    Q = reference.orthonormal(rng, high, low)
    pair = [0.1 * Q, 0.2 * Q.T.contiguous()]
    Ws = pair * 30
    first, second, after = expect(student.probe("bound_and_inputs", Ws, "relu")).unpack(3)
    hint = (
        "층이 60개이면 값이 아주 작습니다. float32로 곱하거나, 작은 상수를 더하거나, 반올림하지 않았는지 확인해 보세요."
    )
    expected = math.prod([bound(student, [W], "relu") for W in pair] * 30)
    require(expected < 1e-10, "아주 작은 가중치의 상한이 작지 않습니다.", hint)
    expect(expect(first, "상한").number(), "상한").close_to(expected, rtol=1e-4, atol=0.0, hint=hint)
    expect(expect(second, "상한").number(), "상한").close_to(expected, rtol=1e-4, atol=0.0, hint=hint)
    expect(after, "Ws").equals(Ws, hint="Ws를 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요.")
