"""Hidden tests of question 5: train_head(model, x, y, steps, lr) -> losses; only the head learns.

What must not move is judged bit for bit on a network with BatchNorm and dropout, handed over in train mode; the other
tests hand over a network without either, in evaluation mode, so that a backbone that moves costs the first test and
the comparison with Adam, and no other. That the head learns is judged by any optimizer's measure.
"""

from dataclasses import replace

from autograder.judge import expect, leans_on, points, require

pytestmark = leans_on("freeze", "trainable_params", "extract_features")

CLOSE = {"rtol": 1e-5, "atol": 1e-7}


def plain(rng, reference, n=20):
    """Return a network without BatchNorm and dropout, and a task that a head can learn on its features."""
    net = reference.network(rng, norm=False)
    return net, *reference.task(rng, net, n)


def train(student, net, x, y, training=False, **options):
    """Return the probe's report on train_head."""
    report = student.probe("head_training", net.plan, x, y, options, training=training)
    expect(report).mapping(("losses", "after"))
    return report


def head(report, net):
    """Return the head's two tensors after training."""
    after = expect(report["after"], "학습한 뒤")
    return {n: after.item(n).shape(*net.state[n].shape).finite().reals() for n in ("head.weight", "head.bias")}


def before_and_after(student, net, x, y, given, stated):
    """Return the states after training with `given`, and with `stated` beside it, both from one seed.

    With no step in `given` the first is where the training starts, a head made anew included: that costs the losses and
    the comparison with Adam, and no other test.
    """
    pair = expect(student.probe("head_left_out_and_stated", net.plan, x, y, given, stated)).unpack(2)
    return [
        {n: state.item(n).shape(*net.state[n].shape).finite().reals() for n in net.parameters()}
        for state in (expect(one, "학습한 뒤") for one in pair)
    ]


def count_of(report):
    """Return how many losses came back, or -1 where they are no sequence: another test judges that."""
    losses = report["losses"]
    return len(losses) if type(losses) in (list, tuple) else -1


def moving(weight, net):
    """Require that the head's weight is another one than before training."""
    moved = bool((weight != net.state["head.weight"]).any())
    require(moved, "헤드가 학습되지 않습니다.", "헤드의 파라미터를 옵티마이저에 넘겼는지 확인해 보세요.")


@points(1)
def test_q5_backbone_stays_bit_for_bit(student, rng, reference):
    """특성 부분의 파라미터와 버퍼가 비트까지 그대로입니다."""
    net = reference.network(rng, dropout=0.3)
    x, y = reference.task(rng, net, 18)
    hint = (
        "헤드만 옵티마이저에 넘기거나 특성 부분을 동결하세요. 특성을 훈련 모드에서 계산하면 파라미터가 그대로여도 "
        "배치 정규화의 통계가 움직입니다."
    )
    for training in (True, False):
        report = train(student, net, x, y, training=training, steps=4, lr=0.05)
        for name in net.parameters("features") + net.statistics("features"):
            expect(report["after"], "학습한 뒤").item(name).equals(net.state[name], hint=hint)
        require(
            bool((head(report, net)["head.weight"] != net.state["head.weight"]).any()),
            "헤드가 학습되지 않습니다.",
            "헤드까지 동결하지 않았는지 확인해 보세요.",
        )


@points(1)
def test_q5_head_learns(student, rng, reference):
    """헤드의 가중치와 편향이 모두 학습되어 손실이 줄어듭니다."""
    net, x, y = plain(rng, reference)
    hint = "헤드의 파라미터를 옵티마이저에 넘겼는지, 손실을 줄이는 방향으로 갱신하는지 확인해 보세요."
    start, end = before_and_after(student, net, x, y, {"steps": 0, "lr": 0.02}, {"steps": 4})
    for name in ("head.weight", "head.bias"):
        moved = bool((start[name] != end[name]).any())
        require(moved, "헤드의 파라미터 가운데 학습되지 않는 것이 있습니다.", hint)
    first, last = (reference.loss_of(reference.logits(replace(net, state=one), x), y) for one in (start, end))
    require(bool(last < first), "학습한 뒤에도 손실이 줄지 않습니다.", hint)


