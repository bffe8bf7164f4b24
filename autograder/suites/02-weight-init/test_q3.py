"""Hidden tests of question 3: kaiming_(w, mode, gen, slope=0.0) -> w with variance 2 / ((1 + slope^2) n).

"fan_out" is judged against the student's own "fan_in" on the transposed shape, the kernel against the student's own
linear layer with the same fans, the slope against the student's own ReLU in a layer 1 + slope^2 times as wide: a wrong
constant, or a variance in place of a standard deviation, costs one test. Tolerances as in question 2.
"""

import math

import torch

from autograder.judge import error_rate, expect, leans_on, points, raises, require

pytestmark = leans_on("fans")

NAME = "kaiming_"
CLOSE = {"rtol": 0.03, "atol": 0.0}


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


@error_rate(1e-9)
@points(3)
def test_q3_standard_deviation_for_fan_in(student, rng, reference):
    """ "fan_in"이면 선형층의 표준편차가 sqrt(2 / n_in)입니다."""
    hint = (
        "ReLU가 지우는 절반을 분산이 채워야 합니다. n_out이나 두 수의 평균을 쓰지 않았는지, 분산이나 균등분포의 "
        "경계를 표준편차로 쓰지 않았는지 확인해 보세요. torch의 기본 초기화는 He 초기화가 아닙니다."
    )
    for _ in range(2):
        shape = reference.large_linear(rng)
        value = spread(student, shape, "fan_in", rng)
        expect(value, "표준편차").close_to(reference.he_std(shape), **CLOSE, hint=hint)


@error_rate(1e-12)
@points(3)
def test_q3_slope_asks_for_a_smaller_variance(student, rng, reference):
    """음수 쪽의 경사가 slope이면, 그만큼 더 지나가는 신호를 분산에서 덜어 냅니다."""
    hint = (
        "음수 쪽에서도 slope배가 지나갑니다. E[φ(z)²]을 양수 쪽과 음수 쪽으로 나누어 구하고, "
        "n·Var(w)·E[φ(z)²]/E[z²]이 1이 되는 분산을 다시 풀어 보세요. slope의 부호와 제곱도 확인해 보세요."
    )
    for low, high, sign in ((0.45, 0.65, 1.0), (1.2, 1.4, -1.0)):
        narrow, wide, slope = reference.widths_for_slope(rng, low, high)
        expected = spread(student, (wide, wide), "fan_in", rng)
        moved = abs(math.log(expected / spread(student, (narrow, narrow), "fan_in", rng)))
        require(moved > 0.05, "층의 폭을 바꾸어도 표준편차가 같습니다.", "n_in이 커지면 표준편차는 작아져야 합니다.")
        value = spread(student, (narrow, narrow), "fan_in", rng, slope=sign * slope)
        expect(value, "slope가 있을 때의 표준편차").close_to(expected, **CLOSE, hint=hint)


@error_rate(1e-12)
@points(2)
def test_q3_fan_out_is_fan_in_of_the_transpose(student, rng, reference):
    """ "fan_out"이면 모양을 전치한 "fan_in"과 표준편차가 같고, 두 값은 서로 다릅니다."""
    hint = 'mode가 "fan_in"이면 n_in으로, "fan_out"이면 n_out으로 나누세요.'
    shape = reference.large_linear(rng)
    value = spread(student, shape, "fan_out", rng)
    expected = spread(student, tuple(reversed(shape)), "fan_in", rng)
    expect(value, "표준편차").close_to(expected, **CLOSE, hint=hint)
    ratio = value / spread(student, shape, "fan_in", rng)
    require(abs(math.log(ratio)) > 0.2, "mode를 바꾸어도 표준편차가 같습니다.", hint)


@error_rate(1e-12)
@points(1)
def test_q3_convolution_counts_the_kernel(student, rng, reference):
    """합성곱층의 표준편차는 n_in과 n_out이 같은 선형층과 같습니다."""
    hint = "합성곱층의 n_in과 n_out에는 커널의 원소 수가 들어 있습니다. fans(w.shape)을 그대로 쓰면 됩니다."
    conv, linear = reference.conv_and_linear(rng)
    for mode in ("fan_in", "fan_out"):
        expected = spread(student, linear, mode, rng)
        expect(spread(student, conv, mode, rng), "합성곱층의 표준편차").close_to(expected, **CLOSE, hint=hint)


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
    hint = "가중치의 평균이 0이 되도록 뽑았는지, w의 원래 값을 더하지 않았는지 확인해 보세요."
    expect(float(w.mean() / w.std()), "평균").between(-0.03, 0.03, hint=hint)


@error_rate(1e-12)
@points(1)
def test_q3_draws_come_from_the_generator(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 시드는 같은 값을, 이어서 부르면 다른 값을 냅니다."""
    answer = student.probe("draws", NAME, [12, 30], ["fan_in"], seed_from(rng))
    first, second, again = (expect(w, "w").shape(12, 30).finite().reals() for w in expect(answer).unpack(3))
    hint = "전역 난수를 쓰고 있습니다. normal_이나 uniform_에 generator=gen을 넘기세요."
    expect(again, "같은 시드의 가중치").close_to(first, rtol=1e-6, atol=1e-9, hint=hint)
    hint = "함수 안에서 시드를 다시 심지 마세요. 층마다 gen에서 이어서 뽑아야 서로 다른 가중치가 됩니다."
    require(not torch.allclose(first, second), "이어서 채운 두 층의 가중치가 같습니다.", hint)
    require(len(first.unique()) > 300, "같은 값이 여러 번 나옵니다.", "원소마다 따로 뽑았는지 확인해 보세요.")


@points(1)
def test_q3_unknown_mode_raises_value_error(student):
    """모르는 mode에는 ValueError를 냅니다."""
    hint = 'mode가 "fan_in"이나 "fan_out"이 아니면 ValueError를 raise하세요. else로 넘기지 않았는지 확인해 보세요.'
    for mode in ("fan_avg", "in", ""):
        expect(student.probe("error_of_mode", mode), "모르는 mode의 결과").equals("ValueError", hint=hint)
        with raises(Exception, "모르는 mode", hint=hint):  # asked again; None where a right mode has its generator
            student.kaiming_(torch.zeros(3, 4), mode, None)
