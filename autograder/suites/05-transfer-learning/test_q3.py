"""Hidden tests of question 3: trainable_params(model) -> (parameters that train, how many numbers they hold).

The flags are set by the probe, so question 1 plays no part. The count is judged against the student's own list, whose
entries the first test judges by name.
"""

import torch

from autograder.judge import expect, points, require

REPORT = ("names", "count", "learning")
HINT = "리스트와 개수를 이 순서로, 두 개 돌려주어야 합니다."


def some_fixed(rng, net):
    """Return names of some parameters to switch off; some weights and some biases stay on."""
    names = net.parameters()
    while True:
        fixed = [str(name) for name in rng.choice(names, size=int(rng.integers(2, len(names) - 2)), replace=False)]
        if {name.rpartition(".")[2] for name in names if name not in fixed} == {"weight", "bias"}:
            return fixed


def held(report, sizes):
    """Return how many numbers the parameters hold that are listed by name."""
    return sum(sizes.get(name.text(), 0) for name in expect(report["names"], "리스트").each())


@points(2)
def test_q3_lists_exactly_the_trainable_parameters(student, rng, reference):
    """requires_grad가 True인 파라미터를 빠짐없이, 그것만 담습니다."""
    hint = "requires_grad가 True인 것만 골랐는지, 모델 안쪽의 모듈과 편향까지 담았는지 확인해 보세요."
    for norm in (True, False):
        net = reference.network(rng, norm=norm)
        for fixed in (some_fixed(rng, net), []):
            report = student.probe("trainable", net.plan, fixed)
            names = expect(report, "결과").item("names", hint=HINT).sequence(hint=HINT)
            wanted = {name for name in net.parameters() if name not in fixed}
            got = {name for name in report["names"] if type(name) is str}
            require(got <= wanted, "리스트에 들어 있으면 안 되는 것이 있습니다.", hint)
            require(got >= wanted, "리스트에 빠진 파라미터가 있습니다.", hint)
            names.sequence(len(wanted), hint=hint)


@points(2)
def test_q3_counts_numbers_not_tensors(student, rng, reference):
    """개수는 리스트에 든 텐서의 원소를 모두 센 값입니다."""
    hint = "텐서의 수가 아니라 원소의 수를 더합니다. 버퍼나 동결한 파라미터를 세지 않았는지 확인해 보세요."
    for norm in (True, False):
        net = reference.network(rng, norm=norm)
        report = student.probe("trainable", net.plan, some_fixed(rng, net))
        expect(report).mapping(REPORT)
        own = held(report, {name: net.state[name].numel() for name in net.parameters()})
        require(own > 0, "배우는 파라미터의 리스트가 비어 있습니다.", HINT)
        expect(expect(report["count"], "개수").integer(hint=hint), "개수").equals(own, hint=hint)


@points(1)
def test_q3_shared_parameters_count_once(student, rng):
    """두 곳에서 함께 쓰는 파라미터는 한 번만 셉니다."""
    width = int(rng.integers(3, 7))
    report = student.probe("trainable_shared", width)
    expect(report).mapping(REPORT)
    hint = "같은 텐서를 두 번 담으면 옵티마이저도 두 번 받습니다. model.parameters()는 중복을 알아서 뺍니다."
    sizes = {"0.weight": width * width, "0.bias": width, "3.weight": 2 * width, "3.bias": 2}
    expect(held(report, sizes), "리스트의 원소 수").equals(sum(sizes.values()), hint=hint)
    expect(report["names"], "리스트").sequence(4, hint=hint)


@points(1)
def test_q3_nothing_trainable_gives_an_empty_list(student, rng, reference):
    """모두 동결되어 있으면 빈 리스트와 0을 돌려주고, requires_grad를 바꾸지 않습니다."""
    net = reference.network(rng)
    report = student.probe("trainable", net.plan, net.parameters())
    expect(report).mapping(REPORT)
    expect(report["names"], "리스트").sequence(0, hint="배우는 파라미터가 없으면 빈 리스트입니다.")
    expect(report["count"], "개수").close_to(torch.tensor(0.0), atol=0, hint="배우는 파라미터가 없으면 개수는 0입니다.")
    hint = "이 함수는 고르기만 합니다. requires_grad를 바꾸지 않았는지 확인해 보세요."
    expect(report["learning"], "requires_grad가 켜진 파라미터").equals([], hint=hint)
