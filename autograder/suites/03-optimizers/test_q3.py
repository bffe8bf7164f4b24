"""Hidden tests of question 3: rmsprop(p, g, state, lr, alpha, eps), as torch.optim.RMSprop.

With eps = 0 a step tells the root it was divided by, so the memory and eps are judged with the student's own root.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
PAIR = "새 파라미터와 state를 이 순서로, 두 개 돌려주어야 합니다."


def walk(student, p, gs, hp, mode="plain"):
    """Return the student's parameters after each step, (len(gs), *p.shape), float64."""
    return path(student.probe("walk_rmsprop", p, gs, hp, mode), p, gs)


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
    hint = "제곱근 안이 음수이거나 0으로 나누지 않았는지 확인해 보세요."
    expect(report).mapping(("path", "p", "gs"))
    entry = expect(report["path"], "p").sequence(len(gs))
    found = [entry.item(k).shape(*p.shape).finite(hint=hint).reals() for k in range(len(gs))]
    return torch.stack(found)


def roots(student, p, gs, hp):
    """Return lr |g| / |step| for each step: what the gradient was divided by, (len(gs), *p.shape)."""
    found = torch.diff(walk(student, p, gs, hp), dim=0, prepend=p[None])
    require(bool((found != 0).all()), "움직이지 않은 원소가 있습니다.", "p - lr * g / (...)를 돌려주세요.")
    return hp["lr"] * torch.stack(gs).abs() / found.abs()


@points(0.75)
def test_q3_form_and_defaults(student, rng, reference):
    """모양과 dtype을 지키고 딕셔너리 state를 돌려줍니다. 기본값(0.01, 0.99, 1e-8)으로 간 궤적이 식과 같습니다."""
    p, gs = reference.parameters(rng, 3)
    for dtype in (torch.float32, torch.float64):
        new, state = expect(student.rmsprop(p.to(dtype), gs[0].to(dtype), {}, lr=0.1)).unpack(2, hint=PAIR)
        expect(new, "p").shape(*p.shape).dtype(dtype)
        expect(state, "state").mapping((), extra=True, hint="다음 단계에 쓸 평균을 딕셔너리에 담아 돌려주세요.")
    hint = "서명의 기본값이 문제와 같은지 확인해 보세요."
    small = [g * 1e-7 for g in gs]
    for given in (gs, small):
        left_out, stated = (walk(student, p, given, hp) for hp in ({}, reference.DEFAULTS["rmsprop"]))
        expect(left_out, "기본값으로 구한 궤적").close_to(stated, **CLOSE, hint=hint)
    hint = "문제에 적힌 두 식과 하나씩 비교해 보세요. 처음의 v는 0이고, 새 v로 나눕니다."
    expected = reference.torch_path("rmsprop", p, gs, {})  # g is large beside eps: its place is another test's
    expect(walk(student, p, gs, {}), "기본값으로 구한 궤적").close_to(expected, **CLOSE, hint=hint)


@points(0.25)
def test_q3_first_step_depends_on_the_sign_only(student, rng, reference):
    """eps가 0이면 첫 단계에 움직이는 거리는 기울기의 크기와 상관없이 모두 같고, 방향은 기울기의 반대입니다."""
    p, gs = reference.parameters(rng, 1)
    hp = {"lr": float(rng.uniform(0.1, 0.5)), "alpha": float(rng.uniform(0.6, 0.97)), "eps": 0.0}
    hint = "처음의 v는 0이므로 sqrt(v)는 |g|에 비례합니다. g²인지, 제곱근을 취했는지, 원소마다 나누는지 확인해 보세요."
    along = -(walk(student, p, gs, hp)[0] - p) * gs[0].sign()
    require(bool((along > 1e-3).all()), "기울기의 반대 방향으로 움직이지 않은 원소가 있습니다.", hint)
    expect(along, "첫 단계에 움직인 거리").close_to(along.mean().expand_as(along), rtol=1e-4, atol=0.0, hint=hint)
    scaled = -(walk(student, p, [37 * gs[0]], hp)[0] - p) * gs[0].sign()
    expect(scaled, "기울기를 키웠을 때 첫 단계에 움직인 거리").close_to(along, rtol=1e-4, atol=0.0, hint=hint)


