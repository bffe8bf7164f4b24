"""문제 9의 공개 점검: 여섯 가지 Adam을 하나씩, 문제 4와 같은 꼴과 기본값으로 적어 진단하게 합니다."""

import torch

from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q9"
NAMES = ("ok", "no_correction", "no_square", "eps_inside", "betas_swapped", "shared_t")


def make(fault):
    """이 고장이 있는 새 Adam을 만듭니다."""
    outside = []

    def opt(p, g, state, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        b1, b2 = reversed(betas) if fault == "betas_swapped" else betas
        outside.append(1)
        t = len(outside) if fault == "shared_t" else state.get("t", 0) + 1
        m = b1 * state.get("m", 0) + (1 - b1) * g
        v = b2 * state.get("v", 0) + (1 - b2) * (g.abs() if fault == "no_square" else g**2)
        c1, c2 = (1, 1) if fault == "no_correction" else (1 - b1**t, 1 - b2**t)
        root = torch.sqrt(v / c2 + eps) if fault == "eps_inside" else torch.sqrt(v / c2) + eps
        return p - lr * (m / c1) / root, {"t": t, "m": m, "v": v}

    return opt


def ask(diagnose, fault):
    """diagnose의 답이 표에 있는 이름인지 확인해서 돌려줍니다."""
    found = diagnose(make(fault))
    if not isinstance(found, str):
        raise CheckError(f"반환값이 문자열이 아니라 {type(found).__name__}입니다.", next_step="표의 이름을 돌려주세요.")
    require(found in NAMES, f"반환값 {found!r}은 표에 없는 이름입니다.", next_step="철자를 표와 비교해 보세요.")
    return found


@test_case(name="고장이 없는 Adam과 보정이 없는 Adam을 구별합니다", points=8)
def test_first(diagnose):
    found = ask(diagnose, "ok")
    require(found == "ok", f"고장이 없는 Adam에 {found!r}라고 답했습니다.", next_step="실수를 ==로 비교하지 않았는지 확인하세요.")
    found = ask(diagnose, "no_correction")
    require(
        found == "no_correction",
        f"두 평균을 모두 보정하지 않는 Adam에 {found!r}라고 답했습니다.",
        "첫 단계만 보았다면 betas에 따라 우연히 맞을 수 있습니다.",
        "같은 기울기를 여러 번 넣어 단계마다 움직인 거리를 보세요.",
    )


@test_case(name="나누는 수의 고장 두 가지를 찾습니다", points=6)
def test_division(diagnose):
    found = ask(diagnose, "no_square")
    require(found == "no_square", f"|g|를 평균하는 Adam에 {found!r}라고 답했습니다.", "크기가 1인 기울기만 넣었을 수 있습니다.")
    found = ask(diagnose, "eps_inside")
    require(found == "eps_inside", f"eps를 제곱근 안에 더하는 Adam에 {found!r}라고 답했습니다.", "eps가 너무 작으면 드러나지 않습니다.")


@test_case(name="기억의 고장 두 가지를 찾습니다", points=6)
def test_memory(diagnose):
    found = ask(diagnose, "betas_swapped")
    require(found == "betas_swapped", f"betas를 바꾸어 쓰는 Adam에 {found!r}라고 답했습니다.", "기울기가 일정하면 드러나지 않습니다.")
    found = ask(diagnose, "shared_t")
    require(
        found == "shared_t",
        f"t를 함수 밖에서 세는 Adam에 {found!r}라고 답했습니다.",
        "다른 검사를 먼저 하면서 t가 늘어난 것일 수 있습니다.",
        "빈 state에서 두 번 시작한 궤적을 맨 먼저 비교해 보세요.",
    )
