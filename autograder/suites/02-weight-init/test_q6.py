"""Hidden tests of question 6: predict_std(act, L, scheme) -> (L,).

Three tests ask whole predictions, those of tanh and silu from the student's own n Var(w). For the others the factor
from layer to layer is judged by ratios of the student's own entries, torch's default by its ratio to the student's own
Xavier, the first entry by itself. He's factors are asked by the whole predictions only. Variances in place of
standard deviations cost the whole predictions of ReLU and linear layers and the tests of their factors; the others take
the root. tanh and silu have no closed form: the reference integrates by Gauss-Hermite, and an answer may integrate on a
grid or draw many numbers.
"""

import math

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-4, "atol": 0.0}
NEAR = {"rtol": 0.03, "atol": 0.0}
"""Of a prediction that the student integrates; the statement asks for 1 %."""
SCHEMES = ("xavier", "he", "default")


def predicted(student, act, layers, scheme):
    """Return the student's predictions as positive floats, whatever holds them."""
    answer = student.predict_std(act, layers, scheme)
    if isinstance(answer, list | tuple):
        entries = expect(answer, "반환값").sequence(layers, hint="층마다 하나씩, 모두 L개를 돌려주세요.")
        values = [entries.item(layer).finite().real() for layer in range(layers)]
    else:
        values = expect(answer, "반환값").shape(layers).finite().reals().tolist()
    require(min(values) > 0, "예측한 표준편차가 0보다 크지 않습니다.", "제곱근을 취했는지 확인해 보세요.")
    return values


def unit(student):
    """Return 2 for a student who gives variances (as He's growth without an activation shows), else 1."""
    first, second = predicted(student, "linear", 2, "he")
    return 2 if abs(first - 2) < 1e-3 and abs(second / first - 2) < 1e-3 else 1


def factors(student, rng, act, expected, hint):
    """Require each entry for Xavier to be `expected` times the one before, and other schemes to give others."""
    layers = int(rng.integers(8, 30))
    values = predicted(student, act, layers, "xavier")
    for layer in range(1, layers):
        expect(values[layer] / values[layer - 1], "한 층을 지날 때의 배율").close_to(expected, **CLOSE, hint=hint)
    others = [predicted(student, act, layers, scheme)[-1] for scheme in ("he", "default")]
    moved = any(abs(other / values[-1] - 1) > 0.1 for other in others)
    require(moved, "초기화를 바꾸어도 예측이 같습니다.", "n·Var(w)는 초기화마다 다릅니다.")


@points(3)
def test_q6_whole_predictions_without_an_integral(student, rng, reference):
    """활성화 함수가 없을 때와 ReLU일 때, 예측 전체가 맞습니다."""
    hint = "0번 층은 x를 받고, 층마다 제곱 평균에 n·Var(w)와 활성화 함수의 몫을 곱합니다. 마지막에 제곱근을 취하세요."
    for act in ("linear", "relu"):
        for scheme in SCHEMES:
            layers = int(rng.integers(8, 30))
            found = torch.tensor(predicted(student, act, layers, scheme), dtype=torch.float64)
            expected = reference.predicted_std(act, layers, scheme)
            expect(found, "예측").close_to(expected, **CLOSE, hint=hint)


CURVED = "제곱 평균이 q인 z의 분포에서 φ(z)²의 평균을 구해야 합니다. φ의 몫은 q에 따라 달라지므로 층마다 다시 구하세요."


@points(3)
def test_q6_whole_predictions_for_tanh(student, rng, reference):
    """tanh의 몫은 신호의 크기에 따라 달라지며, 예측 전체가 맞습니다."""
    curved(student, rng, reference, "tanh")


@points(2)
def test_q6_whole_predictions_for_silu(student, rng, reference):
    """이름난 gain이 없는 활성화 함수에서도 예측 전체가 맞습니다."""
    curved(student, rng, reference, "silu")


def curved(student, rng, reference, act):
    """Require whole predictions within the tolerance of an integral, for the student's own first layer and unit."""
    power = unit(student)
    for scheme in SCHEMES:
        layers = int(rng.integers(5, 10))
        first = predicted(student, "linear", 1, scheme)[0]  # a wrong n Var(w) is asked for by other tests
        require(1e-2 < first < 1e2, "0번 층의 값이 너무 크거나 작습니다.", CURVED)
        found = torch.tensor(predicted(student, act, layers, scheme), dtype=torch.float64) ** (1 / power)
        expected = reference.predicted_std(act, layers, scheme, own=first ** (2 / power))
        expect(found, "예측").close_to(expected, **NEAR, hint=CURVED)


@points(2)
def test_q6_relu_halves_the_mean_square(student, rng):
    """ReLU에서 한 층마다 Xavier는 1/√2배가 됩니다."""
    hint = "ReLU를 지나면 제곱 평균이 절반이 됩니다. 표준편차에는 그 제곱근이 곱해집니다."
    factors(student, rng, "relu", math.sqrt(0.5), hint)


@points(1)
def test_q6_linear_layers_have_no_half(student, rng):
    """활성화 함수가 없으면 절반이 되지 않습니다. Xavier는 모든 층에서 그대로입니다."""
    hint = '"linear"에서는 z가 그대로 다음 층의 입력입니다. 1/2을 곱하지 마세요.'
    factors(student, rng, "linear", 1.0, hint)


@points(1)
def test_q6_torch_default_is_smaller_than_he(student, rng):
    """torch의 기본값은 한 층마다 Xavier의 1/√3배입니다."""
    hint = "torch의 기본값은 [-1/√n, 1/√n]의 균등분포이고, 경계가 a인 균등분포의 분산은 a²/3입니다."
    power = unit(student)
    for act in ("relu", "linear"):
        layers = int(rng.integers(8, 30))
        default, xavier = (predicted(student, act, layers, scheme) for scheme in ("default", "xavier"))
        for layer in range(1, layers):  # beside the student's own Xavier: the activation's share plays no part
            ratio = default[layer] / default[layer - 1] / (xavier[layer] / xavier[layer - 1])
            expect(ratio ** (1 / power), "Xavier와 견준 배율").close_to(math.sqrt(1 / 3), **CLOSE, hint=hint)


@points(1)
def test_q6_first_layer_sees_the_input_itself(student, rng, reference):
    """0번 층은 활성화 함수를 지나지 않은 입력을 받으므로, 값이 √(n·Var(w))입니다."""
    hint = "0번 층에 들어가는 것은 x이고 제곱 평균이 1입니다. 0번 층의 값에는 활성화 함수의 1/2이 들어가지 않습니다."
    power = unit(student)
    for act in ("linear", "relu"):
        for scheme in ("xavier", "he"):
            first = predicted(student, act, int(rng.integers(2, 6)), scheme)[0] ** (1 / power)
            expect(first, "0번 층의 값").close_to(float(reference.predicted_std(act, 1, scheme)[0]), **CLOSE, hint=hint)


@points(1)
def test_q6_one_number_for_each_layer(student, rng):
    """길이가 L인 1차원 텐서를 돌려줍니다."""
    for layers in (1, int(rng.integers(5, 40))):
        for act, scheme in (("relu", "he"), ("linear", "xavier"), ("relu", "default")):
            answer = student.predict_std(act, layers, scheme)
            hint = "층마다 구한 값을 torch.tensor로 모아 1차원 텐서로 돌려주세요."
            expect(answer, "반환값").shape(layers, hint=hint).finite(hint=hint)
            require(torch.is_tensor(answer), "반환값이 torch.Tensor가 아닙니다.", hint)
