"""문제 3의 공개 점검: 리스트와 개수."""

from torch import nn

from course.checks import CheckError, close, require, test_case

OK_FORMAT = False
name = "q3"


def call(trainable_params, model):
    result = trainable_params(model)
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise CheckError(f"반환값은 (리스트, 개수)의 짝이어야 하는데 {type(result).__name__}입니다.")
    params, count = result
    if not isinstance(params, list | tuple):
        raise CheckError(f"첫째 값은 파라미터의 리스트여야 하는데 {type(params).__name__}입니다.", "두 값의 순서를 보세요.")
    require(all(isinstance(p, nn.Parameter) for p in params), "리스트에 파라미터가 아닌 것이 들어 있습니다.")
    return params, count


@test_case(name="배우는 파라미터만 빠짐없이 담습니다", points=3)
def test_list(trainable_params):
    model = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 2)))
    model[0].requires_grad_(False)
    params, _ = call(trainable_params, model)
    found, wanted = {id(p) for p in params}, {id(p) for p in model[1].parameters()}
    require(
        not found & {id(p) for p in model[0].parameters()},
        "requires_grad가 False인 파라미터가 리스트에 있습니다.",
        next_step="requires_grad를 보고 고르세요.",
    )
    require(
        found == wanted,
        "배우는 파라미터 가운데 리스트에 빠진 것이 있습니다.",
        "안쪽에 든 모듈이나 편향을 보지 않았을 수 있습니다.",
    )
    model.requires_grad_(False)
    params, count = call(trainable_params, model)
    require(len(params) == 0 and count == 0, "모두 꺼져 있으면 빈 리스트와 0이어야 합니다.")


@test_case(name="개수는 텐서의 수가 아니라 원소의 수입니다", points=3)
def test_count(trainable_params):
    # Linear(3, 4)는 3*4 + 4 = 16개, BatchNorm1d(4)는 4 + 4 = 8개, Linear(4, 2)는 4*2 + 2 = 10개입니다.
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    suspects = [
        (6, "텐서의 수를 세었습니다. 원소의 수를 더하세요."),
        (43, "버퍼까지 세었습니다."),
        (28, "편향과 배치 정규화를 빼고 세었을 수 있습니다."),
    ]
    close(call(trainable_params, model)[1], 34, "모두 배울 때의 개수", suspects=suspects)
    model[0].requires_grad_(False)
    suspects = [(34, "동결한 파라미터까지 세었습니다."), (4, "텐서의 수를 세었습니다. 원소의 수를 더하세요.")]
    close(call(trainable_params, model)[1], 18, "첫 층을 동결했을 때의 개수", suspects=suspects)
    shared = nn.Linear(3, 3)
    twice = call(trainable_params, nn.Sequential(shared, shared))[1]
    close(twice, 12, "한 층을 두 번 쓸 때의 개수", suspects=[(24, "함께 쓰는 파라미터를 두 번 세었습니다.")])
