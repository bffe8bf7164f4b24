"""문제 7의 공개 점검: 수 하나를 배우는 과업에서, 손으로 계산한 값과 테스트 함수를 부른 횟수."""

import math

import torch

from course.checks import CheckError, close, number, require, tensor, test_case

OK_FORMAT = False
name = "q7"


def toy(p, g, state, lr):
    """state가 비어 있을 때만 두 배로 움직이는 장난감 옵티마이저입니다."""
    return p - lr * g * (1 if state else 2), {"started": True}


def tasks(log):
    """2 + 시드에서 출발해 손실 (p - 1)^2 / 2를 배우는 과업. 검증은 |p - 2|, 테스트는 |p|입니다."""

    def make_task(seed):
        log.setdefault("seeds", []).append(seed)

        def test(p):
            log.setdefault("tests", []).append(float(p))
            return abs(float(p))

        return {
            "start": torch.tensor([2.0 + seed]),
            "loss": lambda p: 0.5 * ((p - 1) ** 2).sum(),
            "val": lambda p: abs(float(p) - 2),
            "test": test,
        }

    return make_task


@test_case(name="train: 손으로 계산한 값과 같고, 과업을 바꾸지 않습니다", points=6)
def test_train(train):
    # p = 2, 기울기 1: 첫 단계 2 - 2 * 0.25 = 1.5. 둘째 단계 기울기 0.5: 1.5 - 0.25 * 0.5 = 1.375.
    task = tasks({})(0)
    found = tensor(train(toy, task, 0.25, 2), "train의 반환값", shape=(1,))
    close(
        found,
        [1.375],
        "두 단계 학습한 p (lr = 0.25)",
        suspects=[
            ([1.125], "지난 단계의 기울기가 쌓였습니다(1 + 0.5). 단계마다 기울기를 비우세요."),
            ([1.25], "state를 넘기지 않아 단계마다 처음처럼 움직였습니다."),
            ([1.5], "한 단계만 움직였습니다."),
            ([1.0], "새 p가 아니라 출발점에서 기울기를 구했습니다."),
        ],
    )
    close(task["start"], [2.0], 'train을 부른 뒤의 task["start"]', next_step="출발점을 제자리에서 바꾸지 마세요.")
    close(tensor(train(toy, task, 0.25, 2), "train의 반환값"), found, "다시 학습한 p", next_step="state는 부를 때마다 {}에서 시작합니다.")


@test_case(name="lr_sweep: 학습률마다, 시드마다 검증 값을 모읍니다", points=6)
def test_sweep(lr_sweep):
    # lr = 0이면 p는 출발점 그대로: |2 - 2| = 0, |5 - 2| = 3. lr = 0.5이면 한 단계에 p = 1: |1 - 2| = 1.
    log = {}
    table = tensor(lr_sweep(toy, [0.0, 0.5], [0, 3], tasks(log), 1), "lr_sweep의 반환값", shape=(2, 2))
    close(
        table,
        [[0.0, 3.0], [1.0, 1.0]],
        "lr_sweep의 값",
        suspects=[
            ([[0.0, 1.0], [3.0, 1.0]], "행과 열이 바뀌었습니다. 행이 학습률입니다."),
            ([[2.0, 5.0], [1.0, 1.0]], "검증이 아니라 테스트 값을 담았습니다."),
            ([[0.5, 8.0], [0.0, 0.0]], "검증 값이 아니라 훈련 손실을 담았습니다."),
        ],
    )
    require(not log.get("tests"), "lr_sweep에서 테스트 함수를 불렀습니다.", "학습률을 고르는 동안에는 테스트를 보지 않습니다.")
    wild = tensor(lr_sweep(toy, [1e30], [0], tasks({}), 9), "발산하는 lr_sweep의 반환값", shape=(1, 1))
    require(float(wild) == math.inf, "발산한 칸이 math.inf가 아닙니다.", "nan이 그대로 남아 있을 수 있습니다.")


@test_case(name="fair_compare: 검증으로 고르고, 테스트는 시드마다 한 번만 봅니다", points=6)
def test_compare(fair_compare):
    # 시드 1: p = 3에서 출발. lr = 0.01, 0.1, 1이면 한 단계 뒤 p = 2.96, 2.6, -1이고 검증은 0.96, 0.6, 3.
    log, lrs = {}, []

    def spy(p, g, state, lr):
        lrs.append(round(float(lr), 6))
        return toy(p, g, state, lr)

    found = fair_compare(3, {"toy": (spy, 0.01, 1.0)}, [1], tasks(log), 1)
    if not isinstance(found, dict) or set(found) != {"toy"} or set(found["toy"]) != {"lr", "val", "test"}:
        raise CheckError('반환값은 {이름: {"lr": ..., "val": ..., "test": ...}} 꼴이어야 합니다.')
    require(
        set(lrs) == {0.01, 0.1, 1.0},
        f"시도해 본 학습률이 {sorted(set(lrs))}입니다. 0.01, 0.1, 1이어야 합니다.",
        "로그 간격이 아니거나 양 끝이 빠졌습니다.",
    )
    close(
        number(found["toy"]["lr"], "고른 lr"),
        0.1,
        "고른 lr",
        suspects=[(1.0, "검증이 아니라 테스트 값으로 골랐거나, 가장 큰 값을 골랐습니다."), (0.01, "첫 학습률을 골랐습니다.")],
    )
    close(number(found["toy"]["val"], "val"), 0.6, "고른 lr의 검증 값")
    close(number(found["toy"]["test"], "test"), 2.6, "고른 lr의 테스트 값")
    require(
        len(log.get("tests", [])) == 1,
        f"테스트 함수를 {len(log.get('tests', []))}번 불렀습니다. 한 번이어야 합니다.",
        "학습률마다 테스트를 보면 테스트로 고른 것과 다르지 않습니다.",
    )
    require(set(log["seeds"]) == {1}, "인자로 받은 시드가 아닌 시드를 썼습니다.", "옵티마이저마다 출발점이 달라집니다.")
