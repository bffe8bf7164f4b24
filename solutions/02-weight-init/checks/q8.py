"""문제 8의 공개 점검: 종류, 답을 아는 경우, 난수의 규칙."""

import torch

from course.checks import CheckError, close, number, require, test_case

OK_FORMAT = False
name = "q8"


def axes(flip=False):
    """가장 큰 좌표의 번호가 곧 클래스인 데이터입니다. flip이면 테스트의 정답만 다음 번호로 옮깁니다."""
    x = 2 * torch.eye(3).repeat(8, 1)
    y = torch.arange(3).repeat(8)
    return x, y, x, (y + 1) % 3 if flip else y


def identity(factor):
    """단위행렬의 factor배를 새 텐서로 돌려주는 init입니다."""
    return lambda w, gen: factor * torch.eye(*w.shape)


def accuracies(init_sweep, inits, depths, data, **options):
    """이름과 깊이마다 정확도 하나인 딕셔너리인지 확인해서 돌려줍니다."""
    result = init_sweep(inits, depths, 0, data, **options)
    if not isinstance(result, dict) or set(result) != set(inits):
        got = sorted(map(str, result)) if isinstance(result, dict) else type(result).__name__
        raise CheckError(f"반환값은 키가 {list(inits)}인 딕셔너리여야 하는데 {got}입니다.")
    for key, entries in result.items():
        if not isinstance(entries, dict) or set(entries) != set(depths):
            got = sorted(map(str, entries)) if isinstance(entries, dict) else type(entries).__name__
            raise CheckError(f'"{key}"의 값은 키가 {list(depths)}인 딕셔너리여야 하는데 {got}입니다.')
        for depth in depths:
            value = number(entries[depth], f'"{key}", 깊이 {depth}의 정확도')
            percent = "백분율(%)로 돌려주었을 수 있습니다. 0과 1 사이의 비율로 바꾸세요." if value > 1 else ""
            require(0 <= value <= 1, "정확도가 0과 1 사이가 아닙니다.", percent)
    return result


@test_case(name="{이름: {깊이: 정확도}}를 돌려줍니다", points=3)
def test_kind(init_sweep):
    inits = {"하나": identity(1.0), "둘": identity(0.5)}
    accuracies(init_sweep, inits, [1, 3], axes(), width=4, steps=2, batch=6)


@test_case(name="정해 준 가중치에서 답을 아는 정확도가 나옵니다", points=4)
def test_by_hand(init_sweep):
    options = {"width": 5, "steps": 0}
    for factor in (20.0, 0.001):
        found = accuracies(init_sweep, {"단위행렬": identity(factor)}, [2], axes(), **options)
        close(
            found["단위행렬"][2],
            1.0,
            f"가중치가 단위행렬의 {factor:g}배일 때, 학습하지 않은 정확도",
            next_step="init이 돌려준 텐서를 가중치로 쓰는지, 편향을 0으로 만드는지 확인해 보세요."
            if factor > 1
            else "편향이 0이 아니면 작은 가중치의 답을 덮어 버립니다. nn.init.zeros_로 0으로 만드세요.",
        )
    flipped = accuracies(init_sweep, {"단위행렬": identity(20.0)}, [1], axes(flip=True), **options)
    close(flipped["단위행렬"][1], 0.0, "정답을 옮긴 테스트의 정확도", suspects=[(1.0, "테스트가 아니라 훈련 데이터에서 쟀습니다.")])


@test_case(name="정한 만큼 학습하면 틀린 답에서 맞는 답으로 옮겨 갑니다", points=3)
def test_training(init_sweep):
    # 처음에는 모두 틀리는 가중치입니다. 모멘텀이 있으면 서른 단계 안에 모두 맞고, 없으면 마흔다섯 단계로는 모자랍니다.
    x, y, _, moved = axes(flip=True)
    options = {"width": 6, "steps": 45, "lr": 0.01, "batch": 12}
    found = accuracies(init_sweep, {"단위행렬": identity(1.0)}, [1], (x, moved, x, moved), **options)
    close(
        found["단위행렬"][1],
        1.0,
        "모두 틀리는 가중치에서 45단계 학습한 뒤의 정확도",
        suspects=[(0.0, "학습하지 않았거나, SGD에 momentum=0.9를 주지 않았거나, 옵티마이저에 다른 파라미터를 넘겼습니다.")],
        next_step="단계마다 zero_grad, 손실, backward, step의 순서인지, 모멘텀과 lr을 넘겼는지 확인해 보세요.",
    )


@test_case(name="신경망마다 시드를 새로 심고, 한 신경망의 층들은 이어서 뽑습니다", points=4)
def test_identity(init_sweep):
    calls = []

    def init(w, gen):
        calls.append((tuple(w.shape), float(torch.rand(1, generator=gen))))
        with torch.no_grad():
            return w.normal_(0, 0.5, generator=gen)

    accuracies(init_sweep, {"기록": init}, [2, 1], axes(), width=4, steps=1, batch=6)
    shapes = [shape for shape, _ in calls]
    require(
        shapes == [(4, 3), (4, 4), (3, 4), (4, 3), (3, 4)],
        f"깊이 2와 1에서 init에 넘긴 모양이 {shapes}입니다.",
        "은닉층의 수가 깊이와 다르거나, 모양이 (n_out, n_in)이 아닙니다.",
        "깊이 2라면 (width, D), (width, width), (C, width)의 순서입니다.",
    )
    numbers = [value for _, value in calls]
    require(
        len(set(numbers[:3])) == 3,
        "한 신경망의 층들이 같은 난수에서 시작합니다.",
        "층마다 gen을 새로 만들거나 시드를 다시 심었습니다.",
        "gen은 신경망마다 한 번만 만드세요.",
    )
    require(
        numbers[0] == numbers[3],
        "두 번째 신경망이 처음 뽑는 난수가 첫 번째 신경망과 다릅니다.",
        "시드를 맨 앞에서 한 번만 심었습니다.",
        "신경망을 만들 때마다 gen을 새로 만드세요.",
    )
