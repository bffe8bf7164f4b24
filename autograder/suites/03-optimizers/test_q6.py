"""Hidden tests of question 6: steps_to_tol(opt, kappa, tol, max_steps, **hp) -> int, or inf.

What the loop does is judged with a toy optimizer that multiplies p by a factor, whatever the gradient; only the last
two tests run the student's own sgd and momentum, with stand-ins where those are wrong. Steps are counted from the
student's own start and up to the own criterion, except by the tests of these.
"""

import math

import torch

from autograder.judge import expect, leans_on, points, require

REPORT = {
    "answer": "단계 수",
    "calls": "opt를 부른 횟수",
    "ps": "opt가 받은 p",
    "gs": "opt가 받은 g",
    "states": "opt가 받은 state",
    "hp": "opt가 받은 하이퍼파라미터",
}
COUNT = "처음 값부터 보고, f가 tol 이하가 될 때까지 고친 횟수를 세는지 확인해 보세요."


def condition(rng):
    """Return a condition number, 3 to 300."""
    return float(10 ** rng.uniform(0.5, 2.5))


def toy(student, kappa, options, factor, hp=None):
    """Return the probe's report on one run with the toy: expectations under the names that a student reads."""
    report = student.probe("steps_with_toy", kappa, options, factor, hp or {})
    expect(report).mapping(REPORT)
    return {key: expect(report[key], name) for key, name in REPORT.items()}


def steps(report):
    """Return the answer as a number of steps (inf for none)."""
    return report["answer"].number(hint="횟수(정수)나 math.inf를 돌려주세요.")


def exact_count(value, tol, factor):
    """Return after how many multiplications of p by `factor` f falls from `value` to tol, as a real number."""
    return math.log(value / tol) / (-2 * math.log(factor))


def first_value(report, kappa):
    """Return f where the student's run started: the start itself is judged by another test."""
    p = report["ps"].sequence().item(0).shape(2).finite().reals()
    return float(p[0] ** 2 + kappa * p[1] ** 2) / 2


@points(0.75)
def test_q6_gradient_of_the_quadratic(student, rng):
    """옵티마이저에 그 자리의 기울기 (p₀, κ p₁)를 넘깁니다."""
    for _ in range(2):
        kappa = condition(rng)
        report = toy(student, kappa, {"tol": 1e-3, "max_steps": 6}, 0.9)
        ps, gs = report["ps"].sequence(), report["gs"].sequence()
        for k in range(5):
            p, g = (entry.item(k).shape(2).finite().reals() for entry in (ps, gs))
            hint = "f를 p로 미분한 값인지 확인해 보세요. 단계마다 새 p에서 다시 구해야 합니다."
            require(bool((p != 0).all()), "파라미터에 0이 있습니다.", "출발점을 확인해 보세요.")
            expect(g / p, "기울기와 p의 비").close_to(p.new_tensor([1.0, kappa]), rtol=1e-5, atol=0.0, hint=hint)


@points(0.75)
def test_q6_starts_at_ones_and_hands_on_state_and_rates(student, rng):
    """(1, 1)과 빈 state에서 출발하고, 받은 하이퍼파라미터와 직전의 p, state를 다음 단계에 넘깁니다."""
    hp = {"lr": float(rng.uniform(0.01, 0.1)), "beta": float(rng.uniform(0.1, 0.9))}
    report = toy(student, condition(rng), {"max_steps": 6}, 0.9, hp)
    ps = report["ps"].sequence()
    for k in range(5):
        expected = [0.9**k, 0.9**k]
        found = ps.item(k).shape(2).dtype(torch.float64, hint="p는 float64 텐서입니다.").finite().reals()
        hint = "옵티마이저가 돌려준 p를 다음 단계에 넣는지 확인해 보세요. 출발점은 (1, 1)입니다."
        expect(found, "p").close_to(found.new_tensor(expected), rtol=1e-6, atol=0.0, hint=hint)
        hint = "첫 단계에는 {}를, 그 뒤에는 옵티마이저가 돌려준 state를 넣는지 확인해 보세요."
        report["states"].item(k).equals({"calls": k} if k else {}, hint=hint)
    report["hp"].equals(hp, hint="**hp로 받은 인자를 opt에 그대로 넘기세요.")


@points(1.5)
def test_q6_counts_steps_until_the_value_is_small(student, rng):
    """f(p)가 tol 이하가 되는 첫 단계까지 옵티마이저를 부른 횟수를 돌려줍니다."""
    for factor in (0.9, 0.6):
        kappa = condition(rng)
        value = first_value(toy(student, kappa, {"tol": 1e-9, "max_steps": 2}, factor), kappa)
        require(1e-3 < value < 1e9, "출발점에서 f가 거의 0입니다.", COUNT)
        # half a step away from the edges, where rounding would decide
        wanted = int(rng.integers(20, 40))
        tol = value * factor ** (2 * wanted - 1)
        found = steps(toy(student, kappa, {"tol": tol}, factor))
        expect(found, "단계 수").close_to(math.ceil(exact_count(value, tol, factor)), rtol=0, atol=0, hint=COUNT)
    least = first_value(toy(student, 3.0, {"tol": 1e-9, "max_steps": 2}, 0.5), 3.0) / 16  # exact: powers of two
    expect(steps(toy(student, 3.0, {"tol": least}, 0.5)), "단계 수").close_to(2, rtol=0, atol=0, hint=COUNT)
    value = steps(toy(student, kappa, {"tol": 1.01 * value}, 0.5))
    expect(value, "단계 수").close_to(0, rtol=0, atol=0, hint="출발점이 이미 tol 이하이면 0단계입니다.")


