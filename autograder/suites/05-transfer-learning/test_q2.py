"""Hidden tests of question 2: replace_head(model, n) -> an independent model with a new head of n outputs.

The first test asks the whole of the plain call, on a network without buffers; each other one looks at one property of
what came back: the number of scores and their type, the features with their buffers, the head, the independence. A head
of zeros is as good as a random one.
"""

import torch

from autograder.judge import error_rate, expect, points, require


def call(student, rng, reference, n=None, **options):
    """Return the network, its inputs and the probe's report on replace_head."""
    net = reference.network(rng)
    x, y = reference.task(rng, net, 10)
    return net, x, student.probe("replace", net.plan, n or net.classes, x, y, **options)


def state(report, key, names):
    """Return these tensors of one of the reported states."""
    return {name: expect(report, "결과").item(key).item(name).reals() for name in names}


@points(2)
def test_q2_gives_a_new_model_of_n_classes_beside_the_old_one(student, rng, reference):
    """새 모델은 사전 훈련한 특성에 새 헤드를 적용한 로짓 n개를 내고, 학습한 뒤에도 원래 모델은 그대로입니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 10)
    n = net.classes + int(rng.integers(1, 4))
    report = expect(student.probe("replace", net.plan, n, x, y), "결과")
    hint = "새 헤드는 n개를 냅니다. 클래스의 수를 정해 두지 않았나요?"
    scores = report.item("logits").shape(len(x), n, hint=hint).finite().reals()
    hint = "특성은 원래 모델의 것과 같아야 합니다. 사전 훈련한 특성을 새로 초기화하지 않았나요?"
    report.item("features").close_to(reference.features(net, x), rtol=1e-5, atol=1e-7, hint=hint)
    hint = "돌려주는 모델은 model(x) == model.head(model.features(x))를 지켜야 합니다."
    report.item("composed").close_to(scores, rtol=1e-9, atol=1e-12, hint=hint)
    hint = "새 모델을 만들거나 학습했더니 원래 모델이 바뀌었습니다. 두 모델이 텐서를 함께 쓰지 않는지 확인해 보세요."
    for key in ("old", "old_then"):
        for name, tensor in net.state.items():
            report.item(key).item(name).equals(tensor, hint=hint)


@points(1)
def test_q2_new_head_has_n_outputs(student, rng, reference):
    """새 모델은 표본마다 n개의 로짓을 내며, 로짓은 헤드를 특성에 적용한 값입니다."""
    hint = (
        "새 헤드는 특성 F개를 받아 n개를 내는, 원래 모델과 같은 dtype의 선형 층입니다. "
        "클래스의 수를 정해 두거나 하나 어긋나지 않았나요?"
    )
    for n in (2, int(rng.integers(6, 12)), 1):
        _, x, report = call(student, rng, reference, n, cast=False)
        scores = expect(report, "결과").item("logits").shape(len(x), n, hint=hint).finite().reals()
        hint_whole = "돌려주는 모델은 model(x) == model.head(model.features(x))를 지켜야 합니다."
        expect(report, "결과").item("composed").close_to(scores, rtol=1e-9, atol=1e-12, hint=hint_whole)


@points(2)
def test_q2_keeps_the_pretrained_features(student, rng, reference):
    """특성 부분의 파라미터와 버퍼는 사전 훈련한 값 그대로입니다."""
    net, x, report = call(student, rng, reference, 5)
    hint = "특성 부분을 새로 만들면 사전 훈련한 가중치가 사라집니다. 가중치와 배치 정규화의 버퍼를 모두 이어받았나요?"
    for name in net.parameters("features") + net.statistics("features"):
        expect(report, "결과").item("new").item(name).equals(net.state[name], hint=hint)
    expect(report["features"], "특성").close_to(reference.features(net, x), rtol=1e-5, atol=1e-7, hint=hint)


@error_rate(1e-12)
@points(1)
def test_q2_new_head_is_new_and_learns(student, rng, reference):
    """헤드는 클래스의 수가 같아도 새것이며, 받은 모델이 통째로 동결되어 있었어도 새 헤드는 학습됩니다."""
    net, _, report = call(student, rng, reference, frozen=True)
    old = net.state["head.weight"]
    before, after = state(report, "new", ["head.weight"]), state(report, "new_trained", ["head.weight"])
    require(
        not torch.equal(before["head.weight"], old),
        "새 헤드의 가중치가 옛 헤드와 같습니다.",
        "n이 원래 클래스의 수와 같을 때에도 헤드를 새로 만들어야 합니다.",
    )
    require(
        not torch.equal(before["head.weight"], after["head.weight"]),
        "새 헤드가 학습되지 않습니다.",
        "새로 만든 선형 층의 파라미터가 requires_grad=True인지 확인해 보세요.",
    )


@points(2)
def test_q2_leaves_the_original_alone(student, rng, reference):
    """원래 모델은 바뀌지 않고, 새 모델을 학습해도 그대로입니다."""
    net, x, report = call(student, rng, reference, 6)
    hint = (
        "model.head에 바로 대입하면 원래 모델이 바뀝니다. copy.copy는 안쪽의 모듈을 함께 씁니다. "
        "안쪽까지 복사하는 방법을 찾아보세요."
    )
    expected = reference.logits(net, x)
    expect(report, "결과").item("old_logits").close_to(expected, rtol=1e-5, atol=1e-7, hint=hint)
    for key in ("old", "old_then"):
        for name, tensor in net.state.items():
            expect(report, "결과").item(key).item(name).equals(tensor, hint=hint)
