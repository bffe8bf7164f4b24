"""Hidden tests of question 10: as_momentum(t, lr, beta) and as_rmsprop(t, lr, alpha, eps) -> Adam's hyperparameters.

The judge's own Adam takes the steps, so neither `adam` nor `momentum` of the notebook matters. Direction, size after
many steps and the first step are judged apart: a missing correction costs the early steps, a missing 1 - beta the size.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-4, "atol": 1e-4}
MOMENTUM, RMSPROP = "schedule_of_momentum", "schedule_of_rmsprop"
FORM = '"lr", "betas", "eps"를 담은 딕셔너리를 돌려주세요. betas는 실수 둘입니다.'
RANGE = "betas는 0 이상 1 미만, eps는 0 이상이어야 Adam에 넣을 수 있습니다."


def hyperparameters(answer):
    """Return the student's hyperparameters for one step as plain numbers that Adam takes."""
    entry = expect(answer, "하이퍼파라미터").mapping(("lr", "betas", "eps"), hint=FORM)
    betas = tuple(beta.real(hint=FORM) for beta in entry.item("betas").each(2, hint=FORM))
    lr, eps = entry.item("lr").real(hint=FORM), entry.item("eps").real(hint=FORM)
    require(all(0 <= beta < 1 for beta in betas), "betas가 범위를 벗어났습니다.", RANGE)
    require(eps >= 0, "eps가 음수입니다.", RANGE)
    return {"lr": lr, "betas": betas, "eps": eps}


def path(student, reference, p, gs, probe, *arguments):
    """Return where Adam gets with the hyperparameters that a probe has asked for, step after step."""
    answers = expect(student.probe(probe, len(gs), *arguments), "하이퍼파라미터들").unpack(len(gs))
    found = reference.adam_path(p, gs, [hyperparameters(answer) for answer in answers])
    require(bool((found.abs() < 1e90).all()), "Adam의 궤적이 유한하지 않습니다.", RANGE)
    return found


def rates(rng, low=0.5):
    """Return random lr and beta, the latter between `low` and 0.85, or below 0.45 where `low` is."""
    return float(rng.uniform(0.05, 0.3)), float(rng.uniform(low, 0.85 if low >= 0.5 else 0.45))


def same_signs(reference, rng, count):
    """Return p and gradients of random sizes whose signs do not change: no entry of the velocity is near zero."""
    p, gs = reference.parameters(rng, count)
    return p, [g.abs() * gs[0].sign() for g in gs]


def ratios(student, reference, rng, count):
    """Return by how much each of Adam's steps is longer than momentum's, (count, *p.shape).

    The gradients are small, so that an eps that is only somewhat too small, which other tests judge, does not show.
    """
    p, gs = same_signs(reference, rng, count)
    p, gs = torch.zeros_like(p), [g / 1000 for g in gs]
    lr, beta = rates(rng)
    found = path(student, reference, p, gs, MOMENTUM, lr, beta)
    expected = reference.torch_path("momentum", p, gs, {"lr": lr, "beta": beta})
    return torch.diff(found, dim=0, prepend=p[None]) / torch.diff(expected, dim=0, prepend=p[None])


@points(3)
def test_q10_adam_follows_momentum(student, rng, reference):
    """as_momentum의 하이퍼파라미터를 넣은 Adam의 궤적이 모멘텀의 궤적과 같습니다."""
    hint = "t가 작을 때 편향 보정이 m을 얼마나 키우는지, 쌓는 속도 v와 이동 평균 m이 몇 배 차이인지 적어 보세요."
    for low in (0.5, 0.1):
        p, gs = reference.parameters(rng, 25)
        lr, beta = rates(rng, low)
        expected = reference.torch_path("momentum", p, gs, {"lr": lr, "beta": beta})
        expect(path(student, reference, p, gs, MOMENTUM, lr, beta), "궤적").close_to(expected, **CLOSE, hint=hint)


@points(2.5)
def test_q10_steps_point_along_the_velocity(student, rng, reference):
    """단계마다 모든 원소가 모멘텀의 같은 배수만큼 움직입니다. 곧 방향이 속도의 방향입니다."""
    found = ratios(student, reference, rng, 12)
    hint = "sqrt(v)로 나누는 일이 드러나지 않으려면 eps가 어떠해야 할까요? beta는 어느 자리에 들어갈까요?"
    size = found.mean(dim=(1, 2), keepdim=True)
    require(bool((size > 0).all()), "기울기의 반대쪽으로 움직이지 않았습니다.", hint)
    expect(found / size, "원소마다의 배수").close_to(torch.ones_like(found), rtol=0, atol=1e-3, own=True, hint=hint)


