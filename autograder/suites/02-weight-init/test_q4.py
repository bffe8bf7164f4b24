"""Hidden tests of question 4: orthogonal_(w, gen) -> w with orthonormal rows or columns, whichever are fewer.

Directions and lengths are judged apart: right angles relative to the student's own lengths, lengths by themselves.
"""

import torch

from autograder.judge import error_rate, expect, points, require

NAME = "orthogonal_"
ANGLE = "두 벡터의 내적은 0이어야 합니다. 길이만 1로 맞춘 것은 아닌지, QR 분해의 Q를 썼는지 확인해 보세요."


def seed_from(rng):
    """Return a seed for a torch.Generator."""
    return int(rng.integers(1 << 31))


def filled(student, shape, rng):
    """Return the weights that orthogonal_ gives for this shape, finite float64."""
    answer = student.probe("fill", NAME, list(shape), [], seed_from(rng))
    expect(answer).mapping(("raw", "w"))
    hint = "w와 같은 모양이어야 합니다. 가로로 긴 행렬은 전치한 모양에서 QR 분해를 한 뒤 되돌려 놓으세요."
    return expect(answer["w"], "w").shape(*shape, hint=hint).finite().reals()


def right_angles(gram):
    """Require a diagonal matrix of positive entries, up to rounding in float32."""
    lengths = gram.diagonal().sqrt()
    require(bool((lengths > 1e-6).all()), "길이가 0인 행이나 열이 있습니다.", ANGLE)
    cosines = gram / torch.outer(lengths, lengths) - torch.eye(len(gram), dtype=gram.dtype)
    expect(cosines, "행(또는 열) 사이의 코사인").between(-1e-5, 1e-5, hint=ANGLE)


@error_rate(2e-6)
@points(2)
def test_q4_rows_of_a_square_matrix_are_perpendicular(student, rng):
    """정사각 행렬의 행은 서로 수직입니다."""
    for _ in range(2):
        size = int(rng.integers(12, 30))
        w = filled(student, (size, size), rng)
        right_angles(w @ w.T)


@points(3)
def test_q4_lengths_are_one(student, rng):
    """행과 열 가운데 수가 적은 쪽의 길이는 모두 1입니다."""
    hint = "벡터의 길이가 1이어야 합니다. gain이나 sqrt(n)을 곱하지 않았는지 확인해 보세요."
    low, high = int(rng.integers(5, 12)), int(rng.integers(15, 30))
    for shape in ((high, high), (low, high), (high, low)):
        w = filled(student, shape, rng)
        lengths = w.norm(dim=1 if shape[0] <= shape[1] else 0)
        expect(lengths, "벡터의 길이").close_to(torch.ones(min(shape)), rtol=0, atol=1e-5, hint=hint)


@points(2)
def test_q4_rows_of_a_wide_matrix_are_perpendicular(student, rng):
    """n_out < n_in이면 행이 서로 수직입니다."""
    for _ in range(2):
        w = filled(student, (int(rng.integers(4, 12)), int(rng.integers(14, 30))), rng)
        right_angles(w @ w.T)


@points(2)
def test_q4_columns_of_a_tall_matrix_are_perpendicular(student, rng):
    """n_out > n_in이면 열이 서로 수직입니다."""
    for _ in range(2):
        w = filled(student, (int(rng.integers(14, 30)), int(rng.integers(4, 12))), rng)
        right_angles(w.T @ w)


@error_rate(1e-12)
@points(1)
def test_q4_draws_come_from_the_generator(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 시드는 같은 값을, 이어서 부르면 다른 값을 냅니다."""
    answer = student.probe("draws", NAME, [9, 9], [], seed_from(rng))
    first, second, again = (expect(w, "w").shape(9, 9).finite().reals() for w in expect(answer).unpack(3))
    hint = "전역 난수를 쓰고 있습니다. torch.randn에 generator=gen을 넘기세요."
    expect(again, "같은 시드의 가중치").close_to(first, rtol=1e-6, atol=1e-9, hint=hint)
    hint = "함수 안에서 시드를 다시 심거나 단위행렬을 그대로 쓰지 않았는지 확인해 보세요."
    require(not torch.allclose(first, second), "이어서 채운 두 층의 가중치가 같습니다.", hint)


@error_rate(1e-12)
@points(1)
def test_q4_signs_are_even(student, rng):
    """각 원소는 양수일 때와 음수일 때가 반반입니다."""
    hint = "QR 분해가 정해 주는 부호를 그대로 썼습니다. R의 대각 원소의 부호를 Q의 열마다 곱하세요."
    seeds = [seed_from(rng) for _ in range(256)]
    for shape in ((3, 3), (2, 4)):
        w = expect(student.probe("many", NAME, list(shape), [], seeds), "w").shape(256, *shape).finite().reals()
        share = (w[:, 0, 0] > 0).double().mean()
        expect(float(share), "첫 원소가 양수인 비율").between(0.25, 0.75, hint=hint)


@points(1)
def test_q4_returns_a_tensor_like_w(student, rng):
    """w와 모양(shape)과 자료형(dtype)이 같은 텐서를 돌려줍니다."""
    hint = "w를 채운 뒤 return w로 돌려주세요. 새 텐서를 만든다면 dtype=w.dtype으로 맞추세요."
    for shape in ((5, 5), (4, 7), (7, 4)):
        for dtype in (torch.float32, torch.float64):
            name = str(dtype).removeprefix("torch.")
            answer = student.probe("fill", NAME, list(shape), [], seed_from(rng), dtype=name)
            expect(answer).mapping(("raw", "w"))
            expect(answer["raw"], "반환값").shape(*shape, hint=hint).dtype(dtype, hint=hint).finite()
