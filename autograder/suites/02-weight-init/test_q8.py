"""Hidden tests of question 8: init_sweep(inits, depths, seed, data, ...) -> {name: {depth: accuracy}}.

Most tests train for a few steps or not at all: the initialisers are the suite's own, keep a record of the calls or
write down weights whose accuracy is known. Training is compared with the reference's where the choice of minibatches
plays no part; margins are in NOTES.md.
"""

import itertools

from autograder.judge import error_rate, expect, points, require

QUICK = {"width": 7, "steps": 1, "batch": 8}


def traced(student, names, depths, seed, data, disturb=0, **options):
    """Return the probe's report on one call with recording initialisers."""
    report = student.probe("traced_sweep", names, depths, seed, data, {**QUICK, **options}, disturb)
    expect(report).mapping(("result", "calls", "data"))
    return report


def recorded(report, name):
    """Return what one initialiser recorded of each call: (shape, not yet looked at, first number drawn)."""
    calls = [call.unpack(2) for call in expect(report["calls"], "init을 부른 기록").item(name).each()]
    return [(shape, expect(number, "처음 뽑은 난수").real()) for shape, number in calls]


def networks(report, name, depths):
    """Return the recorded calls of one initialiser, cut into networks of depth + 1 calls.

    A student whose networks all have a layer more or less has the cuts there: another test asks for their number.
    """
    calls = recorded(report, name)
    hint = "은닉층이 depth개이면 가중치는 출력층까지 depth + 1개이고, 신경망마다 한 번씩 init을 부릅니다."
    more, rest = divmod(len(calls) - sum(depths), len(depths))
    require(rest == 0 and more + min(depths) > 0, "init을 부른 횟수가 층의 수와 다릅니다.", hint)
    found, start = [], 0
    for depth in depths:
        found.append(calls[start : start + depth + more])
        start += depth + more
    return found


def accuracy(result, name, depth):
    """Return one accuracy of a result as a share of 1, whatever the student's unit (percent: above 1)."""
    value = expect(result, "결과").item(name).item(depth).finite().real()
    return value / 100 if value > 1.0 else value


def given(student, kind, scale, in_place, depth, data, width):
    """Return the accuracy of weights written down beforehand, without training."""
    result = student.probe("sweep_of_given_weights", kind, scale, in_place, depth, data, width)
    return accuracy(result, "given", depth)


@points(1)
def test_q8_one_accuracy_for_each_name_and_depth(student, rng, reference):
    """{이름: {깊이: 정확도}}를 돌려주고 정확도는 0과 1 사이입니다."""
    data = reference.axis_clusters(rng, 40, 30, features=6, classes=4)
    report = traced(student, ["a", "b"], [3, 1], 0, data)
    hint = "inits의 이름마다 딕셔너리를 두고, 그 안에 깊이마다 정확도를 담아 돌려주세요."
    result = expect(report["result"], "결과").mapping(("a", "b"), hint=hint)
    for name in ("a", "b"):
        entries = result.item(name).mapping((3, 1), hint=hint)
        for depth in (3, 1):
            entries.item(depth).between(0.0, 1.0, hint="정확도는 백분율이 아니라 0과 1 사이의 값으로 돌려주세요.")
    expect(report["data"], "data").equals(data, hint="data를 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요.")


@error_rate(1e-8)
@points(3)
def test_q8_every_network_starts_from_the_seed(student, rng, reference):
    """신경망마다 같은 시드에서 다시 시작하므로, 순서나 함께 비교한 것이 결과를 바꾸지 않습니다."""
    data = reference.noise(rng, 40, 300, features=6, classes=4)
    seed = int(rng.integers(10_000))
    hint = "이름과 깊이마다 torch.Generator().manual_seed(seed)를 새로 만드세요. 시드는 인자로 받은 것을 씁니다."
    runs = [(["a"], [2], 0), (["b", "a"], [1, 2], 5), (["a", "b"], [2, 1], 9)]
    starts, values = set(), {1: set(), 2: set()}
    for names, depths, disturb in runs:
        report = traced(student, names, depths, seed, data, disturb, steps=4, lr=0.05)
        for name in names:
            starts |= {round(calls[0][1], 9) for calls in networks(report, name, depths)}
            for depth in depths:
                values[depth].add(round(accuracy(report["result"], name, depth), 9))
    require(len(starts) == 1, "신경망마다 처음 뽑는 난수가 다릅니다.", hint)
    again = "같은 시드인데 정확도가 다릅니다."
    batches = f"{hint} 미니배치도 그 gen에서 고르고, 편향은 0에서 시작하세요."
    require(all(len(found) == 1 for found in values.values()), again, batches)
    other = traced(student, ["a"], [2], seed + 1, data)
    first = {round(calls[0][1], 9) for calls in networks(other, "a", [2])}
    require(first.isdisjoint(starts), "시드를 바꾸어도 처음 뽑는 난수가 같습니다.", hint)


