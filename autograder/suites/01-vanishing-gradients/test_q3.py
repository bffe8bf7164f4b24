"""Hidden tests of question 3: backward(zs, hs, Ws, act, y) -> deltas.

zs and hs come from the reference, so question 2 plays no part. The output layer is judged up to a positive factor,
each step from one layer to the next against the student's own later delta, and the mean by doubling the batch: a slip
costs the test of its own step, and the comparison with autograd.
"""

import torch

from autograder.judge import expect, leans_on, points, require
from autograder.korean import particle

pytestmark = leans_on("act_and_grad")

CLOSE = {"rtol": 1e-5, "atol": 1e-8}


def run(student, reference, net):
    """Return the student's deltas for this network and batch, not yet looked at."""
    zs, hs = reference.forward(net.x, net.Ws, net.bs, net.act)
    return student.backward(zs, hs, net.Ws, net.act, net.y)


def in_order(deltas, net):
    """Return the deltas input side first, also where the student has them the other way round: two tests judge that."""
    if isinstance(deltas, list | tuple) and len(deltas) == net.depth and isinstance(deltas[0], torch.Tensor):
        first, last = ((net.x.shape[0], net.Ws[layer].shape[0]) for layer in (0, -1))
        if tuple(deltas[0].shape) == last != first:
            return list(reversed(deltas))
    return deltas


def take(deltas, net, layer, hint=None):
    """Return deltas[layer] as a finite tensor (N, n_layer) that is not all zero."""
    rows, columns = net.x.shape[0], net.Ws[layer].shape[0]
    value = expect(deltas, "deltas").item(layer).shape(rows, columns, hint=hint).finite(hint=hint).reals()
    require(bool((value != 0).any()), f"`deltas[{layer}]`{particle(str(layer), '이/가')} 모두 0입니다.", hint)
    return value


@points(1)
def test_q3_one_delta_per_layer_in_forward_order(student, rng, reference):
    """층마다 (N, n_l) 모양의 델타를 앞 층부터 순서대로 돌려줍니다."""
    net = reference.network(rng, 4, "tanh")
    deltas = run(student, reference, net)
    expect(deltas, "deltas").sequence(net.depth, hint="가중치가 있는 층마다 하나씩, 모두 L개를 돌려주어야 합니다.")
    hint = "deltas[0]이 입력 쪽 첫 층입니다. 뒤에서부터 구했다면 순서를 뒤집어 돌려주세요."
    for layer, W in enumerate(net.Ws):
        expect(deltas, "deltas").item(layer).shape(net.x.shape[0], W.shape[0], hint=hint)


@points(2)
def test_q3_output_delta_is_softmax_minus_one_hot(student, rng, reference):
    """출력층의 델타가 로짓에 대한 손실의 기울기에 비례합니다."""
    net = reference.network(rng, 1, scale=2.5)
    value = take(run(student, reference, net), net, 0)
    expected = reference.gradients(net.x, net.Ws, net.bs, net.act, net.y)[0][0]
    hint = (
        "-log p를 로짓마다 미분한 식을 다시 유도해 보세요. "
        "정답인 로짓과 나머지 로짓의 부호, 소프트맥스를 구한 축과 횟수를 확인해 보세요."
    )
    expect(value / value.norm(), "deltas[L-1]").close_to(expected / expected.norm(), rtol=1e-5, atol=1e-6, hint=hint)


@points(2)
def test_q3_delta_goes_back_through_the_weights(student, rng, reference):
    """델타는 다음 층의 가중치를 거쳐 뒤로 전해집니다."""
    net = reference.positive_network(rng, 4)
    deltas = in_order(run(student, reference, net), net)
    hint = (
        "유닛 하나는 다음 층의 모든 유닛을 거쳐 손실에 영향을 줍니다. "
        "그 영향을 빠짐없이 더했는지, 층 번호가 하나 어긋나지 않았는지 확인해 보세요."
    )
    for layer in range(net.depth - 1):
        later = take(deltas, net, layer + 1, hint)
        take(deltas, net, layer, hint)
        expect(deltas, "deltas").item(layer).close_to(later @ net.Ws[layer + 1], **CLOSE, own=True, hint=hint)


