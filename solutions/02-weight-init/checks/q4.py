"""문제 4의 공개 점검: 종류, 직교, 난수와 부호."""

import torch

from course.checks import CheckError, close, require, tensor, test_case

OK_FORMAT = False
name = "q4"


def filled(orthogonal_, shape, seed=0, dtype=torch.float64):
    """새 텐서를 orthogonal_로 채워 돌려줍니다."""
    w = torch.full(shape, 9.0, dtype=dtype)
    value = orthogonal_(w, torch.Generator().manual_seed(seed))
    return tensor(value, f"모양이 {shape}인 w의 반환값", shape=shape, dtype=dtype)


@test_case(name="w와 모양, dtype이 같은 텐서를 돌려줍니다", points=3)
def test_kind(orthogonal_):
    for shape in ((4, 4), (3, 5), (5, 3)):
        filled(orthogonal_, shape)
        filled(orthogonal_, shape, dtype=torch.float32)


@test_case(name="수가 적은 쪽의 벡터들이 서로 수직이고 길이가 1입니다", points=6)
def test_orthonormal(orthogonal_):
    for shape, side in (((6, 6), "행"), ((4, 9), "행"), ((9, 4), "열")):
        w = filled(orthogonal_, shape)
        gram = w @ w.T if side == "행" else w.T @ w
        diagonal = gram.diagonal()
        apart = gram - torch.diag(diagonal)
        where = f"모양이 {shape}인 w의 {side}"
        if bool((apart.abs() > 1e-4).any()):
            unit = bool((diagonal - 1).abs().max() < 1e-4)
            raise CheckError(
                f"{where}이 서로 수직이 아닙니다.",
                "길이만 1로 맞추었습니다." if unit else "무작위 행렬을 그대로 썼을 수 있습니다.",
                "torch.linalg.qr로 QR 분해를 하고 Q를 쓰세요.",
            )
        lengths = diagonal.sqrt()
        close(
            lengths,
            torch.ones(len(lengths)),
            f"{where}의 길이",
            tolerance=1e-4,
            suspects=[(torch.full_like(lengths, 2**0.5), "gain √2를 곱했습니다. 여기에서는 곱하지 않습니다.")],
        )


@test_case(name="난수는 gen에서 이어서 뽑고, 부호는 반반입니다", points=3)
def test_random(orthogonal_):
    gen = torch.Generator().manual_seed(3)
    first = orthogonal_(torch.zeros(5, 5), gen).clone()
    require(
        not torch.allclose(first, orthogonal_(torch.zeros(5, 5), gen)),
        "같은 gen으로 이어서 채운 두 층의 가중치가 똑같습니다.",
        "함수 안에서 시드를 다시 심었거나, 단위행렬처럼 정해진 행렬을 썼습니다.",
    )
    torch.manual_seed(77)
    require(
        torch.allclose(first, orthogonal_(torch.zeros(5, 5), torch.Generator().manual_seed(3))),
        "같은 시드의 gen으로 다시 불렀더니 값이 다릅니다.",
        "gen이 아니라 전역 난수에서 뽑았습니다.",
        "torch.randn에 generator=gen을 넘기세요.",
    )
    positive = sum(float(filled(orthogonal_, (3, 3), seed)[0, 0]) > 0 for seed in range(100))
    require(
        30 <= positive <= 70,
        f"시드 100개에서 w[0, 0]이 양수인 것이 {positive}번입니다.",
        "QR 분해가 정해 주는 부호를 그대로 썼습니다.",
        "R의 대각 원소의 부호를 Q의 열마다 곱하세요.",
    )
