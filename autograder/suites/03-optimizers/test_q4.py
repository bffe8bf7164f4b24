"""Hidden tests of question 4: adam(p, g, state, lr, betas, eps), as torch.optim.Adam.

Each part is judged where the others can't be seen: the correction on a steady gradient, beta1 by coasting, beta2 with
beta1 = 0, eps by how it adds up; all but the first step, the plain call and the trajectory in units of the student's
own steps.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 1e-5}
PAIR = "새 파라미터와 state를 이 순서로, 두 개 돌려주어야 합니다."


def walk(student, p, gs, hp, mode="plain", *, first=True):
    """Return the student's parameters after each step, (len(gs), *p.shape), float64; `first` as for `path`."""
    return path(student.probe("walk_adam", p, gs, hp, mode), p, gs, first=first)


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


def path(report, p, gs, *, first=True):
    """Read the trajectory out of a probe's report.

    Where t counts from 0 the first step is NaN, and the probe goes on from the old p. Unless `first` is asked for, such
    a step counts as none at all: what is right after it is not lost.
    """
    hint = "t를 1부터 세는지 확인해 보세요. t = 0이면 1 - beta^t가 0이 되어 0으로 나누게 됩니다."
    expect(report).mapping(("path", "p", "gs"))
    entry = expect(report["path"], "p").sequence(len(gs))
    found = [entry.item(k).shape(*p.shape) for k in range(len(gs))]
    steps = [value.finite(hint=hint).reals() for value in (found if first else found[1:])]
    if not first:
        start = found[0].tensor().to(torch.float64)
        steps.insert(0, torch.where(start.abs() < 1e90, start, p))
    return torch.stack(steps)


def moves(student, p, gs, hp, *, first=True):
    """Return the displacement of each step, (len(gs), *p.shape); the second one is not zero anywhere."""
    found = torch.diff(walk(student, p, gs, hp, first=first), dim=0, prepend=p[None])
    require(bool((found[1] != 0).all()), "둘째 단계에서 움직이지 않은 원소가 있습니다.", "식을 다시 확인해 보세요.")
    return found


def betas(rng):
    """Return random (beta1, beta2)."""
    return float(rng.uniform(0.5, 0.8)), float(rng.uniform(0.9, 0.99))


@points(1.25)
def test_q4_form_and_defaults(student, rng, reference):
    """모양과 dtype을 지키고 딕셔너리 state를 돌려줍니다. 기본값 0.001, (0.9, 0.999), 1e-8로 간 궤적이 식과 같습니다."""
    p, gs = reference.parameters(rng, 3)
    for dtype in (torch.float32, torch.float64):
        new, state = expect(student.adam(p.to(dtype), gs[0].to(dtype), {}, lr=0.1)).unpack(2, hint=PAIR)
        expect(new, "p").shape(*p.shape).dtype(dtype)
        expect(state, "state").mapping((), extra=True, hint="다음 단계에 쓸 것들을 딕셔너리에 담아 돌려주세요.")
    hint = "서명의 기본값이 문제와 같은지 확인해 보세요."
    small = [g * 1e-8 for g in gs]
    for given in (gs, small):
        left_out, stated = (walk(student, p, given, hp, first=False) for hp in ({}, reference.DEFAULTS["adam"]))
        expect(left_out, "기본값으로 구한 궤적").close_to(stated, **CLOSE, hint=hint)
    hint = "문제에 적힌 다섯 식과 하나씩 비교해 보세요."
    expected = reference.torch_path("adam", p, gs, {}) - p  # g is large beside eps: its place is another test's
    moved = walk(student, p, gs, {}) - p
    expect(moved, "기본값으로 움직인 거리").close_to(expected, rtol=1e-4, atol=1e-7, hint=hint)


@points(0.25)
def test_q4_first_step_is_the_rate_times_the_sign(student, rng, reference):
    """eps가 0이면 첫 단계는 -lr * sign(g)입니다."""
    p, gs = reference.parameters(rng, 1)
    gs[0] = gs[0].sign()  # of size 1, so that the power of g in v, which other tests judge, does not matter here
    hp = {"lr": float(rng.uniform(0.02, 0.5)), "betas": betas(rng), "eps": 0.0}
    hint = "편향 보정을 하면 첫 단계에서 m은 g, v는 g²이 됩니다. 두 평균을 모두 보정하는지 확인해 보세요."
    expected = -hp["lr"] * gs[0].sign()
    expect(walk(student, p, gs, hp)[0] - p, "첫 단계").close_to(expected, **CLOSE, hint=hint)


