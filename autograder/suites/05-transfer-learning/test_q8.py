"""Hidden tests of question 8: unfreeze_last(model, k) -> the model, whose last k blocks and head learn.

Each call is followed by training with a fresh optimizer in train mode. What must learn, what must stay, and the two
ends of k are a test each, on fresh models. Calling again is judged against the student's own calls on fresh models,
which must not all do the same: an error of the first three tests is not punished twice.
"""

from autograder.judge import expect, leans_on, points, require

pytestmark = leans_on("freeze", "trainable_params")


def run(student, rng, reference, ks):
    """Return a network of three blocks and the states around training after each call."""
    net = reference.network(rng)
    x, y = reference.task(rng, net, 12)
    reports = student.probe("unfreeze_and_train", net.plan, list(ks), x, y)
    for report in expect(reports).each(len(ks)):
        report.mapping(("same", "at", "after"))
    return net, reports


def split(report, reference, net, names):
    """Return those of the tensors that changed, in the network's order."""
    at, after = (
        {n: expect(report, "결과").item(key).item(n).shape(*net.state[n].shape).reals() for n in names}
        for key in ("at", "after")
    )
    return reference.changed(at, after, names)


@points(3)
def test_q8_last_blocks_and_head_learn(student, rng, reference):
    """마지막 k개 블록의 파라미터와 통계, 헤드의 파라미터가 모두 움직입니다."""
    hint = "model.blocks는 입력 쪽부터입니다. 마지막 k개를 골랐는지, 헤드는 언제나 학습되는지 확인해 보세요."
    hint_statistics = (
        "풀린 블록은 배치 정규화의 통계도 움직여야 합니다. requires_grad만 켜면 평가 모드에 머뭅니다. "
        "문제 1에서 동결한 방법을 되돌려야 할 수 있습니다."
    )
    for k in (1, 2):
        net, (report,) = run(student, rng, reference, [k])
        names = net.parameters(*reference.BLOCKS[3 - k :], "head")
        require(split(report, reference, net, names) == names, "학습되어야 할 파라미터가 멈추어 있습니다.", hint)
        names = net.statistics(*reference.BLOCKS[3 - k :])
        require(split(report, reference, net, names) == names, "풀린 블록의 통계가 멈추어 있습니다.", hint_statistics)


@points(3)
def test_q8_earlier_blocks_stay_bit_for_bit(student, rng, reference):
    """그 앞의 블록은 훈련 모드로 학습해도 파라미터와 버퍼가 비트까지 그대로입니다."""
    hint = "앞의 블록은 문제 1의 뜻으로 동결되어야 합니다. requires_grad만 끄면 배치 정규화의 통계가 움직입니다."
    for k in (1, 2):
        net, (report,) = run(student, rng, reference, [k])
        places = reference.BLOCKS[: 3 - k]
        names = net.parameters(*places) + net.statistics(*places)
        require(split(report, reference, net, names) == [], "동결되어야 할 블록이 바뀌었습니다.", hint)


@points(2)
def test_q8_both_ends_of_k(student, rng, reference):
    """k = 0이면 헤드만, k가 블록의 수보다 크거나 같으면 모두 학습됩니다."""
    net, (report,) = run(student, rng, reference, [0])
    hint = "리스트에서 blocks[-0:]은 빈 리스트가 아니라 전체입니다."
    require(split(report, reference, net, net.parameters("features")) == [], "k = 0인데 블록이 학습됩니다.", hint)
    head = net.parameters("head")
    require(split(report, reference, net, head) == head, "k = 0인데 헤드가 학습되지 않습니다.", "헤드는 늘 학습됩니다.")
    for k in (3, 5):
        net, (report,) = run(student, rng, reference, [k])
        names = net.parameters()
        hint = "k가 블록의 수보다 클 때 len(blocks) - k가 음수가 되는 것을 조심하세요."
        require(split(report, reference, net, names) == names, "k가 큰데도 동결된 블록이 있습니다.", hint)


@points(2)
def test_q8_can_be_called_again(student, rng, reference):
    """같은 모델에 다시 부르면 마지막에 부른 k만 효력이 있어, 새 모델에 부른 것과 같은 것이 움직입니다."""
    ks = (1, 3, 1)
    net, reports = run(student, rng, reference, ks)
    hint = (
        "앞의 호출이 남긴 동결을 먼저 모두 푸세요. 풀린 블록은 파라미터뿐 아니라 배치 정규화의 통계도 다시 움직여야 "
        "합니다. 문제 1에서 동결한 방법을 되돌려야 할 수 있습니다."
    )
    fresh = {k: run(student, rng, reference, [k]) for k in (1, 3)}
    alone = {k: split(report, reference, one, list(one.state)) for k, (one, (report,)) in fresh.items()}
    require(alone[1] != alone[3], "k를 바꾸어도 움직이는 것이 같습니다.", "k만큼의 블록을 푸는지 확인해 보세요.")
    for k, report in zip(ks, reports, strict=True):
        expect(report["same"], "같은 모델인지").equals(True, hint="복사본이나 None이 아니라 받은 모델을 돌려주세요.")
        moved = split(report, reference, net, list(net.state))
        require(set(moved) >= set(alone[k]), "다시 풀었는데 멈추어 있는 것이 있습니다.", hint)
        require(set(moved) <= set(alone[k]), "다시 동결했는데 움직이는 것이 있습니다.", hint)