@error_rate(1e-12)
@points(2)
def test_q8_layers_draw_in_turn(student, rng, reference):
    """한 신경망의 층들은 한 gen에서 이어서 뽑습니다."""
    data = reference.axis_clusters(rng, 40, 30, features=6, classes=4)
    report = traced(student, ["a"], [5], int(rng.integers(10_000)), data)
    numbers = [number for _, number in recorded(report, "a")]
    hint = "gen은 신경망마다 한 번만 만들고, 층마다 새로 만들거나 시드를 다시 심지 마세요."
    require(len(numbers) > 1 and len(set(numbers)) == len(numbers), "층마다 같은 난수에서 시작합니다.", hint)


@points(1)
def test_q8_weights_have_the_right_shapes(student, rng, reference):
    """D → width × 깊이 → C의 가중치를 입력 쪽부터 (n_out, n_in) 모양으로 초기화합니다."""
    classes, features, width = (int(n) for n in rng.choice(range(3, 10), size=3, replace=False))
    data = reference.axis_clusters(rng, 40, 30, features=max(features, classes), classes=classes)
    features = data[0].shape[1]
    hint = "깊이는 은닉층의 수입니다. (width, D)에서 시작해 (width, width)를 거쳐 (C, width)로 끝나야 합니다."
    for depth in (1, 3):
        report = traced(student, ["a"], [depth], 0, data, width=width)
        sizes = [features] + [width] * depth + [classes]
        expected = [(n_out, n_in) for n_in, n_out in itertools.pairwise(sizes)]
        found = [shape for shape, _ in recorded(report, "a")]
        expect(found, "init에 넘긴 모양").equals(expected, hint=hint)


@points(1)
def test_q8_returned_tensor_becomes_the_weight(student, rng, reference):
    """init이 돌려준 텐서를 가중치로 씁니다."""
    hint = "init(w, gen)의 반환값을 층의 가중치에 넣으세요. 복사본에 초기화하고 버리지 않았는지 확인해 보세요."
    data = reference.axis_clusters(rng, 20, 150, features=6, classes=5)
    for in_place in (True, False):
        value = given(student, "identity", 3.0, in_place, 2, data, 9)
        require(value >= 0.99, "정해 준 가중치로 얻어야 할 정확도가 나오지 않습니다.", hint)


def network(student, rng, reference):
    """Require, without training, zero biases, ReLU on the hidden layers only, what init returned, and the test part."""
    data = reference.axis_clusters(rng, 60, 150, features=6, classes=5)
    hint = "은닉층과 출력층의 가중치가 init이 돌려준 것인지, x @ W.T의 방향이 맞는지 확인해 보세요."
    value = given(student, "identity", 3.0, True, 3, data, 9)
    require(value >= 0.99, "정해 준 가중치로 얻어야 할 정확도가 나오지 않습니다.", hint)
    hint = "data의 뒤쪽 두 개가 테스트 데이터입니다. 훈련 데이터나 미니배치에서 재지 않았는지 확인해 보세요."
    value = given(student, "identity", 3.0, True, 1, reference.shifted(data), 9)
    require(value <= 0.01, "테스트의 정답을 일부러 어긋나게 바꾸었는데도 정확도가 높습니다.", hint)
    hint = "nn.Linear의 편향은 처음에 무작위 값입니다. 층마다 nn.init.zeros_로 0으로 만드세요."
    value = given(student, "identity", 0.001, True, 3, data, 9)
    require(value >= 0.99, "가중치를 아주 작게 하면 답이 달라집니다.", hint)
    hint = "은닉층마다 ReLU를 한 번 적용하고, 출력층의 로짓에는 아무것도 적용하지 마세요."
    for scale in (20.0, -20.0):
        sides = reference.two_sided(rng, 20, 150, 5, smallest=scale < 0)
        value = given(student, "absolute", scale, True, 1, sides, 10)
        require(value >= 0.99, "양쪽 부호를 견주는 가중치로 얻어야 할 정확도가 나오지 않습니다.", hint)
    hint = "init이 새 텐서를 돌려줄 수도 있습니다. init(w, gen)의 반환값을 층의 가중치에 넣으세요."
    value = given(student, "identity", 3.0, False, 2, data, 9)
    require(value >= 0.99, "init이 돌려준 새 텐서를 가중치로 쓰지 않았습니다.", hint)


