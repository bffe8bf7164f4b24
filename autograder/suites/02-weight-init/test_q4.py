"""Hidden tests of question 4: orthogonal_(w, gen) -> w with orthonormal rows or columns, whichever are fewer.

Square, wide and tall matrices are asked as stated, right angles first and then lengths. The signs are those of vectors
at right angles, of any length: a random matrix that is not orthogonal has even signs by itself.
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


def orthonormal(w):
    """Require w w^T = I of the rows (or columns, if these are fewer), and that w is no permutation of the axes."""
    low = w if w.shape[0] <= w.shape[1] else w.T
    gram = low @ low.T
    right_angles(gram)
    hint = "벡터의 길이가 1이어야 합니다. gain이나 sqrt(n)을 곱하지 않았는지 확인해 보세요."
    lengths = gram.diagonal().sqrt()
    expect(lengths, "벡터의 길이").close_to(torch.ones(len(lengths)), rtol=0, atol=1e-5, hint=hint)
    drawn = bool(((w.abs() > 1e-6) & (w.abs() < 1 - 1e-6)).any())
    require(drawn, "원소가 모두 0과 1입니다.", "단위행렬처럼 정해진 행렬이 아니라 gen에서 뽑은 행렬이어야 합니다.")


@error_rate(2e-6)
@points(1)
def test_q4_rows_of_a_square_matrix_are_perpendicular(student, rng):
    """정사각 행렬의 행은 서로 수직이고 길이가 1입니다."""
    for _ in range(2):
        size = int(rng.integers(12, 30))
        orthonormal(filled(student, (size, size), rng))


@points(2)
def test_q4_rows_of_a_wide_matrix_are_perpendicular(student, rng):
    """n_out < n_in이면 행이 서로 수직이고 길이가 1입니다."""
    for _ in range(2):
        orthonormal(filled(student, (int(rng.integers(4, 12)), int(rng.integers(14, 30))), rng))


@points(2)
def test_q4_columns_of_a_tall_matrix_are_perpendicular(student, rng):
    """n_out > n_in이면 열이 서로 수직이고 길이가 1입니다."""
    for _ in range(2):
        orthonormal(filled(student, (int(rng.integers(14, 30)), int(rng.integers(4, 12))), rng))


@error_rate(1e-12)
@points(3)
def test_q4_draws_come_from_the_generator(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 시드는 같은 값을, 이어서 부르면 다른 값을 냅니다."""
    answer = student.probe("draws", NAME, [9, 9], [], seed_from(rng))
    first, second, again = (expect(w, "w").shape(9, 9).finite().reals() for w in expect(answer).unpack(3))
    hint = "전역 난수를 쓰고 있습니다. torch.randn에 generator=gen을 넘기세요."
    expect(again, "같은 시드의 가중치").close_to(first, rtol=1e-6, atol=1e-9, hint=hint)
    hint = "함수 안에서 시드를 다시 심거나 단위행렬을 그대로 쓰지 않았는지 확인해 보세요."
    require(not torch.allclose(first, second), "이어서 채운 두 층의 가중치가 같습니다.", hint)


@error_rate(1e-12)
@points(3)
def test_q4_signs_are_even(student, rng):
    """각 원소는 양수일 때와 음수일 때가 반반입니다."""
    hint = "QR 분해가 정해 주는 부호를 그대로 썼습니다. R의 대각 원소의 부호를 Q의 열마다 곱하세요."
    seeds = [seed_from(rng) for _ in range(256)]
    for shape in ((3, 3), (2, 4), (4, 2)):
        w = expect(student.probe("many", NAME, list(shape), [], seeds), "w").shape(256, *shape).finite().reals()
        for one in w[:4]:
            right_angles(one @ one.T if shape[0] <= shape[1] else one.T @ one)
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
