"""Hidden tests of question 3: trainable_params(model) -> (parameters that train, how many numbers they hold).

The flags are set by the probe, so question 1 plays no part. The count is judged by itself, not against the student's
own list: a wrong list with its own sum earns nothing, a right count beside a wrong list keeps its points.
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
    """개수는 배우는 파라미터의 원소를 모두 센 값입니다."""
    hint = (
        "텐서의 수가 아니라 원소의 수를 더합니다. 버퍼나 동결한 파라미터를 세거나, 편향이나 안쪽 모듈을 빠뜨리지 "
        "않았는지 확인해 보세요."
    )
    for norm in (True, False):
        net = reference.network(rng, norm=norm)
        fixed = some_fixed(rng, net)
        report = student.probe("trainable", net.plan, fixed)
        expect(report).mapping(REPORT)
        wanted = sum(net.state[name].numel() for name in net.parameters() if name not in fixed)
        expect(expect(report["count"], "개수").integer(hint=hint), "개수").equals(wanted, hint=hint)


@points(1)
def test_q3_shared_parameters_count_once(student, rng):
    """두 곳에서 함께 쓰는 파라미터는 한 번만 셉니다."""
    width = int(rng.integers(3, 7))
    report = student.probe("trainable_shared", width)
    expect(report).mapping(REPORT)
    hint = "같은 텐서를 두 번 담으면 옵티마이저도 두 번 받습니다. model.parameters()는 중복을 알아서 뺍니다."
    sizes = {"0.weight": width * width, "0.bias": width, "3.weight": 2 * width, "3.bias": 2}
    names = [name.text() for name in expect(report["names"], "리스트").each()]
    require("0.weight" in names, "함께 쓰는 층의 가중치가 리스트에 없습니다.", "안쪽 모듈의 파라미터까지 담으세요.")
    require(len(set(names)) == len(names), "같은 파라미터가 리스트에 두 번 들어 있습니다.", hint)
    held = sum(sizes.get(name, 0) for name in names)
    count = expect(report["count"], "개수").integer()
    either = (held, len(names))  # who counts tensors pays in the test before
    require(count in either, "개수가 리스트에 든 원소의 수와 다릅니다.", hint)


@points(1)
def test_q3_nothing_trainable_gives_an_empty_list(student, rng, reference):
    """모두 동결되어 있으면 빈 리스트와 0을 돌려주고, requires_grad를 바꾸지 않습니다."""
    net = reference.network(rng, norm=False)  # buffers that are counted cost the test of the count
    report = student.probe("trainable", net.plan, net.parameters())
    expect(report).mapping(REPORT)
    expect(report["names"], "리스트").sequence(0, hint="배우는 파라미터가 없으면 빈 리스트입니다.")
    expect(report["count"], "개수").close_to(torch.tensor(0.0), atol=0, hint="배우는 파라미터가 없으면 개수는 0입니다.")
    hint = "이 함수는 고르기만 합니다. requires_grad를 바꾸지 않았는지 확인해 보세요."
    expect(report["learning"], "requires_grad가 켜진 파라미터").equals([], hint=hint)
