"""Hidden tests of question 4: extract_features(backbone, X, bs) -> (N, F).

The test of rows and their order asks the whole of the plain call: a model with BatchNorm and dropout in train mode,
batches of many sizes. Beside it, what the values are is judged on a model handed over in evaluation mode, in one batch,
and what train mode does to them against the student's own answer in evaluation mode; both whatever the order.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 1e-7}


def extract(student, net, x, sizes, **options):
    """Return the probe's report on extract_features."""
    report = student.probe("extract", net.plan, x, sizes, **options)
    expect(report).mapping(("answers", "rows", "state", "before", "after"))
    expect(report["answers"], "특성").sequence(len(sizes))
    return report


def answer(report, index, n):
    """Return one answer as a finite tensor of N rows that is not all zero; its columns are the first test's affair."""
    hint = "표본마다 한 줄, 모두 (N, F)인 텐서를 돌려주세요."
    found = expect(report["answers"][index], "특성").finite(hint=hint).reals()
    require(found.dim() > 1 and len(found) == n, "특성의 줄 수가 표본의 수와 다릅니다.", hint)
    require(bool((found != 0).any()), "특성이 모두 0입니다.", hint)
    return found


def in_order(rows):
    """Return the rows of an answer (N, ...) in an order that does not depend on the one they came in."""
    flat = rows.flatten(1).double()
    key = torch.cos(torch.arange(1, flat.shape[1] + 1, dtype=flat.dtype))
    return rows[(flat @ key).argsort()]


@points(2)
def test_q4_features_are_what_the_head_sees(student, rng, reference):
    """특성은 헤드에 들어가는 값입니다: ReLU를 지나고 펼친 뒤, 헤드를 지나기 전입니다."""
    hint = (
        "헤드에 들어가는 값은 backbone.features의 출력입니다. 로짓을 돌려주거나, 블록을 하나씩 부르다 "
        "펼치기나 활성화 함수를 빠뜨리지 않았는지 확인해 보세요."
    )
    for norm in (True, False):
        net = reference.network(rng, norm=norm)
        n = int(rng.integers(8, 12))
        x = reference.pictures(rng, net, n)
        report = extract(student, net, x, [n])
        found = expect(report["answers"][0], "특성").shape(n, net.num_features, hint=hint).finite(hint=hint)
        expected = in_order(reference.features(net, x))
        expect(in_order(found.reals()), "특성").close_to(expected, **CLOSE, hint=hint)


@points(5)
def test_q4_keeps_every_row_in_order(student, rng, reference):
    """훈련 모드의 백본에서도, 배치의 크기가 얼마이든 N개의 표본의 특성을 빠짐없이, 순서대로 담습니다."""
    net = reference.network(rng, dropout=0.5)
    n = int(rng.integers(3, 5)) * 3 + 2  # no batch of one row, at which BatchNorm raises in train mode
    x = reference.pictures(rng, net, n)
    report = extract(student, net, x, [3, 4, n + 5, n - 2, n], mode="train")
    expected = reference.features(net, x)
    for index in range(5):
        found = answer(report, index, n)
        values = "특성이 평가 모드에서 헤드에 들어가는 값과 다릅니다."
        require(found.shape == expected.shape, values, "헤드에 들어가는 값은 backbone.features의 출력입니다.")
        right = torch.isclose(in_order(found), in_order(expected), **CLOSE)
        hint = "backbone.eval()을 부른 뒤 backbone.features의 출력을 담았는지 확인해 보세요."
        require(bool(right.all()), values, hint)
        expect(found, "특성").close_to(expected, **CLOSE, hint="표본의 순서를 섞지 않았는지 확인해 보세요.")


@points(1.5)
def test_q4_runs_at_most_bs_rows_at_once(student, rng, reference):
    """순전파 한 번에 많아야 bs개를 넣습니다."""
    net = reference.network(rng)
    n = 12
    x = reference.pictures(rng, net, n)
    sizes = [1, 2, 4, 12]
    report = extract(student, net, x, sizes)
    hint = "X를 bs개씩 나누어 backbone.features에 넣으세요. bs는 배치의 수가 아니라 배치의 크기입니다."
    for index, size in enumerate(sizes):
        answer(report, index, n)
        rows = expect(report["rows"], "순전파마다의 표본 수").item(index).sequence(hint=hint)
        counts = [count.integer() for count in rows.each()]
        require(bool(counts) and max(counts) <= size, "한 번에 bs개보다 많은 표본을 넣었습니다.", hint)


@points(2)
def test_q4_runs_in_evaluation_mode(student, rng, reference):
    """훈련 모드로 받은 백본에서도 드롭아웃은 꺼지고, 배치 정규화는 저장된 통계를 쓰며 바꾸지 않습니다."""
    net = reference.network(rng, dropout=0.5)
    x = reference.pictures(rng, net, 10)
    calm, stirred = (extract(student, net, x, [5], mode=mode) for mode in ("eval", "train"))
    hint = "특성을 뽑는 동안에는 backbone.eval()이어야 합니다. no_grad만으로는 드롭아웃이 꺼지지 않습니다."
    expected, found = (in_order(answer(report, 0, len(x))) for report in (calm, stirred))
    expect(found, "특성").close_to(expected, **CLOSE, hint=hint)
    for name, tensor in net.state.items():
        expect(stirred["state"], "부른 뒤의 상태").item(name).equals(tensor, hint=hint)


@points(2)
def test_q4_puts_every_mode_back(student, rng, reference):
    """모듈마다 훈련/평가 모드를 부르기 전으로 되돌립니다."""
    net = reference.network(rng)
    x = reference.pictures(rng, net, 8)
    hint = (
        "부르기 전의 모드를 적어 두었다가 되돌리세요. 맨 바깥의 모드만 되돌리면, 안쪽에 따로 평가 모드로 둔 "
        "모듈까지 훈련 모드가 됩니다."
    )
    for mode in ("eval", "train", "mixed"):
        report = extract(student, net, x, [4], mode=mode)
        answer(report, 0, len(x))
        before = expect(report["before"], "부르기 전의 모드").sequence()
        states = [value.truth() for value in before.each()]
        expect(report["after"], "부른 뒤의 모드").item(0).equals(states, hint=hint)


@points(1.5)
def test_q4_no_graph_hangs_on_the_features(student, rng, reference):
    """계산 그래프가 달려 있지 않으면서, 그것으로 헤드를 학습할 수 있는 텐서입니다."""
    net = reference.network(rng)
    x, y = reference.task(rng, net, 8)
    report = student.probe("extract_and_learn", net.plan, x, y, 4)
    expect(report).mapping(("tracked", "before", "after", "grads"))
    hint = "torch.no_grad() 안에서 계산하세요. inference_mode에서 만든 텐서는 나중에 학습에 쓸 수 없습니다."
    expect(report["tracked"], "특성의 requires_grad").equals(False, hint=hint)
    before, after = (expect(report[key], "헤드의 가중치").finite().reals() for key in ("before", "after"))
    require(before.shape == after.shape and bool((before != after).any()), "헤드가 학습되지 않습니다.", hint)
    grads = [grad.truth() for grad in expect(report["grads"], "백본의 .grad").each()]
    require(bool(grads) and not any(grads), "백본에 기울기가 흘러갑니다.", hint)
