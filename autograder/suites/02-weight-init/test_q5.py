"""Hidden tests of question 5: propagate(Ws, x, act) -> std (L,).

One test asks the plain values of whole networks. Apart from it, what is measured is judged on a single layer, and how
layers follow each other against the student's own answer for one layer. Dividing by the number of entries or by one
less are both right.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 0.0}
MEASURE = (
    "z의 모든 원소를 한데 모은 표준편차 하나입니다. 표본마다 또는 유닛마다 구해 평균을 내지 않았는지(dim), "
    "분산이나 제곱 평균이 아닌지 확인해 보세요."
)


def numbers(student, Ws, x, act):
    """Return the student's answers as floats."""
    return read(student.propagate(Ws, x, act), len(Ws))


def read(answer, layers):
    """Return an answer as floats, whatever holds them: a tensor, an array or a list."""
    if isinstance(answer, list | tuple):
        entries = expect(answer, "반환값").sequence(layers, hint="층마다 하나씩, 모두 L개를 돌려주세요.")
        values = [entries.item(layer).finite(hint=MEASURE).real() for layer in range(layers)]
    else:
        values = expect(answer, "반환값").shape(layers).finite(hint=MEASURE).reals().tolist()
    require(min(values) > 0, "신호의 크기가 0입니다.", MEASURE)
    return values


def as_tensor(values):
    """Return floats as a float64 tensor."""
    return torch.tensor(values, dtype=torch.float64)


def one_layer(student, W, h):
    """Return the student's answer for a single linear layer."""
    return numbers(student, [W], h, "linear")[0]


@points(1)
def test_q5_one_number_for_each_layer(student, rng, reference):
    """층마다 하나씩, 길이가 L인 1차원 텐서를 돌려줍니다."""
    for layers, act in ((1, "relu"), (4, "tanh"), (6, "linear")):
        Ws, x = reference.network(rng, layers, square=True)
        hint = "층마다 구한 값을 torch.stack이나 torch.tensor로 모아 1차원 텐서로 돌려주세요."
        expect(student.propagate(Ws, x, act), "반환값").shape(layers, hint=hint).finite(hint=hint)


@points(3)
def test_q5_values_of_whole_networks(student, rng, reference):
    """활성화 함수마다, 신경망 전체의 값이 층마다 맞습니다."""
    hint = "모든 층에서 z의 모든 원소의 표준편차인지, z를 잰 뒤 φ(z)를 다음 층에 넘겼는지 차례로 확인해 보세요."
    for act in reference.ACTIVATIONS:
        Ws, x = reference.network(rng, 5)
        found = numbers(student, Ws, x, act)
        pairs = [reference.standard_deviations(z) for z in reference.outputs(Ws, x, act)]
        expected = [min(pair, key=lambda choice: abs(choice - value)) for pair, value in zip(pairs, found, strict=True)]
        expect(as_tensor(found), "층마다의 값").close_to(as_tensor(expected), **CLOSE, hint=hint)


@points(2)
def test_q5_standard_deviation_of_all_entries(student, rng, reference):
    """한 층의 값은 z의 모든 원소의 표준편차입니다."""
    for _ in range(3):
        W, x = reference.lopsided_layer(rng)
        value = one_layer(student, W, x)
        choices = reference.standard_deviations(torch.einsum("ni,oi->no", x, W))
        nearest = min(choices, key=lambda choice: abs(choice - value))
        expect(value, "표준편차").close_to(nearest, **CLOSE, hint=MEASURE)


@points(1)
def test_q5_linear_layers_follow_each_other(student, rng, reference):
    """act가 "linear"이면 층을 이어 붙인 결과는 행렬을 모두 곱한 한 층과 같습니다."""
    hint = (
        "각 층의 입력은 앞 층의 출력입니다. W를 전치해서 곱했는지, 층마다 x에서 다시 시작하지 않았는지 확인해 보세요."
    )
    Ws, x = reference.network(rng, 4)
    found = numbers(student, Ws, x, "linear")
    product = Ws[0]
    for layer in range(4):
        product = Ws[layer] @ product if layer else product
        expect(found[layer], f"{layer}번 층의 값").close_to(one_layer(student, product, x), **CLOSE, hint=hint)


@points(1)
def test_q5_relu_stands_between_layers(student, rng, reference):
    """ReLU는 층과 층 사이에 적용하고, 값은 적용하기 전에 잽니다."""
    follows(student, reference, rng, "relu")


@points(1)
def test_q5_tanh_stands_between_layers(student, rng, reference):
    """tanh도 층과 층 사이에 적용하고, 값은 적용하기 전에 잽니다."""
    follows(student, reference, rng, "tanh")


def follows(student, reference, rng, act):
    """Require each layer's answer to be the student's own for that layer alone, given the right input."""
    hint = "재는 것은 활성화 함수를 적용하기 전의 z이고, 다음 층에 들어가는 것은 act(z)입니다."
    Ws, x = reference.network(rng, 4)
    found = numbers(student, Ws, x, act)
    grown = numbers(student, Ws, 3 * x, act)[0] > 1.5 * found[0]
    require(grown, "입력을 세 배로 해도 0번 층의 값이 커지지 않습니다.", "가중치가 아니라 신호 z를 재세요.")
    for layer, h in enumerate(reference.signals(Ws, x, act)):
        expect(found[layer], f"{layer}번 층의 값").close_to(one_layer(student, Ws[layer], h), **CLOSE, hint=hint)


@points(3)
def test_q5_does_not_change_its_inputs(student, rng, reference):
    """입력 x와 가중치를 바꾸지 않으며, 다시 불러도 결과가 같습니다."""
    hint = "relu_, *=, Ws.pop처럼 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    Ws, x = reference.network(rng, 3, square=True)
    moved = [Ws[0], 3 * Ws[1], Ws[2]]
    ratio = numbers(student, moved, x, "linear")[2] / numbers(student, [*Ws], x, "linear")[2]
    require(ratio > 1.2, "가운데 층의 가중치를 세 배로 해도 마지막 층의 값이 커지지 않습니다.", MEASURE)
    for act in reference.ACTIVATIONS:
        first, second, inputs = expect(student.probe("propagate_and_inputs", Ws, x, act)).unpack(3)
        after_Ws, after_x = expect(inputs).unpack(2)
        expect(after_x, "x").equals(x, hint=hint)
        expect(after_Ws, "Ws").equals(Ws, hint=hint)
        for earlier, later in zip(read(first, 3), read(second, 3), strict=True):
            expect(later, "두 번째 결과").close_to(earlier, rtol=1e-9, atol=0.0, hint=hint)
