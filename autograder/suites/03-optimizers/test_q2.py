"""Hidden tests of question 2: momentum(p, g, state, lr, beta), accumulating, as torch.optim.SGD.

Growth and coasting are measured in units of the student's own steps, so that an averaging (1 - beta), Nesterov's
look-ahead or a velocity used one step late costs the first step, the plain call and the trajectory only.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
PAIR = "새 파라미터와 state를 이 순서로, 두 개 돌려주어야 합니다."


def walk(student, p, gs, hp, mode="plain"):
    """Return the student's parameters after each step, (len(gs), *p.shape), float64."""
    return path(student.probe("walk_momentum", p, gs, hp, mode), p, gs)


def stepped(step, p, gs, hp):
    """Return the first three parameters when each step is asked of the function itself, without a probe."""
    found, state = [], {}
    for g in gs[:3]:
        answer = step(p, g, state, **hp)
        new, state = (answer, None) if torch.is_tensor(answer) else expect(answer).unpack(2, hint=PAIR)
        state = {} if state is None else state  # one test judges whether a state came back
        p = expect(new, "p").shape(*p.shape).finite().reals()
        found.append(p)
    return torch.stack(found)


def path(report, p, gs):
    """Read the trajectory out of a probe's report."""
    expect(report).mapping(("path", "p", "gs"))
    entry = expect(report["path"], "p").sequence(len(gs))
    found = [entry.item(k).shape(*p.shape).finite().reals() for k in range(len(gs))]
    return torch.stack(found)


def moves(student, p, gs, hp):
    """Return the displacement of each step, (len(gs), *p.shape)."""
    return torch.diff(walk(student, p, gs, hp), dim=0, prepend=p[None])


@points(0.75)
def test_q2_form_and_defaults(student, rng, reference):
    """모양과 dtype을 지키고 딕셔너리 state를 돌려줍니다. 기본값 lr=0.01, beta=0.9로 간 궤적이 식과 같습니다."""
    p, gs = reference.parameters(rng, 3)
    for dtype in (torch.float32, torch.float64):
        new, state = expect(student.momentum(p.to(dtype), gs[0].to(dtype), {}, lr=0.1)).unpack(2, hint=PAIR)
        expect(new, "p").shape(*p.shape).dtype(dtype)
        expect(state, "state").mapping((), extra=True, hint="다음 단계에 쓸 속도를 딕셔너리에 담아 돌려주세요.")
    left_out, stated = walk(student, p, gs, {}), walk(student, p, gs, reference.DEFAULTS["momentum"])
    hint = "서명의 기본값이 문제와 같은지 확인해 보세요."
    expect(left_out, "기본값으로 구한 궤적").close_to(stated, **CLOSE, hint=hint)
    hint = "문제에 적힌 두 식과 비교해 보세요. 속도를 state에 담아 다음 단계에 쓰고, 새 속도로 움직입니다."
    expected = reference.torch_path("momentum", p, gs, {})
    expect(left_out, "기본값으로 구한 궤적").close_to(expected, **CLOSE, hint=hint)


@points(0.25)
def test_q2_first_step_is_that_of_gradient_descent(student, rng, reference):
    """첫 단계는 -lr * g, 곧 경사하강법의 단계입니다."""
    p, gs = reference.parameters(rng, 1)
    hp = {"lr": float(rng.uniform(0.02, 0.5)), "beta": float(rng.uniform(0.5, 0.85))}
    hint = "처음의 속도는 0이므로 v = g입니다. g에 (1 - beta)를 곱하는 이동 평균이 아닌지 식을 다시 확인해 보세요."
    expect(moves(student, p, gs, hp)[0], "첫 단계").close_to(-hp["lr"] * gs[0], **CLOSE, hint=hint)


