"""Hidden tests of question 1: freeze(module) -> module.

Judged by what training leaves unchanged, bit for bit, never by flags. Parameters, an earlier optimizer, running
statistics, the function computed in train mode and what lies outside the module are five tests: a network without
BatchNorm and dropout where parameters are judged, a fresh or an earlier optimizer, no training at all where only the
statistics are judged. A block in the middle is frozen, too: what stands in front of it must go on learning.
"""

from autograder.judge import expect, points, require

REPORT = ("same", "at", "after")


def frozen(report, net, names, hint):
    """Require that these tensors did not change between freezing and the end."""
    at, after = report["at"], report["after"]
    for name in names:
        expected = expect(at, "동결한 직후").item(name).shape(*net.state[name].shape).tensor()
        expect(after, "학습한 뒤").item(name).equals(expected, hint=hint)


def learns(report, reference, names, symptom):
    """Require that each of these tensors did change."""
    at, after = ({n: expect(report[key], key).item(n).reals() for n in names} for key in ("at", "after"))
    hint = (
        "동결은 넘겨받은 모듈의 안쪽에만 일어나야 합니다. 바깥의 파라미터나 버퍼까지 멈추지 않았는지, "
        "가운데 블록을 동결해도 기울기가 앞쪽 블록까지 지나가는지 확인해 보세요."
    )
    require(reference.changed(at, after, names) == list(names), symptom, hint)


@points(2)
def test_q1_parameters_stay_bit_for_bit(student, rng, reference):
    """동결한 뒤에는 모델 전체를 학습해도 파라미터가 비트까지 그대로입니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 12)
    hint = (
        "eval()은 파라미터를 멈추지 않습니다. "
        "파라미터가 갱신되지 않게 했는지, 복사본을 동결하지 않았는지 확인해 보세요."
    )
    for part in ("features", "features.second"):
        report = student.probe("freeze_and_train", net.plan, part, x, y)
        expect(report).mapping(REPORT)
        place = part.removeprefix("features.")
        frozen(report, net, net.parameters(place), hint)
        learns(report, reference, net.parameters("head"), "동결했더니 헤드도 학습되지 않습니다.")


@points(3)
def test_q1_an_earlier_optimizer_moves_nothing(student, rng, reference):
    """동결하기 전부터 쓰던 옵티마이저의 모멘텀과 가중치 감쇠도 파라미터를 움직이지 못합니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 12)
    hint = (
        "옵티마이저는 .grad가 None이 아닌 파라미터를 모두 갱신합니다. "
        "기울기가 0이어도 모멘텀과 가중치 감쇠는 남습니다. "
        "동결할 때 .grad를 어떻게 해 두어야 할지 생각해 보세요."
    )
    for options in ({"weight_decay": 0.1}, {"momentum": 0.9}):
        report = student.probe("freeze_and_train", net.plan, "features", x, y, before=2, options=options)
        expect(report).mapping(REPORT)
        frozen(report, net, net.parameters("features"), hint)
        learns(report, reference, net.parameters("head"), "동결했더니 헤드도 학습되지 않습니다.")


@points(3)
def test_q1_running_statistics_survive_train(student, rng, reference):
    """train()을 부르고 순전파를 해도 배치 정규화의 통계(버퍼)가 비트까지 그대로입니다."""
    net = reference.network(rng)
    hint = (
        "train()은 모델 안의 모든 모듈에 다시 전해집니다. 동결한 모듈은 그 뒤에도 훈련 모드로 계산하지 않아야 합니다. "
        "num_batches_tracked도 버퍼입니다."
    )
    for part in ("features", "features.second"):
        report = student.probe("freeze_and_forward", net.plan, part, reference.pictures(rng, net, 9))
        expect(report).mapping(("at", "after", "outputs"))
        frozen(report, net, net.statistics(part.removeprefix("features.")), hint)


@points(3)
def test_q1_computes_the_same_in_train_mode(student, rng, reference):
    """동결한 모듈은 train()을 부른 뒤에도 평가 모드와 같은 값을 냅니다."""
    hints = {
        True: "배치의 통계가 아니라 저장된 통계로 정규화해야 합니다. 동결한 모듈이 훈련 모드로 돌아가지 않았나요?",
        False: "동결한 모듈 안의 드롭아웃이 꺼져 있어야 합니다. 동결한 모듈이 훈련 모드로 돌아가지 않았나요?",
    }
    for norm, hint in hints.items():
        net = reference.network(rng, norm=norm, dropout=0.0 if norm else 0.5)
        x = reference.pictures(rng, net, 11)
        report = student.probe("freeze_and_forward", net.plan, "features", x)
        outputs = expect(report, "결과").item("outputs").sequence(3)
        for index in range(3):
            outputs.item(index).close_to(reference.features(net, x), rtol=1e-5, atol=1e-7, hint=hint)


@points(3)
def test_q1_leaves_the_rest_alone_and_returns_the_module(student, rng, reference):
    """넘겨받은 모듈만 동결하고 그 모듈 자신을 돌려주며, 앞뒤에 있는 나머지는 통계까지 그대로 학습됩니다."""
    for part in ("first", "second"):
        net = reference.network(rng)
        x, y = reference.task(rng, net, 12)
        report = student.probe("freeze_and_train", net.plan, f"features.{part}", x, y)
        expect(report).mapping(REPORT)
        expect(report["same"], "같은 모듈인지").equals(True, hint="복사본이나 None이 아니라 받은 모듈을 돌려주세요.")
        others = [block for block in reference.BLOCKS if block != part]
        rest = net.parameters(*others, "head") + net.statistics(*others)
        learns(report, reference, rest, "동결하지 않은 곳까지 멈추었습니다.")
