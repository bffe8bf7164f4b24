"""Hidden tests of question 6: decay_factor(norms) -> factor "
"by which the gradient is multiplied per layer backwards."""

import math

import numpy as np
import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 0.0}


def line(rng, length, factor):
    """Return exactly geometric norms (length,), input side first: each is `factor` times the next one."""
    top = rng.uniform(0.5, 2.0)
    return torch.from_numpy(top * factor ** np.arange(length - 1, -1, -1, dtype=np.float64))


def logarithm(student, norms, hint=None):
    """Return the logarithm of the student's factor, a finite number."""
    value = expect(student.decay_factor(norms), "비율").finite(hint=hint).real()
    require(value > 0, "비율은 0보다 커야 합니다.", hint)
    return math.log(value)


def check(student, norms, expected, hint):
    """Require decay_factor(norms) to be this number, in the convention the student uses for an exact half."""
    unit = logarithm(student, torch.tensor([0.25, 0.5, 1.0], dtype=torch.float64), hint) / math.log(0.5)
    other = logarithm(student, torch.tensor([0.49, 0.7, 1.0], dtype=torch.float64), hint)
    require(abs(unit) > 0.1 and abs(other - unit * math.log(0.5)) > 0.1, "비율이 노름에 따라 달라지지 않습니다.", hint)
    found = logarithm(student, norms, hint) / unit
    expect(math.exp(min(found, 700.0)), "비율").close_to(expected, **CLOSE, hint=hint)


@points(1)
def test_q6_geometric_norms_give_their_factor(student, rng):
    """일정한 비율로 줄거나 커지는 노름에서 그 비율을 그대로 찾습니다."""
    hint = (
        "r < 1이면 입력 쪽으로 갈수록 노름이 작아진다는 뜻입니다. "
        "직선의 경사에서 배율로 옮길 때의 방향과 로그의 밑을 확인해 보세요."
    )
    factors = (rng.uniform(0.2, 0.4), rng.uniform(0.7, 0.9), rng.uniform(1.3, 2.0))
    for factor, length in zip(factors, (int(rng.integers(5, 9)), 7, 2), strict=True):
        value = expect(student.decay_factor(line(rng, length, factor)), "비율").finite(hint=hint).real()
        expect(value, "비율").close_to(float(factor), **CLOSE, hint=hint)


@points(3)
def test_q6_factor_of_measured_norms(student, rng, reference):
    """잰 노름에서 최소제곱 직선의 비율을 구합니다."""
    hint = (
        "log(norms)에 최소제곱 직선을 맞추고, 그 경사에서 한 층 거슬러 갈 때의 배율을 구하세요. "
        "방향과 로그의 밑도 함께 확인해 보세요."
    )
    for factor, length in ((0.3, int(rng.integers(8, 12))), (0.7, 20), (1.3, int(rng.integers(8, 12)))):
        noise = torch.from_numpy(rng.normal(scale=0.3, size=length))
        noise[0] += 0.8
        noise[2] -= 0.8
        norms = line(rng, length, factor) * torch.exp(noise)
        value = expect(student.decay_factor(norms), "비율").finite(hint=hint).real()
        expect(value, "비율").close_to(reference.decay_factor(norms), **CLOSE, hint=hint)


@points(0.5)
def test_q6_noisy_norms_give_the_least_squares_slope(student, rng, reference):
    """들쭉날쭉한 노름에서는 로그의 최소제곱 직선을 씁니다."""
    hint = "처음과 끝만 쓰거나 이웃한 비율의 평균을 내지 말고, log(norms)에 최소제곱 직선을 맞추어야 합니다."
    for factor in (0.25, 0.6, 1.2):
        length = int(rng.integers(8, 12))
        noise = torch.from_numpy(rng.normal(scale=0.8, size=length))
        noise[0] += 1.5
        noise[2] -= 1.5
        norms = line(rng, length, factor) * torch.exp(noise)
        check(student, norms, reference.decay_factor(norms), hint)


@points(2)
def test_q6_zero_and_non_finite_entries_are_left_out(student, rng):
    """0이거나 유한하지 않은 항목은 빼고, 나머지는 원래의 층 번호를 지킵니다."""
    hint = (
        "0, NaN, 무한대인 항목을 뺀 뒤에도 남은 항목의 층 번호 l은 그대로여야 합니다. 번호를 0부터 다시 매기지 마세요."
    )
    for bad in (0.0, math.nan, math.inf):
        norms = line(rng, 8, 0.5)
        norms[1], norms[2], norms[5] = bad, 0.0, bad
        check(student, norms, 0.5, hint)


@points(1)
def test_q6_fewer_than_two_entries_give_nan(student):
    """쓸 수 있는 항목이 둘보다 적으면 nan입니다."""
    for values in ([], [0.7], [0.0, 0.0, 0.0], [0.0, 0.3, math.nan]):
        value = expect(student.decay_factor(torch.tensor(values, dtype=torch.float64)), "비율").number()
        hint = "점이 하나뿐이면 직선을 정할 수 없습니다. 오류나 0, 1 대신 float('nan')을 돌려주세요."
        require(math.isnan(value), "nan이어야 하지만 다른 값이 나왔습니다.", hint)


@points(0.5)
def test_q6_factor_does_not_depend_on_the_scale(student, rng):
    """모든 노름에 같은 수를 곱해도 비율은 같고, 입력을 바꾸지 않습니다."""
    norms = line(rng, 7, 0.6) * torch.from_numpy(rng.uniform(0.5, 2.0, size=7))
    first, second, after = expect(student.probe("decay_and_input", norms)).unpack(3)
    base = expect(first, "비율").finite().real()
    hint = "비율은 전체 크기와 무관합니다. 로그를 구하기 전에 아주 작은 수(eps)를 더하지 않았는지 확인해 보세요."
    other = expect(student.decay_factor(norms * norms), "비율").finite().real()
    moved = abs(other - base) > 1e-3 * abs(base)
    require(moved, "비율이 노름에 따라 달라지지 않습니다.", "인자로 받은 norms로 계산했는지 확인해 보세요.")
    for scale in (1e-30, 1e20):
        value = expect(student.decay_factor(norms * scale), "비율").finite(hint=hint).real()
        expect(value, "비율").close_to(base, **CLOSE, hint=hint)
    expect(expect(second, "비율").number(), "비율").close_to(base, **CLOSE, hint="다시 부른 결과가 다릅니다.")
    expect(after, "norms").equals(
        norms, hint="norms를 제자리에서 바꾸는 연산(log_, div_)을 쓰지 않았는지 확인해 보세요."
    )
