"""Hidden tests of question 2: xavier_(w, gain, gen) -> w with variance gain^2 * 2 / (n_in + n_out).

Any distribution with mean zero will do. Standard deviations are measured on at least 65,000 entries: one standard
error is 0.28 % for normal weights (less for uniform ones), the tolerance is 3 %. Three tests ask mean and standard
deviation of the call as stated: of a linear layer, of a convolution, with a gain. The first two read what was returned,
the others the filled tensor where nothing was.
"""

import torch

from autograder.judge import error_rate, expect, leans_on, points, require

pytestmark = leans_on("fans")

NAME = "xavier_"
SIZE = (
    "분산이 2 / (n_in + n_out)이므로 표준편차는 그 제곱근입니다. 균등분포라면 경계 a의 표준편차가 "
    "a / √3이라는 것을, 복사본이 아니라 w를 채웠는지를 확인해 보세요."
)
CLOSE = {"rtol": 0.03, "atol": 0.0}
CENTRE = "평균이 0인 분포에서 뽑았는지(torch.rand는 0에서 1까지), w의 원래 값을 더하지 않았는지 확인해 보세요."


def seed_from(rng):
    """Return a seed for a torch.Generator."""
    return int(rng.integers(1 << 31))


def filled(student, shape, gain, rng, stated=False, **options):
    """Return the weights that xavier_ gives for this shape, finite and not constant; `stated`: that it returns."""
    answer = student.probe("fill", NAME, list(shape), [gain], seed_from(rng), **options)
    expect(answer).mapping(("raw", "w"))
    require(not stated or answer["raw"] is not None, "반환값이 없습니다.", "w를 채운 뒤 return w로 돌려주세요.")
    w = expect(answer["w"], "w").shape(*shape).finite().reals()
    require(bool(w.std() > 1e-90), "가중치가 모두 같은 값입니다.", "가중치를 난수로 채웠는지 확인해 보세요.")
    return w


def spread(student, shape, gain, rng):
    """Return the standard deviation of the student's weights."""
    return float(filled(student, shape, gain, rng).std())


def moments(student, shape, gain, rng, stated=True):
    """Return the standard deviation of what the call gave back; a mean other than zero ends the test."""
    w = filled(student, shape, gain, rng, stated)
    require(abs(float(w.mean() / w.std())) < 0.03, "가중치의 평균이 0이 아닙니다.", CENTRE)
    share = float((w < 0).double().mean())
    require(0.48 < share < 0.52, "음수의 비율이 절반이 아닙니다.", CENTRE)
    return float(w.std())


def moves(student, rng):
    """Require that the standard deviation falls with the layer's size: an answer that ignores w has no property."""
    small, large = (spread(student, shape, 1.0, rng) for shape in ((90, 110), (270, 330)))
    hint = "층이 커지면 표준편차는 작아져야 합니다. fans(w.shape)에서 표준편차를 구했는지 확인해 보세요."
    require(small > 1.2 * large, "층의 크기를 바꾸어도 표준편차가 작아지지 않습니다.", hint)


@points(1)
def test_q2_returns_a_tensor_like_w(student, rng):
    """w와 모양(shape)과 자료형(dtype)이 같은 텐서를 돌려줍니다."""
    hint = "w를 채운 뒤 return w로 돌려주세요. 새 텐서를 만든다면 dtype=w.dtype으로 맞추세요."
    for shape in ((3, 7), (4, 2, 3, 5)):
        for dtype in (torch.float32, torch.float64):
            name = str(dtype).removeprefix("torch.")
            answer = student.probe("fill", NAME, list(shape), [1.0], seed_from(rng), dtype=name)
            expect(answer).mapping(("raw", "w"))
            expect(answer["raw"], "반환값").shape(*shape, hint=hint).dtype(dtype, hint=hint).finite()


@error_rate(1e-9)
@points(1)
def test_q2_standard_deviation(student, rng, reference):
    """gain이 1인 선형층에서 평균이 0이고 표준편차가 sqrt(2 / (n_in + n_out))입니다."""
    for _ in range(2):
        shape = reference.large_linear(rng)
        expect(moments(student, shape, 1.0, rng), "표준편차").close_to(reference.xavier_std(shape), **CLOSE, hint=SIZE)


@error_rate(1e-9)
@points(3)
def test_q2_convolution_counts_the_kernel(student, rng, reference):
    """합성곱층에서도 평균이 0이고 표준편차가 sqrt(2 / (n_in + n_out))입니다."""
    kernel = "합성곱층의 n_in과 n_out에는 커널의 원소 수가 들어 있습니다. fans(w.shape)을 그대로 쓰면 됩니다."
    conv, linear = reference.conv_and_linear(rng)
    found, same = moments(student, conv, 1.0, rng), spread(student, linear, 1.0, rng)
    hint = SIZE if abs(found / same - 1) < 0.03 else kernel  # a layer of the same fans is as wrong: not the kernel
    expect(found, "합성곱층의 표준편차").close_to(reference.xavier_std(conv), **CLOSE, hint=hint)


@error_rate(1e-9)
@points(3)
def test_q2_gain_multiplies_the_standard_deviation(student, rng, reference):
    """gain을 주면 평균이 0이고 표준편차가 gain × sqrt(2 / (n_in + n_out))입니다."""
    power = "gain은 표준편차에 곱합니다. 분산에는 gain의 제곱이 곱해집니다."
    shape = reference.large_linear(rng)
    base = spread(student, shape, 1.0, rng)
    for gain in (float(rng.uniform(1.5, 2.5)), float(rng.uniform(0.3, 0.6))):
        found = moments(student, shape, gain, rng, stated=False)
        hint = SIZE if abs(found / base / gain - 1) < 0.03 else power
        expect(found, "gain이 있을 때의 표준편차").close_to(reference.xavier_std(shape, gain), **CLOSE, hint=hint)


@error_rate(1e-12)
@points(3)
def test_q2_draws_come_from_the_generator(student, rng):
    """난수는 gen에서만 뽑습니다. 같은 시드는 같은 값을, 이어서 부르면 다른 값을 냅니다."""
    answer = student.probe("draws", NAME, [12, 30], [1.0], seed_from(rng))
    first, second, again = (expect(w, "w").shape(12, 30).finite().reals() for w in expect(answer).unpack(3))
    hint = "전역 난수를 쓰고 있습니다. normal_이나 uniform_에 generator=gen을 넘기세요."
    expect(again, "같은 시드의 가중치").close_to(first, rtol=1e-6, atol=1e-9, hint=hint)
    hint = "함수 안에서 시드를 다시 심지 마세요. 층마다 gen에서 이어서 뽑아야 서로 다른 가중치가 됩니다."
    require(not torch.allclose(first, second), "이어서 채운 두 층의 가중치가 같습니다.", hint)
    hint = "행이나 열을 되풀이하지 말고 원소마다 따로 뽑으세요."
    require(len(first.unique()) > 300, "같은 값이 여러 번 나옵니다.", hint)
    moves(student, rng)


@error_rate(1e-12)
@points(1)
def test_q2_works_on_a_parameter(student, rng):
    """기울기를 추적하는 nn.Parameter를 넣어도 동작합니다."""
    w = filled(student, (9, 4), 1.0, rng, parameter=True)
    hint = "w를 채우기만 했는지, 채운 것을 돌려주었는지 확인해 보세요."
    require(not bool((w == 5.0).all()), "파라미터의 값이 그대로입니다.", hint)
    moves(student, rng)