@points(0.5)
def test_q3_square_of_the_root_is_a_moving_average(student, rng, reference):
    """나누는 수의 제곱은 alpha * (옛 v) + (1 - alpha) * g²로 움직입니다."""
    for alphas in ((0.5, 0.9), (0.2, 0.45)):
        p, gs = reference.parameters(rng, 8)
        hp = {"lr": 0.1, "alpha": float(rng.uniform(*alphas)), "eps": 0.0}
        v = roots(student, p, gs, hp) ** 2
        expected = hp["alpha"] * v[:-1] + (1 - hp["alpha"]) * torch.stack(gs[1:]) ** 2
        hint = (
            "제곱의 합이 아니라 이동 평균인지, g가 아니라 g의 제곱을 원소마다 평균하는지, "
            "state에 담은 v를 다음 단계에서 쓰는지 확인해 보세요."
        )
        expect(v[1:], "나누는 수의 제곱").close_to(expected, rtol=1e-3, atol=1e-9, own=True, hint=hint)


@points(0.25)
def test_q3_eps_is_added_to_the_root(student, rng, reference):
    """eps는 제곱근 밖에서 더합니다."""
    p, gs = reference.parameters(rng, 4)
    plain = {"lr": 0.1, "alpha": 0.8, "eps": 0.0}
    own = roots(student, p, gs, plain)
    hint = "sqrt(v + eps)가 아니라 sqrt(v) + eps로 나누는지 확인해 보세요."
    for eps in (0.05, 0.5):
        found = roots(student, p, gs, {**plain, "eps": eps})
        expect(found, "나누는 수").close_to(own + eps, rtol=1e-3, atol=1e-9, own=True, hint=hint)


@points(1)
def test_q3_fifty_steps_equal_torch(student, rng, reference):
    """무작위 하이퍼파라미터로 50단계를 간 궤적이 torch.optim.RMSprop과 같습니다."""
    for _ in range(2):
        p, gs = reference.parameters(rng, 50)
        hp = reference.hyperparameters(rng, "rmsprop")
        expected = reference.torch_path("rmsprop", p, gs, hp)
        hint = "문제에 적힌 두 식과 하나씩 비교해 보세요. 새 v로 나눕니다."
        expect(walk(student, p, gs, hp), "궤적").close_to(expected, **CLOSE, hint=hint)
        asked = stepped(student.rmsprop, p, gs, hp)
        expect(asked, "하나씩 물은 단계").close_to(expected[: len(asked)], **CLOSE, hint=hint)


@points(0.25)
def test_q3_each_parameter_has_its_own_average(student, rng, reference):
    """다른 파라미터를 번갈아 움직여도 서로의 평균이 섞이지 않습니다."""
    p, gs = reference.parameters(rng, 5)
    hp = {"lr": 0.1, "alpha": 0.8, "eps": 1e-3}
    hint = "v를 전역 변수나 함수의 속성이 아니라 state에만 담았는지 확인해 보세요."
    expect(walk(student, p, gs, hp, "beside"), "궤적").close_to(walk(student, p, gs, hp), **CLOSE, hint=hint)


@points(1)
def test_q3_leaves_its_inputs(student, rng, reference):
    """p, g와 옛 state를 바꾸지 않고, 그것들과 메모리를 나누지 않습니다."""
    p, gs = reference.parameters(rng, 5)
    hp = {"lr": 0.1, "alpha": 0.8, "eps": 1e-3}
    plain = walk(student, p, gs, hp)
    hint = "v.mul_(...), state['v'] = ...처럼 받은 것을 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    report = student.probe("walk_rmsprop", p, gs, hp, "twice")
    expect(path(report, p, gs), "같은 단계를 다시 불렀을 때의 궤적").close_to(plain, **CLOSE, hint=hint)
    expect(report["p"], "p").equals(p, hint=hint)
    expect(report["gs"], "g").equals(gs, hint=hint)
    scribbled = walk(student, p, gs, hp, "scribble")
    expect(scribbled, "옛 p, g, state를 덮어쓴 뒤의 궤적").close_to(plain, **CLOSE, hint=hint)