@points(0.5)
def test_q4_scale_of_the_gradients_does_not_matter(student, rng, reference):
    """eps가 0이면 모든 기울기에 같은 양수를 곱해도 궤적이 같습니다."""
    p, gs = reference.parameters(rng, 12)
    hp = {"lr": 0.1, "betas": betas(rng), "eps": 0.0}
    plain = moves(student, p, gs, hp, first=False)[1:]
    hint = "v가 |g|가 아니라 g²의 평균인지, 나눌 때 제곱근을 취하는지, eps를 따로 더하지 않는지 확인해 보세요."
    for scale in (1e-6, float(rng.uniform(2, 9)), 1e5):
        found = moves(student, p, [scale * g for g in gs], hp, first=False)[1:]
        expect(found, "움직인 거리").close_to(plain, rtol=1e-4, atol=1e-6, hint=hint)


@points(0.5)
def test_q4_steady_gradient_gives_steady_steps(student, rng, reference):
    """기울기가 일정하면 편향 보정 덕분에 모든 단계에서 기울기의 반대쪽으로 같은 거리를 움직입니다."""
    p, gs = reference.parameters(rng, 1)
    found = moves(student, p, gs * 25, {"lr": 0.1, "betas": betas(rng), "eps": 0.0})
    hint = (
        "m은 1 - beta1^t로, v는 1 - beta2^t로 나누는지, t가 단계마다 1씩 늘어나는지, "
        "state에는 보정하기 전의 값을 담는지 확인해 보세요."
    )
    expect(found, "움직인 거리").close_to(found[0].expand_as(found), rtol=1e-3, atol=0.0, hint=hint)
    against = bool((found.sign() == -gs[0].sign()).all())
    require(against, "기울기의 반대쪽으로 움직이지 않았습니다.", "손실을 줄이려면 빼야 합니다.")


@points(0.5)
def test_q4_first_beta_is_inertia(student, rng, reference):
    """관성을 정하는 것은 betas의 첫째입니다. 0이면 기울기가 0일 때 바로 멈추고, 아니면 가던 쪽으로 더 나아갑니다."""
    p, gs = reference.parameters(rng, 1)
    beta1, beta2 = betas(rng)
    given = [*gs * 6, torch.zeros_like(p)]
    stopped = moves(student, p, given, {"lr": 0.1, "betas": (0.0, beta2), "eps": 1e-8}, first=False)
    hint = "betas[0]은 기울기의 평균 m에, betas[1]은 제곱의 평균 v에 쓰는지 확인해 보세요."
    expect(stopped[-1], "기울기가 0인 단계").close_to(torch.zeros_like(p), rtol=0, atol=1e-12, hint=hint)
    coasting = moves(student, p, given, {"lr": 0.1, "betas": (beta1, beta2), "eps": 1e-8}, first=False)
    along = bool((coasting[-1].sign() == coasting[-2].sign()).all())
    require(along, "beta1이 0보다 큰데도 기울기가 0이 되자 멈추었습니다.", hint)
    against = bool((coasting[-1].sign() == -gs[0].sign()).all())
    require(against, "지난 기울기의 반대쪽으로 나아가지 않습니다.", "손실을 줄이려면 빼야 합니다.")


@points(0.25)
def test_q4_second_beta_is_the_memory_of_squares(student, rng, reference):
    """크기의 기억을 정하는 것은 betas의 둘째이고, 기울기의 제곱을 이동 평균합니다."""
    p, gs = reference.parameters(rng, 8)
    beta2 = float(rng.uniform(0.3, 0.48))
    found = moves(student, p, gs, {"lr": 0.1, "betas": (0.0, beta2), "eps": 0.0})
    squares = torch.stack(gs) ** 2
    hint = "v = beta2 * (옛 v) + (1 - beta2) * g²인지 확인해 보세요."
    require(bool((found != 0).all()), "움직이지 않은 원소가 있습니다.", hint)
    v = 0.01 * squares / found**2
    corrected = v * (1 - beta2 ** torch.arange(1, 9, dtype=torch.float64))[:, None, None]

    def averages(values):
        expected = beta2 * values[:-1] + (1 - beta2) * squares[1:]
        return bool(((values[1:] - expected).abs() <= 1e-3 * expected).all())

    # The steps show v / (1 - beta2^t), or v itself where the correction, which another test judges, was left out.
    require(averages(corrected) or averages(v), "기울기의 제곱이 이동 평균되지 않았습니다.", hint)