@points(3)
def test_q5_losses_before_each_step(student, rng, reference):
    """단계마다 갱신하기 전의 손실을 하나씩 돌려줍니다."""
    net, x, y = plain(rng, reference)
    steps = int(rng.integers(3, 7))
    report = train(student, net, x, y, steps=steps, lr=0.02)
    hint = "단계마다 loss.item()을 리스트에 담아 모두 steps개를 돌려주세요."
    losses = expect(report["losses"], "손실").sequence(steps, hint=hint)
    values = [losses.item(index).finite(hint=hint).real() for index in range(steps)]
    first = float(reference.loss_of(reference.logits(net, x), y))
    hint = "첫 손실은 처음 받은 헤드의, 평가 모드 특성에 대한 교차 엔트로피의 평균입니다."
    expect(values[0], "첫 손실").close_to(first, rtol=1e-5, hint=hint)
    require(
        len(set(values)) > 1, "단계마다의 손실이 모두 같습니다.", "갱신하고 나서 손실을 다시 계산하는지 확인해 보세요."
    )


@points(4)
def test_q5_head_equals_that_of_adam_on_fixed_features(student, rng, reference):
    """결과가 고정된 특성 전체를 한 배치로 하여 기본 학습률의 Adam으로 학습한 헤드와 같습니다."""
    hint = (
        "단계마다 데이터 전체를 쓰는지, zero_grad를 부르는지, 학습률이 lr인 Adam인지, "
        "특성을 평가 모드에서 계산하는지(드롭아웃) 확인해 보세요."
    )
    for dropout in (0.0, 0.4):
        net = reference.network(rng, dropout=dropout)
        x, y = reference.task(rng, net, 14)
        _, expected = reference.head_training(net, x, y, 6, 0.01)  # the default: a rate written in costs the next test
        found = head(train(student, net, x, y, training=dropout > 0, steps=6), net)
        for name, tensor in found.items():
            expect(tensor, name).close_to(expected[name], **CLOSE, hint=hint)


@points(2)
def test_q5_steps_and_rate_are_used(student, rng, reference):
    """steps와 lr 인자의 값을 실제로 쓰고, 기본값이 문제와 같습니다."""
    net, x, y = plain(rng, reference)
    hint = "인자로 받은 값을 썼는지 확인해 보세요."
    counts = [count_of(train(student, net, x, y, steps=steps, lr=lr)) for steps, lr in ((0, 0.05), (3, 0.0))]
    start, end = before_and_after(student, net, x, y, {"steps": 0, "lr": 0.05}, {"steps": 3})
    moved = bool((start["head.weight"] != end["head.weight"]).any())
    require(moved, "steps가 0일 때와 3일 때의 헤드가 같습니다.", hint)
    start, still = before_and_after(student, net, x, y, {"steps": 0, "lr": 0.05}, {"steps": 3, "lr": 0.0})
    for key in ("head.weight", "head.bias"):
        expect(still[key], "steps나 lr를 0으로 했을 때의 헤드").equals(start[key], hint=hint)
    hint = "기본값이 문제에 적힌 값과 같은지 확인해 보세요."
    pairs = [({"steps": 3}, {"lr": 0.01})]
    if counts == [0, 3]:  # one loss a step: they tell the default at half the price of two trainings
        report = train(student, net, x, y, lr=0.001)
        moving(head(report, net)["head.weight"], net)
        expect(count_of(report), "steps를 적지 않았을 때의 손실 개수").equals(150, hint=hint)
    else:
        pairs.append(({"lr": 0.001}, {"steps": 150}))
    for given, stated in pairs:
        pair = student.probe("head_left_out_and_stated", net.plan, x, y, given, stated)
        left_out, chosen = expect(pair).unpack(2)
        wanted = expect(chosen, "기본값을 적었을 때").item("head.weight")
        expected = wanted.shape(*net.state["head.weight"].shape).finite().reals()
        moving(expected, net)
        expect(left_out, "기본값일 때").item("head.weight").close_to(expected, rtol=1e-7, atol=1e-9, hint=hint)
