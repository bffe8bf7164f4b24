"""Hidden tests of question 2: forward(x, Ws, bs, act) -> (zs, hs).

Each rule is checked by itself: the weighted sums against the reference, the outputs against the student's own sums.
So a missing bias costs one test, and a softmax at the end another.
"""

import torch

from autograder.judge import expect, leans_on, points, require

pytestmark = leans_on("act_and_grad")

CLOSE = {"rtol": 1e-5, "atol": 1e-6}


def run(student, net):
    """Return the student's (zs, hs) for this network, unpacked but not yet looked at."""
    return expect(student.forward(net.x, net.Ws, net.bs, net.act)).unpack(
        2, hint="(zs, hs)를 이 순서로 돌려주어야 합니다."
    )


@points(0.5)
def test_q2_lists_have_the_right_lengths_and_shapes(student, rng, reference):
    """zs는 L개, hs는 입력 x를 포함해 L + 1개이고 모양이 맞습니다."""
    net = reference.network(rng, 4, "tanh")
    zs, hs = run(student, net)
    expect(zs, "zs").sequence(net.depth, hint="zs에는 층마다 하나씩, 활성화 함수를 적용하기 전의 값을 담습니다.")
    expect(hs, "hs").sequence(net.depth + 1, hint="hs[0]은 입력 x이고, 그 뒤에 각 층의 출력이 하나씩 이어집니다.")
    for layer, W in enumerate(net.Ws):
        expect(zs, "zs").item(layer).shape(net.x.shape[0], W.shape[0])
        expect(hs, "hs").item(layer + 1).shape(net.x.shape[0], W.shape[0])
    expect(hs, "hs").item(0).close_to(net.x, **CLOSE, hint="hs[0]은 입력 x 자신이어야 합니다.")


@points(3.5)
def test_q2_weighted_sums_match(student, rng, reference):
    """각 층의 가중합 zs가 맞습니다."""
    for depth, act in zip((3, 2, 4), reference.ACTIVATIONS, strict=True):
        net = reference.network(rng, depth, act)
        zs, _ = run(student, net)
        expected, _ = reference.forward(net.x, net.Ws, net.bs, act)
        expect(zs, "zs").sequence(net.depth)
        first = "zs[l] = hs[l] @ Ws[l].T + bs[l]입니다. 편향을 더했는지, 가중치를 전치했는지 확인해 보세요."
        later = "둘째 층부터는 앞 층의 활성값에 가중치를 곱합니다. act 인자가 정한 활성화 함수를 썼는지 확인해 보세요."
        for layer in range(net.depth):
            hint = later if layer else first
            expect(zs, "zs").item(layer).close_to(expected[layer], **CLOSE, hint=hint)


@points(0.5)
def test_q2_hidden_outputs_are_activations_of_the_sums(student, rng, reference):
    """은닉층의 출력은 hs[l+1] = act(zs[l])입니다."""
    for act in reference.ACTIVATIONS:
        net = reference.network(rng, 4, act)
        zs, hs = run(student, net)
        for layer in range(net.depth - 1):
            z = expect(zs, "zs").item(layer).shape(net.x.shape[0], net.Ws[layer].shape[0]).finite().reals()
            expect(hs, "hs").item(layer + 1).close_to(
                reference.activation(act, z)[0],
                **CLOSE,
                own=True,
                hint=(
                    "은닉층의 출력은 zs에 활성화 함수를 적용한 값입니다. "
                    "도함수 값이나 zs를 그대로 담지 않았는지 확인해 보세요."
                ),
            )


@points(2.5)
def test_q2_last_output_is_the_logits(student, rng, reference):
    """마지막 층의 출력은 활성화 함수를 적용하지 않은 로짓입니다."""
    for act in reference.ACTIVATIONS:
        net = reference.network(rng, 3, act)
        zs, hs = run(student, net)
        logits = expect(zs, "zs").item(-1).shape(net.x.shape[0], net.Ws[-1].shape[0]).finite().reals()
        expect(hs, "hs").item(-1).close_to(
            logits,
            **CLOSE,
            hint="마지막 층에는 활성화 함수도 소프트맥스도 적용하지 않습니다. 손실 함수가 소프트맥스를 계산합니다.",
        )


@points(0.5)
def test_q2_works_for_any_number_of_layers(student, rng, reference):
    """층이 하나뿐이거나 아홉 개여도 동작합니다."""
    for depth in (1, 2, 9):
        net = reference.network(rng, depth, "sigmoid", bias=0.0)
        zs, _ = run(student, net)
        hint = "층의 수를 정해 두지 말고 Ws의 길이만큼 반복하세요. 층이 하나이면 그 층이 마지막 층입니다."
        expect(zs, "zs").sequence(depth, hint=hint)
        expected = reference.forward(net.x, net.Ws, net.bs, net.act)[0][-1]
        expect(zs, "zs").item(-1).close_to(expected, **CLOSE, hint=hint)


@points(2.5)
def test_q2_does_not_change_its_inputs(student, rng, reference):
    """입력과 파라미터를 바꾸지 않으며, 다시 불러도 결과가 같습니다."""
    net = reference.square_network(rng, 3, "relu")  # so that a matrix not transposed is not punished here again
    first, second, inputs = expect(student.probe("forward_and_inputs", net.x, net.Ws, net.bs, net.act)).unpack(3)
    x, Ws, bs = expect(inputs).unpack(3)
    hint = "x, Ws, bs를 제자리에서 바꾸는 연산(+=, pop, reverse, clamp_)을 쓰지 않았는지 확인해 보세요."
    expect(x, "x").equals(net.x, hint=hint)
    expect(Ws, "Ws").equals(net.Ws, hint=hint)
    expect(bs, "bs").equals(net.bs, hint=hint)
    logits = [expect(expect(result).unpack(2)[0], "zs").item(-1) for result in (first, second)]
    expected = logits[0].finite(hint=hint).reals()
    logits[1].close_to(expected, rtol=1e-9, atol=1e-12, hint=hint)
    zs, _ = run(student, reference.changed_network(net))
    other = expect(zs, "zs").item(-1).shape(*expected.shape).finite().reals()
    hint = "인자로 받은 x, Ws, bs로 계산했는지 확인해 보세요."
    require(not torch.allclose(other, expected), "로짓이 입력과 가중치에 따라 달라지지 않습니다.", hint)