@points(0.5)
def test_q4_eps_is_added_to_the_root(student, rng, reference):
    """eps는 제곱근 밖에서 더합니다."""
    p, gs = reference.parameters(rng, 1)
    plain = {"lr": 0.1, "betas": betas(rng)}
    runs = [moves(student, p, gs * 2, {**plain, "eps": eps}, first=False) for eps in (0.0, 0.3, 0.6)]
    none, small, twice = (run[1] for run in runs)
    hint = "sqrt(v + eps)가 아니라 sqrt(v) + eps로 나누는지 확인해 보세요."
    require(bool((small.abs() < none.abs()).all()), "eps를 키워도 움직이는 거리가 작아지지 않습니다.", hint)
    first, second = 1 / small - 1 / none, 1 / twice - 1 / none
    expect(second, "eps가 늘린 만큼").close_to(2 * first, rtol=1e-3, atol=1e-6, own=True, hint=hint)


@points(0.5)
def test_q4_each_parameter_counts_its_own_steps(student, rng, reference):
    """다른 파라미터를 번갈아 움직여도 단계 수 t와 평균이 섞이지 않습니다."""
    p, gs = reference.parameters(rng, 6)
    hp = {"lr": 0.1, "betas": betas(rng), "eps": 1e-3}
    plain = walk(student, p, gs, hp, first=False)
    hint = "t, m, v를 전역 변수나 함수의 속성이 아니라 state에만 담았는지 확인해 보세요."
    expect(walk(student, p, gs, hp, "beside", first=False), "궤적").close_to(plain, **CLOSE, hint=hint)
    expect(walk(student, p, gs, hp, first=False), "처음부터 다시 구한 궤적").close_to(plain, **CLOSE, hint=hint)


@points(1.75)
def test_q4_fifty_steps_equal_torch(student, rng, reference):
    """무작위 하이퍼파라미터로 50단계를 간 궤적이 torch.optim.Adam과 같습니다."""
    for _ in range(2):
        p, gs = reference.parameters(rng, 50)
        hp = reference.hyperparameters(rng, "adam")
        expected = reference.torch_path("adam", p, gs, hp)
        hint = "문제에 적힌 다섯 식과 하나씩 비교해 보세요."
        expect(walk(student, p, gs, hp), "궤적").close_to(expected, **CLOSE, hint=hint)
        asked = stepped(student.adam, p, gs, hp)
        expect(asked, "하나씩 물은 단계").close_to(expected[: len(asked)], **CLOSE, hint=hint)


@points(2)
def test_q4_leaves_its_inputs(student, rng, reference):
    """p, g와 옛 state를 바꾸지 않고, 그것들과 메모리를 나누지 않습니다."""
    p, gs = reference.parameters(rng, 5)
    hp = {"lr": 0.1, "betas": betas(rng), "eps": 1e-3}
    plain = walk(student, p, gs, hp, first=False)
    hint = "m.mul_(...), state['t'] += 1처럼 받은 것을 바꾸는 연산을 쓰지 않았는지 확인해 보세요."
    report = student.probe("walk_adam", p, gs, hp, "twice")
    expect(path(report, p, gs, first=False), "같은 단계를 다시 불렀을 때의 궤적").close_to(plain, **CLOSE, hint=hint)
    expect(report["p"], "p").equals(p, hint=hint)
    expect(report["gs"], "g").equals(gs, hint=hint)
    scribbled = walk(student, p, gs, hp, "scribble", first=False)
    expect(scribbled, "옛 p, g, state를 덮어쓴 뒤의 궤적").close_to(plain, **CLOSE, hint=hint)
