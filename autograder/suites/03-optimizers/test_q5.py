"""Hidden tests of question 5: heavy_ball_optimal(mu, L) -> (lr, beta).

The two formulas are judged with mu = 1; that mu counts, by the units. The order costs the first test only.
"""

import math

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-6, "atol": 1e-12}
PAIR = "학습률 lr과 모멘텀 계수 beta를 이 순서로, 두 개 돌려주어야 합니다."


def curvatures(rng, mu=None):
    """Return mu < L, mu not 1 unless given, condition numbers 2 to 3000."""
    mu = float(10 ** rng.uniform(-2, 1)) if mu is None else mu
    return mu, mu * float(10 ** rng.uniform(0.3, 3.5))


def answer(student, mu, L):
    """Return the student's (lr, beta) as finite floats, in the order they came."""
    lr, beta = expect(student.heavy_ball_optimal(mu, L)).unpack(2, hint=PAIR)
    return expect(lr, "lr").finite().real(), expect(beta, "beta").finite().real()


def ordered(student, mu, L):
    """Return (lr, beta) whatever the order, which the first test judges: beta is what stays when f becomes 4 f."""
    found = answer(student, mu, L)
    one, four = answer(student, 1.0, 17.0), answer(student, 4.0, 68.0)
    swapped = abs(four[0] - one[0]) < 1e-6 and abs(4 * four[1] - one[1]) < 1e-6
    return found[::-1] if swapped else found


@points(2.5)
def test_q5_learning_rate(student, rng, reference):
    """학습률이 Polyak의 값과 같고, (lr, beta)의 순서로 돌려줍니다."""
    hint = "4를 (sqrt(L) + sqrt(mu))의 제곱으로 나눕니다. 모멘텀이 없을 때의 2 / (L + mu)와는 다릅니다."
    for _ in range(4):
        mu, L = curvatures(rng, 1.0)
        expect(answer(student, mu, L)[0], "lr").close_to(reference.heavy_ball_optimal(mu, L)[0], **CLOSE, hint=hint)


@points(2.5)
def test_q5_momentum(student, rng, reference):
    """모멘텀 계수가 Polyak의 값과 같습니다."""
    hint = "제곱근끼리의 비인지, 그 비를 제곱했는지 확인해 보세요."
    for _ in range(4):
        mu, L = curvatures(rng, 1.0)
        expect(ordered(student, mu, L)[1], "beta").close_to(reference.heavy_ball_optimal(mu, L)[1], **CLOSE, hint=hint)


@points(2)
def test_q5_units_of_the_loss_do_not_matter(student, rng):
    """손실에 c를 곱하면 lr은 1/c배가 되고 beta는 그대로입니다."""
    hint = "두 곡률에 같은 수를 곱하면 조건수는 그대로입니다. mu나 L이 1이라고 여기지 않았는지 확인해 보세요."
    for _ in range(3):
        mu, L = curvatures(rng)
        c = float(rng.uniform(3, 50))
        lr, beta = ordered(student, mu, L)
        require(abs(lr) > 0, "lr이 0입니다.", hint)
        other_lr, other_beta = ordered(student, c * mu, c * L)
        expect(other_lr * c, "lr").close_to(lr, **CLOSE, hint=hint)
        expect(other_beta, "beta").close_to(beta, rtol=1e-6, atol=1e-9, hint=hint)


@points(1)
def test_q5_equal_curvatures_need_no_momentum(student, rng):
    """곡률이 하나뿐이면 beta는 0이고, 한 단계에 닿는 lr이 됩니다."""
    c = float(rng.uniform(0.2, 30))
    lr, beta = ordered(student, c, c)
    expect(beta, "beta").close_to(0.0, rtol=0, atol=1e-9, hint="mu = L이면 조건수가 1이므로 모멘텀이 필요 없습니다.")
    expect(lr * c, "lr").close_to(1.0, **CLOSE, hint="p - lr * c * p가 0이 되는 lr을 생각해 보세요.")


@points(2)
def test_q5_both_ends_shrink_at_the_same_rate(student, rng, reference):
    """가장 완만한 방향과 가장 가파른 방향이 단계마다 같은 비율로 줄고, 그 비율이 이론값과 같습니다."""
    mu, L = curvatures(rng)
    lr, beta = ordered(student, mu, L)
    best = (math.sqrt(L / mu) - 1) / (math.sqrt(L / mu) + 1)
    hint = "구한 값으로 무거운 공을 굴리면 가장 느린 방향이 이론보다 느리게 줄거나 발산합니다."
    for curvature in (mu, L):
        # The root is double at both ends: an error of 1e-16 in beta shows as 1e-8 here.
        found = reference.spectral_radius(lr, beta, curvature)
        expect(found, "한 단계의 비율").close_to(best, rtol=1e-5, atol=1e-6, hint=hint)