@points(2)
def test_q3_hidden_deltas_use_the_activation_derivative(student, rng, reference):
    """은닉층의 델타에 그 층의 활성화 함수가 반영됩니다."""
    for act in reference.ACTIVATIONS:
        net = reference.network(rng, 3, act)
        zs, _ = reference.forward(net.x, net.Ws, net.bs, act)
        deltas = in_order(run(student, reference, net), net)
        hint = (
            "활성화 함수의 도함수를 원소마다 썼는지, 활성값 h가 아니라 z에서 구했는지, 층 번호가 맞는지 확인해 보세요."
        )
        for layer in range(net.depth - 1):
            later = take(deltas, net, layer + 1, hint)
            expected = (later @ net.Ws[layer + 1]) * reference.activation(act, zs[layer])[1]
            expect(deltas, "deltas").item(layer).close_to(expected, **CLOSE, own=True, hint=hint)


@points(1)
def test_q3_loss_is_the_mean_over_the_batch(student, rng, reference):
    """손실이 배치 평균이므로, 같은 데이터를 두 번 담으면 각 행의 델타는 절반이 됩니다."""
    net = reference.network(rng, 1)
    double = reference.Network(net.x.repeat(2, 1), net.y.repeat(2), net.Ws, net.bs, net.act)
    value = take(run(student, reference, net), net, 0)
    twice = run(student, reference, double)
    expect(twice, "deltas").item(0).shape(double.x.shape[0], net.Ws[0].shape[0])
    take(twice, double, 0)
    hint = "손실은 배치의 평균입니다. 표본의 수가 어디에서 몇 번 들어가는지 확인해 보세요."
    expect(twice, "deltas").item(0).close_to(torch.cat([value, value]) / 2, **CLOSE, hint=hint)


@points(7)
def test_q3_deltas_equal_those_of_autograd(student, rng, reference):
    """모든 층의 델타가 자동 미분의 결과와 같습니다."""
    hint = "앞의 항목이 모두 맞는데 이 항목만 틀렸다면 층이 많거나 하나일 때, 배치 크기를 바꿀 때를 확인해 보세요."
    for depth, act in ((1, "sigmoid"), (2, "relu"), (6, "tanh"), (7, "sigmoid")):
        net = reference.network(rng, depth, act)
        expected, _ = reference.gradients(net.x, net.Ws, net.bs, act, net.y)
        deltas = run(student, reference, net)
        expect(deltas, "deltas").sequence(depth)
        for layer in range(depth):
            scale = float(expected[layer].abs().max())
            expect(deltas, "deltas").item(layer).close_to(expected[layer], rtol=1e-5, atol=1e-6 * scale, hint=hint)


@points(5)
def test_q3_does_not_change_its_inputs(student, rng, reference):
    """입력을 바꾸지 않으며, 다시 불러도 결과가 쌓이지 않습니다."""
    net = reference.square_network(rng, 3, "sigmoid")  # so that a matrix transposed is not punished here again
    zs, hs = reference.forward(net.x, net.Ws, net.bs, net.act)
    answer = student.probe("backward_and_inputs", zs, hs, net.Ws, net.act, net.y)
    first, second, inputs = expect(answer).unpack(3)
    hint = "zs, hs, Ws, y를 제자리에서 바꾸는 연산(-=, pop, reverse)을 쓰지 않았는지 확인해 보세요."
    names = ("zs", "hs", "Ws", "y")
    for name, after, before in zip(names, expect(inputs).unpack(4), (zs, hs, net.Ws, net.y), strict=True):
        expect(after, name).equals(before, hint=hint)
    hint = (
        "두 번째 호출의 결과가 다릅니다. 앞 호출의 결과에 기울기를 "
        "더하거나 리스트를 함수 밖에 두지 않았는지 확인해 보세요."
    )
    for layer in range(net.depth):
        earlier = expect(first, "deltas").item(layer).finite().reals()
        expect(second, "deltas").item(layer).close_to(earlier, rtol=1e-9, atol=1e-15, hint=hint)
    expect(second, "deltas").sequence(net.depth, hint=hint)
    other = run(student, reference, reference.changed_network(net))
    pairs = [
        [expect(some, "deltas").item(layer).finite().reals() for layer in range(net.depth)] for some in (first, other)
    ]
    moved = any(one.shape != two.shape or not torch.allclose(one, two) for one, two in zip(*pairs, strict=True))
    require(moved, "델타가 입력과 가중치에 따라 달라지지 않습니다.", "인자로 받은 값으로 계산했는지 확인해 보세요.")