@points(0.25)
def test_q2_steady_gradient_speeds_up(student, rng, reference):
    """기울기가 일정하면 움직이는 거리가 점점 커지고, 늘어나는 폭은 단계마다 beta배가 됩니다."""
    p, gs = reference.parameters(rng, 1)
    beta = float(rng.uniform(0.5, 0.85))
    found = moves(student, p, gs * 7, {"lr": 0.1, "beta": beta})
    growth = torch.diff(found[1:7], dim=0)
    hint = "돌려준 state의 속도를 다음 단계에서 다시 쓰는지, beta를 옛 속도에 곱하는지 확인해 보세요."
    require(bool((growth.abs() > 1e-5).all()), "기울기가 일정한데도 움직이는 거리가 커지지 않습니다.", hint)
    expect(growth[1:], "늘어나는 폭").close_to(beta * growth[:-1], rtol=1e-3, atol=1e-6, hint=hint)


@points(0.25)
def test_q2_coasts_when_the_gradient_vanishes(student, rng, reference):
    """기울기가 0이 되어도 멈추지 않고, 지난 기울기의 반대쪽으로 단계마다 beta배로 느려지며 나아갑니다."""
    p, gs = reference.parameters(rng, 2)
    beta = float(rng.uniform(0.5, 0.85))
    gs[1] = 0.5 * gs[1].abs() * gs[0].sign()  # the same signs: no entry of the velocity is near zero
    found = moves(student, p, [*gs, *[torch.zeros_like(p)] * 4], {"lr": 0.1, "beta": beta})[3:]
    hint = "v = beta * (옛 v) + g에서 g = 0이면 v는 beta배가 됩니다."
    require(bool((found.abs() > 1e-4).all()), "기울기가 0이 되자 멈추었습니다.", hint)
    expect(found[1:], "기울기가 0인 단계").close_to(beta * found[:-1], rtol=1e-3, atol=1e-6, hint=hint)
    against = bool((found.sign() == -gs[0].sign()).all())
    require(against, "지난 기울기의 반대쪽으로 나아가지 않습니다.", "손실을 줄이려면 속도를 빼야 합니다.")


@points(1.25)
def test_q2_fifty_steps_equal_torch(student, rng, reference):
    """무작위 하이퍼파라미터로 50단계를 간 궤적이 torch.optim.SGD(momentum=beta)와 같습니다."""
    for _ in range(2):
        p, gs = reference.parameters(rng, 50)
        hp = reference.hyperparameters(rng, "momentum")
        expected = reference.torch_path("momentum", p, gs, hp)
        hint = "문제에 적힌 두 식과 비교해 보세요. 새 속도로 움직이며, g에는 아무것도 곱하지 않습니다."
        expect(walk(student, p, gs, hp), "궤적").close_to(expected, **CLOSE, hint=hint)
        asked = stepped(student.momentum, p, gs, hp)
        expect(asked, "하나씩 물은 단계").close_to(expected[: len(asked)], **CLOSE, hint=hint)


@points(0.25)
def test_q2_each_parameter_has_its_own_velocity(student, rng, reference):
    """다른 파라미터를 번갈아 움직여도 서로의 속도가 섞이지 않습니다."""
    p, gs = reference.parameters(rng, 5)
    hp = {"lr": 0.1, "beta": 0.8}
    hint = "속도를 전역 변수나 함수의 속성이 아니라 state에만 담았는지 확인해 보세요."
    expect(walk(student, p, gs, hp, "beside"), "궤적").close_to(walk(student, p, gs, hp), **CLOSE, hint=hint)


@points(1)
def test_q2_leaves_its_inputs(student, rng, reference):
    """p, g와 옛 state를 바꾸지 않고, 그것들과 메모리를 나누지 않습니다."""
    p, gs = reference.parameters(rng, 5)
    hp = {"lr": 0.1, "beta": 0.8}
    plain = walk(student, p, gs, hp)
    hint = "v.mul_(...), state['v'] = ...처럼 받은 것을 바꾸는 연산이 없는지, g를 그대로 state에 담지 않았는지 보세요."
    report = student.probe("walk_momentum", p, gs, hp, "twice")
    expect(path(report, p, gs), "같은 단계를 다시 불렀을 때의 궤적").close_to(plain, **CLOSE, hint=hint)
    expect(report["p"], "p").equals(p, hint=hint)
    expect(report["gs"], "g").equals(gs, hint=hint)
    scribbled = walk(student, p, gs, hp, "scribble")
    expect(scribbled, "옛 p, g, state를 덮어쓴 뒤의 궤적").close_to(plain, **CLOSE, hint=hint)
