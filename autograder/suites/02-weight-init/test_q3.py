"""Hidden tests of question 3: kaiming_(w, mode, gen, slope=0.0) -> w with variance 2 / ((1 + slope^2) n).

Four tests ask mean and standard deviation of the call as stated: for "fan_in" with the slope's default, for "fan_out",
with a slope, and of a convolution with everything. Their hints say whether the student's own answers already differ in
the wrong way. Tolerances as in question 2.
"""

import torch

from autograder.judge import error_rate, expect, leans_on, points, raises, require

pytestmark = leans_on("fans")

NAME = "kaiming_"
CLOSE = {"rtol": 0.03, "atol": 0.0}
CENTRE = "가중치의 평균이 0이 되도록 뽑았는지, w의 원래 값을 더하지 않았는지 확인해 보세요."
SIZE = (
    "ReLU가 지우는 절반을 분산이 채워야 합니다. n_out이나 두 수의 평균을 쓰지 않았는지, 분산이나 균등분포의 "
    "경계를 표준편차로 쓰지 않았는지 확인해 보세요. torch의 기본 초기화는 He 초기화가 아닙니다."
)
SLOPE = (
    "음수 쪽에서도 slope배가 지나갑니다. E[φ(z)²]을 양수 쪽과 음수 쪽으로 나누어 구하고, "
    "n·Var(w)·E[φ(z)²]/E[z²]이 1이 되는 분산을 다시 풀어 보세요. slope의 부호와 제곱도 확인해 보세요."
)


def seed_from(rng):
    """Return a seed for a torch.Generator."""
    return int(rng.integers(1 << 31))


def filled(student, shape, mode, rng, **slope):
    """Return the weights that kaiming_ gives for this shape, finite and not constant."""
    answer = student.probe("fill", NAME, list(shape), [mode], seed_from(rng), more=slope)
    expect(answer).mapping(("raw", "w"))
    w = expect(answer["w"], "w").shape(*shape).finite().reals()
    require(bool(w.std() > 1e-90), "가중치가 모두 같은 값입니다.", "가중치를 난수로 채웠는지 확인해 보세요.")
    return w


def spread(student, shape, mode, rng, **slope):
    """Return the standard deviation of the student's weights."""
    return float(filled(student, shape, mode, rng, **slope).std())


def moments(student, shape, mode, rng, **slope):
    """Return the standard deviation of the student's weights; a mean other than zero ends the test."""
    w = filled(student, shape, mode, rng, **slope)
    require(abs(float(w.mean() / w.std())) < 0.03, "가중치의 평균이 0이 아닙니다.", CENTRE)
    return float(w.std())


def moves(student, rng):
    """Require that the standard deviation falls with the layer's size: an answer that ignores w has no property."""
    small, large = (spread(student, shape, "fan_in", rng) for shape in ((90, 110), (270, 330)))
    hint = "n_in이 커지면 표준편차는 작아져야 합니다. fans(w.shape)에서 표준편차를 구했는지 확인해 보세요."
    require(small > 1.2 * large, "층의 크기를 바꾸어도 표준편차가 작아지지 않습니다.", hint)


@error_rate(1e-9)
@points(1)
def test_q3_standard_deviation_for_fan_in(student, rng, reference):
    """ "fan_in"이면 선형층의 표준편차가 sqrt(2 / n_in)입니다."""
    for _ in range(2):
        shape = reference.large_linear(rng)
        value = moments(student, shape, "fan_in", rng)
        expect(value, "표준편차").close_to(reference.he_std(shape), **CLOSE, hint=SIZE)


@error_rate(1e-9)
@points(2)
def test_q3_slope_asks_for_a_smaller_variance(student, rng, reference):
    """음수 쪽의 경사가 slope이면, 그만큼 더 지나가는 신호를 분산에서 덜어 냅니다."""
    for low, high, sign in ((0.45, 0.65, 1.0), (1.2, 1.4, -1.0)):
        shape, slope = reference.large_linear(rng), sign * float(rng.uniform(low, high))
        value, expected = moments(student, shape, "fan_in", rng, slope=slope), reference.he_std(shape, slope=slope)
        own = spread(student, shape, "fan_in", rng) * expected / reference.he_std(shape)
        hint = SIZE if abs(value / own - 1) < 0.03 else SLOPE  # the slope is right beside the student's own ReLU
        expect(value, "slope가 있을 때의 표준편차").close_to(expected, **CLOSE, hint=hint)


