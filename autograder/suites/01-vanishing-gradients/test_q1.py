"""Hidden tests of question 1: act_and_grad(name, z) -> (act(z), act'(z))."""

import torch

from autograder.judge import expect, points, raises, require

SAME_SHAPE = "원소마다 계산하므로 출력의 모양은 입력과 같습니다. 합이나 평균을 내지 않았는지 확인해 보세요."
OVERFLOW = "e^1000은 무한대가 되고 무한대끼리 나누면 NaN입니다. 큰 값에도 안전한 식이나 torch의 함수를 써 보세요."
RETURNS_PAIR = "활성값 a와 도함수 값 da를 이 순서로, 두 개 돌려주어야 합니다."


def batch(rng, *shape):
    """Return N(0, 2^2) inputs of this shape, float64."""
    return torch.from_numpy(rng.normal(scale=2.0, size=shape))


def check(value, what, expected, hint):
    """Require these values; whether the element type is right is judged by one test only."""
    actual = expect(value, what).shape(*expected.shape, hint=SAME_SHAPE).finite(hint=OVERFLOW).reals()
    expect(actual, what).close_to(expected, rtol=1e-5, atol=1e-6, hint=hint)


@points(1)
def test_q1_sigmoid_and_its_derivative(student, rng, reference):
    """시그모이드와 그 도함수의 값이 맞습니다."""
    z = batch(rng, int(rng.integers(3, 8)), int(rng.integers(9, 14)))
    z[0, 0] = 0.0
    a, da = expect(student.act_and_grad("sigmoid", z)).unpack(2, hint=RETURNS_PAIR)
    expected_a, expected_da = reference.activation("sigmoid", z)
    check(a, "a", expected_a, "σ(z) = 1 / (1 + e^(-z))의 부호를 확인해 보세요.")
    hint = "시그모이드의 도함수는 0보다 크고, z = 0에서 가장 큰 값 1/4이 됩니다. σ'(z)의 식을 확인해 보세요."
    expect(da, "da").between(-1e-9, 0.25 + 1e-6, hint=hint)
    hint = "σ'(z) = σ(z)(1 - σ(z))입니다. 이미 구한 a에 시그모이드를 한 번 더 적용하지 않았는지 확인해 보세요."
    check(da, "da", expected_da, hint)


@points(1)
def test_q1_tanh_and_its_derivative(student, rng, reference):
    """하이퍼볼릭 탄젠트와 그 도함수의 값이 맞습니다."""
    z = batch(rng, int(rng.integers(3, 8)), int(rng.integers(9, 14)))
    a, da = expect(student.act_and_grad("tanh", z)).unpack(2, hint=RETURNS_PAIR)
    expected_a, expected_da = reference.activation("tanh", z)
    check(a, "a", expected_a, "tanh(z) = 2σ(2z) - 1입니다. 두 곳의 2를 확인해 보세요.")
    hint = "tanh'(z) = 1 - tanh(z)²입니다. 제곱을 빠뜨리거나 a에 tanh를 한 번 더 적용하지 않았는지 확인해 보세요."
    check(da, "da", expected_da, hint)


@points(1)
def test_q1_relu_and_its_derivative(student, rng, reference):
    """ReLU와 그 도함수의 값이 맞고, 도함수는 0에서 0입니다."""
    z = batch(rng, int(rng.integers(3, 8)), int(rng.integers(9, 14)))
    z[:, ::4] = 0.0
    a, da = expect(student.act_and_grad("relu", z)).unpack(2, hint=RETURNS_PAIR)
    expected_a, expected_da = reference.activation("relu", z)
    check(a, "a", expected_a, "ReLU(z) = max(z, 0)입니다. 음수 쪽 기울기가 남아 있지 않은지 확인해 보세요.")
    hint = "ReLU'(z)는 z > 0이면 1, z < 0이면 0이고, 이 과제에서는 ReLU'(0) = 0으로 약속했습니다."
    check(da, "da", expected_da, hint)


@points(2.5)
def test_q1_large_inputs_stay_finite(student, rng, reference):
    """|z|가 1000이어도 오버플로나 NaN이 생기지 않습니다."""
    hint = "|z|가 아주 크면 σ는 0이나 1에, tanh는 -1이나 1에 가까워지고 둘의 도함수는 0에 가까워집니다."
    sizes = torch.tensor([1000.0, -1000.0, 720.0, -720.0, 100.0, -100.0, 40.0, -40.0], dtype=torch.float64)
    z = sizes.reshape(4, 2) + torch.from_numpy(rng.uniform(-1, 1, size=(4, 2)))
    for dtype in (torch.float64, torch.float32):
        for name in reference.ACTIVATIONS:
            a, da = expect(student.act_and_grad(name, z.to(dtype))).unpack(2, hint=RETURNS_PAIR)
            expected_a, expected_da = reference.activation(name, z.to(dtype))
            check(a, "a", expected_a, hint)
            check(da, "da", expected_da, hint)


@points(1)
def test_q1_keeps_shape_and_dtype(student, rng, reference):
    """어떤 모양의 입력이든 모양(shape)과 자료형(dtype)을 유지합니다."""
    same_dtype = "결과의 dtype은 z와 같아야 합니다. 비교한 결과(bool)를 그대로 돌려주지 않았는지 확인해 보세요."
    shapes = ((), (int(rng.integers(3, 6)),), (2, 1, int(rng.integers(3, 6))))
    for dtype in (torch.float32, torch.float64):
        for shape in shapes:
            z = torch.as_tensor(rng.normal(size=shape)).to(dtype)
            for name in reference.ACTIVATIONS:
                a, da = expect(student.act_and_grad(name, z)).unpack(2, hint=RETURNS_PAIR)
                for value, what in ((a, "a"), (da, "da")):
                    expect(value, what).shape(*shape, hint=SAME_SHAPE).dtype(dtype, hint=same_dtype)


@points(2.5)
def test_q1_does_not_change_its_input(student, rng, reference):
    """입력 z의 값을 바꾸지 않습니다."""
    hint = "clamp_, mul_ 또는 z[z < 0] = 0처럼 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    z = batch(rng, 5, 4)
    for name in reference.ACTIVATIONS:
        answer, after = expect(student.probe("activation_and_input", name, z)).unpack(2)
        a = expect(expect(answer).unpack(2, hint=RETURNS_PAIR)[0], "a").shape(*z.shape).finite().reals()
        require(
            bool(a.max() > a.min()), "`a`가 z에 따라 달라지지 않습니다.", "z에 활성화 함수를 적용한 값을 돌려주세요."
        )
        expect(after, "z").equals(z, hint=hint)


@points(1)
def test_q1_unknown_name_raises_value_error(student, rng):
    """모르는 활성화 함수의 이름에는 ValueError를 냅니다."""
    hint = (
        "이름이 sigmoid, tanh, relu가 아니면 ValueError를 raise하세요. KeyError나 None이 나오지 않는지 확인해 보세요."
    )
    for name in ("softsign", "tanhshrink", "relu6", "Sigmoid ", ""):
        z = batch(rng, 2, 3)
        answer = student.probe("error_for_name", name, z)
        expect(answer, "모르는 이름의 결과").equals("ValueError", hint=hint)
        with raises(Exception, "모르는 이름", hint=hint):  # asked again, without the probe
            student.act_and_grad(name, z)
    known = student.probe("error_for_name", "relu", batch(rng, 2, 3))
    expect(known, "아는 이름의 결과").equals("no error", hint="아는 이름에서는 오류 없이 값을 돌려주어야 합니다.")