@points(1.5)
def test_q10_later_steps_are_as_long_as_momentums(student, rng, reference):
    """편향 보정이 사라진 뒤에는 모멘텀과 같은 거리를 움직입니다."""
    found = ratios(student, reference, rng, 90)[-1].mean()
    hint = "m = (1 - beta1) g + ...와 v = g + ...는 몇 배 차이인지, eps로 나눈 몫은 어떻게 되돌리는지 확인해 보세요."
    expect(found, "거리의 비").close_to(1.0, rtol=0, atol=1e-3, own=True, hint=hint)


@points(1)
def test_q10_first_step_is_that_of_gradient_descent(student, rng, reference):
    """모멘텀의 첫 단계는 -lr * g이고, Adam도 그만큼 움직입니다."""
    for none in (False, True):  # without momentum it is gradient descent
        p, gs = reference.parameters(rng, 1)
        lr, beta = rates(rng)
        beta = 0.0 if none else beta
        moved = path(student, reference, p, gs, MOMENTUM, lr, beta)[0] - p
        hint = "t = 1일 때 편향 보정은 m을 (1 - beta)로 나눕니다. t는 1부터 셉니다."
        expect(moved, "첫 단계").close_to(-lr * gs[0], **CLOSE, own=True, hint=hint)


@points(1)
def test_q10_large_and_small_gradients(student, rng, reference):
    """기울기의 크기가 0.001이어도 100이어도 모멘텀과 같은 거리를 움직입니다."""
    hint = "문제에 적힌 기울기의 크기 100에 비해 eps가 넉넉히 큰지 확인해 보세요."
    for size in (1e-3, 100.0):
        p, gs = reference.parameters(rng, 6)
        p, gs = torch.zeros_like(p), [g / 3 * size for g in gs]
        lr, beta = rates(rng)
        expected = reference.torch_path("momentum", p, gs, {"lr": lr, "beta": beta}) / size
        found = path(student, reference, p, gs, MOMENTUM, lr, beta) / size
        expect(found, "기울기의 크기로 나눈 궤적").close_to(expected, rtol=1e-3, atol=1e-3, own=True, hint=hint)


@points(3)
def test_q10_adam_follows_rmsprop(student, rng, reference):
    """as_rmsprop의 하이퍼파라미터를 넣은 Adam의 궤적이 RMSProp의 궤적과 같습니다."""
    hint = "RMSProp에는 m도 편향 보정도 없습니다. 보정한 sqrt(v)와 eps를 함께 몇 배 해야 원래대로 될까요?"
    for _ in range(2):
        p, gs = reference.parameters(rng, 25)
        hp = reference.hyperparameters(rng, "rmsprop")
        expected = reference.torch_path("rmsprop", p, gs, hp)
        found = path(student, reference, p, gs, RMSPROP, *hp.values())
        expect(found, "궤적").close_to(expected, **CLOSE, hint=hint)


@points(2)
def test_q10_rmsprop_without_eps(student, rng, reference):
    """eps가 0일 때 RMSProp의 궤적과 같습니다."""
    hint = "beta1은 얼마여야 할까요? 편향 보정은 나누는 수를 sqrt(1 - alpha^t)로 나누어 키웁니다."
    for _ in range(2):
        p, gs = reference.parameters(rng, 12)
        hp = {**reference.hyperparameters(rng, "rmsprop"), "eps": 0.0}
        expected = reference.torch_path("rmsprop", p, gs, hp)
        found = path(student, reference, p, gs, RMSPROP, *hp.values())
        expect(found, "궤적").close_to(expected, **CLOSE, hint=hint)


@points(1)
def test_q10_later_steps_are_those_of_rmsprop(student, rng, reference):
    """편향 보정이 사라진 뒤에는 RMSProp과 같은 단계입니다."""
    p, gs = reference.parameters(rng, 60)
    hp = {"lr": 0.1, "alpha": float(rng.uniform(0.3, 0.75)), "eps": float(rng.uniform(0.1, 0.5))}
    expected = torch.diff(reference.torch_path("rmsprop", p, gs, hp), dim=0)[-3:]
    found = torch.diff(path(student, reference, p, gs, RMSPROP, *hp.values()), dim=0)[-3:]
    hint = "alpha가 들어갈 자리와 beta1, eps를 확인해 보세요."
    expect(found, "마지막 세 단계").close_to(expected, rtol=1e-3, atol=1e-6, own=True, hint=hint)