@points(1.25)
def test_q6_default_tolerance_and_limit(student, rng):
    """tol의 기본값은 1e-3, max_steps의 기본값은 10000입니다."""
    kappa = 20.0 + float(rng.uniform(0, 5))
    hint = "서명의 기본값이 문제와 같은지 확인해 보세요."
    # f = (1 + kappa) / 2 at the start; a factor with which f meets 1e-3 after 12.5 steps
    factor = (2e-3 / (1 + kappa)) ** (1 / 25)
    stated = steps(toy(student, kappa, {"tol": 1e-3, "max_steps": 10_000}, factor))
    require(0 < stated < 1000, "tol에 닿은 단계 수가 올바르지 않습니다.", COUNT)
    expect(steps(toy(student, kappa, {}, factor)), "단계 수").close_to(stated, rtol=0, atol=0, hint=hint)
    slow = (2e-3 / (1 + kappa)) ** (1 / (2 * 4_000))  # 4000 steps are enough to tell the limit from 1000
    found = steps(toy(student, kappa, {"tol": 1e-3}, slow))
    require(1_000 < found < 10_000, "10000단계가 되기 전에 그만두었습니다.", hint)


@points(2.5)
def test_q6_never_arriving_gives_infinity(student, rng):
    """max_steps번 안에 닿지 못하거나 발산하면 math.inf를 돌려줍니다."""
    kappa = condition(rng)
    hint = "닿지 못했을 때 max_steps나 None이 아니라 math.inf를 돌려주는지 확인해 보세요."
    late = toy(student, kappa, {"tol": 1e-9, "max_steps": 7}, 0.9)
    require(steps(late) == math.inf, "max_steps 안에 닿지 못했는데 다른 값이 나왔습니다.", hint)
    crawls = toy(student, kappa, {"tol": 1e-9, "max_steps": 300}, 0.9999)
    require(steps(crawls) == math.inf, "max_steps 안에 닿지 못했는데 다른 값이 나왔습니다.", hint)
    for report, most in ((late, 7), (crawls, 300)):
        calls = expect(report["calls"].integer(), "opt를 부른 횟수")
        calls.between(1, most, hint="opt를 max_steps번보다 많이 부르지 마세요.")
    grows = toy(student, kappa, {"max_steps": 400}, 1e3)
    require(steps(grows) == math.inf, "발산했는데 다른 값이 나왔습니다.", "nan과 tol의 비교는 언제나 거짓입니다.")
    limit = steps(toy(student, kappa, {"tol": 1e-3, "max_steps": 1000}, 0.5))
    require(0 < limit < 1000, "tol에 닿은 단계 수가 올바르지 않습니다.", COUNT)
    last = toy(student, kappa, {"tol": 1e-3, "max_steps": int(limit)}, 0.5)
    hint = "max_steps번째 단계에서 닿는 경우까지 세는지 확인해 보세요."
    expect(steps(last), "단계 수").finite(hint=hint).close_to(limit, rtol=0, atol=0, hint=hint)


@leans_on("sgd")
@points(0.5)
def test_q6_gradient_descent_diverges_beyond_two_over_l(student, rng):
    """경사하강법은 lr이 2/L보다 작으면 닿고, 크면 발산합니다."""
    kappa = float(rng.uniform(3, 20))
    hint = "기울기가 (p₀, κ p₁)인지 확인해 보세요. 가장 큰 곡률 L은 kappa입니다."
    for share, arrives in ((0.9, True), (1.1, False)):
        answer = student.probe("steps_with_sgd", kappa, {"lr": share * 2 / kappa, "max_steps": 1000})
        value = expect(answer, "단계 수").number()
        require((value < 1000) == arrives, f"lr이 2/L의 {share:g}배일 때의 결과가 이론과 다릅니다.", hint)


@leans_on("sgd", "momentum")
@points(4.75)
def test_q6_condition_number_and_its_root(student, rng, reference):
    """경사하강법과 무거운 공의 단계 수가 이론과 같습니다."""
    hint = "float64로 계산하는지, 출발점과 기울기와 tol이 문제와 같은지 확인해 보세요."
    for _ in range(2):
        while True:  # away from the tolerance, where rounding would decide
            kappa, tol = float(10 ** rng.uniform(1, 2)), float(10 ** rng.uniform(-4, -2))
            lr, beta = reference.heavy_ball_optimal(1.0, kappa)
            plain = reference.count(reference.values_on_quadratic(kappa, 2 / (1 + kappa), 0.0, 900), tol)
            heavy = reference.count(reference.values_on_quadratic(kappa, lr, beta, 200), tol)
            if plain is not None and heavy is not None:
                break
        found = student.probe("steps_with_sgd", kappa, {"tol": tol, "lr": 2 / (1 + kappa)})
        expect(found, "경사하강법의 단계 수").close_to(plain, rtol=0, atol=0, hint=hint)
        found = student.probe("steps_with_momentum", kappa, {"tol": tol, "lr": lr, "beta": beta})
        expect(found, "무거운 공의 단계 수").close_to(heavy, rtol=0, atol=0, hint=hint)
