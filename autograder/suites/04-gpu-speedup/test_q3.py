"""Hidden tests of question 3: ridge_point(peak, bandwidth) and roofline(ai, peak, bandwidth) -> FLOP/s."""

import numpy as np
import torch

from autograder.judge import expect, leans_on, points, require

CLOSE = {"rtol": 1e-5, "atol": 0.0}


RIDGES = ((1, 3), (3, 6), (6, 8))


def machine(rng, low=1, high=8):
    """Return a random peak in FLOP/s and bandwidth in byte/s; the ridge is 2**low to 2**high FLOP/byte."""
    bandwidth = float(rng.uniform(2e10, 2e12))
    return bandwidth * float(2 ** rng.uniform(low, high)), bandwidth


@points(1.75)
def test_q3_ridge_point_is_peak_over_bandwidth(student, rng, reference):
    """지붕이 꺾이는 연산 강도를 구합니다."""
    hint = "비스듬한 지붕(대역폭 × 연산 강도)과 평평한 지붕(최대 연산 속도)이 만나는 연산 강도입니다."
    for _ in range(3):
        peak, bandwidth = machine(rng)
        value = student.ridge_point(peak, bandwidth)
        expect(value, "ridge_point").close_to(reference.ridge_point(peak, bandwidth), **CLOSE, hint=hint)


@points(1.75)
@leans_on("ridge_point")
def test_q3_the_lower_of_the_two_roofs(student, rng, reference):
    """꺾이는 점의 왼쪽에서는 메모리 대역폭이, 오른쪽에서는 연산 장치가 속도를 정합니다."""
    hints = (
        "꺾이는 점의 왼쪽에서는 데이터를 읽는 속도가 한계입니다. 바이트마다 할 수 있는 연산의 수를 곱해 보세요.",
        "꺾이는 점의 오른쪽에서는 연산 장치가 한계입니다. 두 한계 가운데 어느 쪽을 골라야 하는지 확인해 보세요.",
    )
    for shares, hint in zip(((1e-3, 0.3, 0.95), (1.05, 4.0, 1e3)), hints, strict=True):
        for share, ridges in zip(shares, RIDGES, strict=True):
            peak, bandwidth = machine(rng, *ridges)
            ai = share * reference.ridge_point(peak, bandwidth)
            value = student.roofline(ai, peak, bandwidth)
            expect(value, "roofline").close_to(reference.roofline(ai, peak, bandwidth), **CLOSE, hint=hint)


@points(1.75)
@leans_on("ridge_point")
def test_q3_works_for_a_tensor_of_intensities(student, rng, reference):
    """연산 강도가 텐서이면 같은 모양의 텐서를 돌려줍니다."""
    hint = "텐서의 원소마다 따로 비교해야 합니다. 파이썬의 min과 if는 원소가 여럿인 텐서에서 동작하지 않습니다."
    for shape, ridges in (((7,), RIDGES[0]), ((), RIDGES[1]), ((3, 4), RIDGES[2])):
        peak, bandwidth = machine(rng, *ridges)
        shares = np.asarray(2 ** rng.uniform(0.1, 5, size=shape))
        shares.reshape(-1)[::2] = 1 / shares.reshape(-1)[::2]  # every other one lies below the ridge
        shares.reshape(-1)[:2] = (0.9, 1.1)[: shares.size]
        ai = torch.from_numpy(np.asarray(shares * reference.ridge_point(peak, bandwidth)))
        right = [reference.roofline(x, peak, bandwidth) for x in ai.reshape(-1).tolist()]
        expected = torch.tensor(right, dtype=torch.float64).reshape(shape)
        expect(student.roofline(ai, peak, bandwidth), "roofline").close_to(expected, **CLOSE, hint=hint)


@points(1.75)
@leans_on("ridge_point")
def test_q3_does_not_change_its_input(student, rng, reference):
    """텐서로 받은 ai를 바꾸지 않습니다."""
    hint = "mul_이나 clamp_, 또는 ai *= bandwidth처럼 제자리에서 바꾸지 않았는지 확인해 보세요."
    peak, bandwidth = machine(rng, 6, 8)
    ridge = reference.ridge_point(peak, bandwidth)
    ai = torch.tensor([1e-12 * ridge], dtype=torch.float64)
    answer, after = expect(student.probe("roofline_and_input", ai, peak, bandwidth)).unpack(2)
    low = float(expect(answer, "roofline").shape(1).finite().reals()[0])
    expect(after, "ai").equals(ai, hint=hint)
    high = expect(student.roofline(4.0 * ridge, peak, bandwidth), "roofline").finite().real()
    moved = abs(high - low) > 1e-6 * peak
    require(moved, "연산 강도를 바꾸어도 속도의 상한이 그대로입니다.", "ai를 썼는지 확인해 보세요.")