@error_rate(1e-9)
@points(1)
def test_q3_fan_out_is_fan_in_of_the_transpose(student, rng, reference):
    """ "fan_out"이면 선형층의 표준편차가 sqrt(2 / n_out)이고, 모양을 전치한 "fan_in"과 같습니다."""
    mode = 'mode가 "fan_in"이면 n_in으로, "fan_out"이면 n_out으로 나누세요.'
    shape = reference.large_linear(rng)
    turned = tuple(reversed(shape))
    value, expected = moments(student, shape, "fan_out", rng), reference.he_std(turned)
    other = spread(student, turned, "fan_in", rng)
    ratio = other / spread(student, shape, "fan_in", rng) / (expected / reference.he_std(shape))
    hint = SIZE if abs(value / other - 1) < 0.03 and abs(ratio - 1) < 0.1 else mode
    expect(value, "표준편차").close_to(expected, **CLOSE, hint=hint)


@error_rate(1e-9)
@points(3)
def test_q3_convolution_counts_the_kernel(student, rng, reference):
    """합성곱층에서도 mode와 slope에 맞는 표준편차입니다."""
    kernel = "합성곱층의 n_in과 n_out에는 커널의 원소 수가 들어 있습니다. fans(w.shape)을 그대로 쓰면 됩니다."
    whole = "앞의 시험들처럼 선형층의 표준편차부터 mode와 slope에 맞는지 확인해 보세요."
    conv, linear = reference.conv_and_linear(rng)
    for mode in ("fan_in", "fan_out"):
        slope = float(rng.uniform(0.5, 0.8))
        value = moments(student, conv, mode, rng, slope=slope)
        same = spread(student, linear, mode, rng, slope=slope)
        hint = whole if abs(value / same - 1) < 0.03 else kernel
        expected = reference.he_std(conv, mode=mode, slope=slope)
        expect(value, "합성곱층의 표준편차").close_to(expected, **CLOSE, hint=hint)


@error_rate(1e-12)
@points(1)
def test_q3_returns_a_centred_tensor_like_w(student, rng, reference):
    """w가 nn.Parameter여도, w와 모양과 자료형이 같고 평균이 0인 텐서를 돌려줍니다."""
    hint = "w를 채운 뒤 return w로 돌려주세요. 새 텐서를 만든다면 dtype=w.dtype으로 맞추세요."
    for dtype in (torch.float32, torch.float64):
        name = str(dtype).removeprefix("torch.")
        options = {"dtype": name, "parameter": dtype == torch.float64}
        answer = student.probe("fill", NAME, [4, 2, 3, 5], ["fan_out"], seed_from(rng), **options)
        expect(answer).mapping(("raw", "w"))
        expect(answer["raw"], "반환값").shape(4, 2, 3, 5, hint=hint).dtype(dtype, hint=hint).finite()
    w = filled(student, reference.large_linear(rng), "fan_in", rng)
    expect(float(w.mean() / w.std()), "평균").between(-0.03, 0.03, hint=CENTRE)
    moves(student, rng)


@error_rate(1e-12)
@points(3)
def test_q3_draws_come_from_the_generator(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 시드는 같은 값을, 이어서 부르면 다른 값을 냅니다."""
    answer = student.probe("draws", NAME, [12, 30], ["fan_in"], seed_from(rng))
    first, second, again = (expect(w, "w").shape(12, 30).finite().reals() for w in expect(answer).unpack(3))
    hint = "전역 난수를 쓰고 있습니다. normal_이나 uniform_에 generator=gen을 넘기세요."
    expect(again, "같은 시드의 가중치").close_to(first, rtol=1e-6, atol=1e-9, hint=hint)
    hint = "함수 안에서 시드를 다시 심지 마세요. 층마다 gen에서 이어서 뽑아야 서로 다른 가중치가 됩니다."
    require(not torch.allclose(first, second), "이어서 채운 두 층의 가중치가 같습니다.", hint)
    require(len(first.unique()) > 300, "같은 값이 여러 번 나옵니다.", "원소마다 따로 뽑았는지 확인해 보세요.")
    moves(student, rng)


@points(1)
def test_q3_unknown_mode_raises_value_error(student):
    """모르는 mode에는 ValueError를 냅니다."""
    hint = 'mode가 "fan_in"이나 "fan_out"이 아니면 ValueError를 raise하세요. else로 넘기지 않았는지 확인해 보세요.'
    for mode in ("fan_avg", "in", ""):
        expect(student.probe("error_of_mode", mode), "모르는 mode의 결과").equals("ValueError", hint=hint)
        with raises(Exception, "모르는 mode", hint=hint):  # asked again; None where a right mode has its generator
            student.kaiming_(torch.zeros(3, 4), mode, None)
