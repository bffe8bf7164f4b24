"""Hidden tests of question 1: sgd(p, g, state, lr) -> (p - lr g, state).

The plain call with its default, one step and the trajectory are values of the formula: a wrong one loses all three,
another default the first alone.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
PAIR = "새 파라미터와 state를 이 순서로, 두 개 돌려주어야 합니다."


def walk(student, p, gs, hp, mode="plain"):
    """Return the student's parameters after each step, (len(gs), *p.shape), float64."""
    report = student.probe("walk_sgd", p, gs, hp, mode)
    return path(report, p, gs)


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


@points(0.5)
def test_q1_returns_parameter_and_state(student, rng, reference):
    """p와 같은 모양과 dtype인 새 파라미터와 딕셔너리 state를 돌려줍니다."""
    p, gs = reference.parameters(rng, 1)
    for dtype in (torch.float32, torch.float64):
        new, state = expect(student.sgd(p.to(dtype), gs[0].to(dtype), {}, lr=0.1)).unpack(2, hint=PAIR)
        expect(new, "p").shape(*p.shape).dtype(dtype)
        expect(state, "state").mapping((), extra=True, hint="기억할 것이 없으면 빈 딕셔너리를 돌려주세요.")


@points(0.5)
def test_q1_moves_by_the_rate_times_the_gradient(student, rng, reference):
    """기울기의 반대 방향으로, 원소마다 lr 곱하기 기울기의 크기만큼 움직입니다."""
    for _ in range(2):
        p, gs = reference.parameters(rng, 1)
        lr = float(rng.uniform(0.02, 0.5))
        moved = walk(student, p, gs, {"lr": lr})[0] - p
        against = bool((moved.sign() == -gs[0].sign()).all())
        require(against, "기울기의 반대 방향이 아닌 원소가 있습니다.", "손실을 줄이려면 기울기를 빼야 합니다.")
        hint = "인자로 받은 lr을 썼는지, 기울기를 정규화하거나 자르지 않았는지 확인해 보세요."
        expect(moved.abs(), "움직인 거리").close_to(lr * gs[0].abs(), **CLOSE, hint=hint)


@points(0.75)
def test_q1_fifty_steps_equal_torch(student, rng, reference):
    """무작위 학습률로 50단계를 간 궤적이 torch.optim.SGD와 같습니다."""
    p, gs = reference.parameters(rng, 50)
    hp = reference.hyperparameters(rng, "sgd")
    hint = "한 단계의 식 p - lr * g를 다시 확인해 보세요."
    expected = reference.torch_path("sgd", p, gs, hp)
    expect(walk(student, p, gs, hp), "궤적").close_to(expected, **CLOSE, hint=hint)
    asked = stepped(student.sgd, p, gs, hp)
    expect(asked, "하나씩 물은 단계").close_to(expected[: len(asked)], **CLOSE, hint=hint)


@points(0.5)
def test_q1_default_rate(student, rng, reference):
    """lr을 주지 않으면 0.01을 씁니다. sgd(p, g, {})만 부른 결과가 (p - 0.01 * g, state)입니다."""
    p, gs = reference.parameters(rng, 2)
    left_out, stated = walk(student, p, gs, {}), walk(student, p, gs, reference.DEFAULTS["sgd"])
    hint = "서명의 기본값이 문제와 같은지 확인해 보세요."
    expect(left_out, "lr을 주지 않은 결과").close_to(stated, **CLOSE, hint=hint)
    new = expect(student.sgd(p, gs[0], {})).unpack(2, hint=PAIR)[0]
    hint = "한 단계의 식 p - lr * g를 다시 확인해 보세요."
    expected = reference.torch_path("sgd", p, gs, {})
    expect(expect(new, "p").shape(*p.shape).reals(), "한 단계").close_to(expected[0], **CLOSE, hint=hint)
    expect(left_out, "lr을 주지 않은 결과").close_to(expected, **CLOSE, hint=hint)


@points(0.75)
def test_q1_leaves_its_inputs(student, rng, reference):
    """p와 g를 바꾸지 않고, 돌려준 p는 그것들과 메모리를 나누지 않습니다."""
    p, gs = reference.parameters(rng, 4)
    plain = walk(student, p, gs, {"lr": 0.1})
    hint = "p -= ..., p.sub_(...)처럼 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    report = student.probe("walk_sgd", p, gs, {"lr": 0.1}, "twice")
    expect(path(report, p, gs), "같은 단계를 다시 불렀을 때의 궤적").close_to(plain, **CLOSE, hint=hint)
    expect(report["p"], "p").equals(p, hint=hint)
    expect(report["gs"], "g").equals(gs, hint=hint)
    scribbled = walk(student, p, gs, {"lr": 0.1}, "scribble")
    expect(scribbled, "옛 p와 g를 덮어쓴 뒤의 궤적").close_to(plain, **CLOSE, hint=hint)