@error_rate(1e-6)
@points(4)
def test_q8_trains_as_stated(student, rng, reference):
    """정해진 신경망을 SGD(momentum=0.9)로 steps번 학습시킨 테스트 정확도를 돌려줍니다."""
    network(student, rng, reference)
    hint = (
        "단계마다 zero_grad, 손실(평균), backward, step의 순서인지, 모멘텀 0.9와 인자로 받은 lr, steps, batch를 "
        "썼는지, 모든 파라미터가 옵티마이저에 들어 있는지 확인해 보세요."
    )
    for _ in range(3):
        problem = reference.training(rng)
        options = {"width": 9, "steps": problem.steps, "lr": problem.lr, "batch": 40_000}
        result = student.probe("sweep_from", problem.Ws, problem.data, options)
        value = accuracy(result, "given", 1)
        require(value >= 0.99, "학습한 뒤의 답이 정해진 학습과 다릅니다.", hint)


@error_rate(1e-6)
@points(1)
def test_q8_arguments_left_out_are_the_defaults(student, rng, reference):
    """적지 않은 인자는 문제의 기본값을 쓰고, 적은 steps만큼 나아갑니다."""
    # two networks that differ are right as often as each other on one noise in 20 of 400 rows, on three of 1500 never
    noises = [reference.noise(rng, 60, 1500, features=6, classes=4) for _ in range(3)]
    defaults = {"width": 64, "steps": 400, "lr": 0.003, "batch": 64}
    few = {"width": 6, "steps": 20, "lr": 0.02, "batch": 4}
    runs = [few, {key: value for key, value in few.items() if key != "steps"}]
    counts = [count.integer() for count in expect(student.probe("optimizer_steps", noises[0], runs)).each(2)]
    counted = counts[0] == few["steps"]  # else no optimizer of torch steps: two trainings tell the default
    seen = set()
    for name, value in defaults.items():
        given = {key: option for key, option in few.items() if key != name}
        hint = f"`{name}`의 기본값이 문제에 적힌 값과 같은지 확인해 보세요."
        if name == "steps" and counted:
            expect(counts[1], "steps를 적지 않았을 때의 단계 수").equals(value, hint=hint)
            continue
        for data in noises:
            pair = student.probe("sweep_left_out_and_stated", data, given, {name: value})
            left_out, stated = (accuracy(result, "a", 1) for result in expect(pair).unpack(2))
            expect(left_out, "정확도").close_to(stated, rtol=0, atol=1e-9, hint=hint)
            seen.add(round(stated, 9))
    require(len(seen) > 1, "인자와 데이터를 바꾸어도 정확도가 같습니다.", "받은 인자와 data를 쓰는지 확인해 보세요.")


@error_rate(1e-6)
@points(1)
def test_q8_deep_relu_learns_from_he_only(student, rng, reference):
    """은닉층 26개의 ReLU 신경망은 He의 분산에서는 배우고 torch 기본값의 분산에서는 배우지 못합니다."""
    options = {"width": 40, "steps": 30, "lr": 0.003, "batch": 16}
    best, least = 0.0, 1.0
    for seed in rng.integers(0, 10_000, size=5):
        data = reference.axis_clusters(rng, 120, 120, features=8, classes=3)
        result = student.probe("sweep_of_variances", {"he": 2.0, "default": 1 / 3}, 26, int(seed), data, options)
        best, least = max(best, accuracy(result, "he", 26)), min(least, accuracy(result, "default", 26))
        if best >= 0.75 and least <= 0.5:
            break
    hint = "미니배치마다 zero_grad, 손실, backward, step의 순서인지, 층마다 ReLU를 적용했는지 확인해 보세요."
    require(best >= 0.75, "He의 분산에서도 배우지 못합니다.", hint)
    hint = "init이 돌려준 가중치를 썼는지, 이름마다 신경망을 새로 만들었는지 확인해 보세요."
    require(least <= 0.5, "신호가 사라지는 신경망인데도 정확도가 높습니다.", hint)
