"""Hidden tests of question 7: depth_sweep(act, depths, seed, data, width, steps, lr) -> {depth: accuracy}.

No accuracy is compared with a stored one: each effect lies far on one side of its threshold (measured over 20 seeds,
see NOTES.md) and is a median over three seeds or more. Only the first two tests judge the form, a dict of shares of 1.

The sweep that the notebook gives has four faults: one seed for all depths, the best test accuracy of all steps, fewer
steps for deeper nets, a rate of its own for each activation. Each costs a quarter of the question or more.
"""

import numpy as np
import torch

from autograder.judge import error_rate, expect, leans_on, points, require
from autograder.korean import particle

pytestmark = leans_on("act_and_grad", "forward", "backward")

STEPS = 60


def entry(results, depths, depth):
    """Return the accuracy of this depth as it is; of a list too, in the order of the depths.

    That it is a dict is for the two tests to judge that ask for the form.
    """
    answer = expect(results, "결과")
    if isinstance(results, list | tuple) and len(results) == len(depths):
        return answer.item(list(depths).index(depth))
    return answer.item(depth)


class Sweeps:
    """Runs of the student's depth_sweep, one depth at a time; answers are shares of 1 whatever the student's unit.

    To begin with they must differ between two sets of data whose shares cannot be the same, 31 rows and 37: who
    answers without training on what was given earns nothing from any test.
    """

    def __init__(self, student, reference):
        self.student = student
        easy = reference.clusters(np.random.default_rng(0), 30, 31, features=3, classes=3)
        x, _, x_test, _ = reference.clusters(np.random.default_rng(1), 37, 37, features=3, classes=2)
        y = torch.arange(37) // 2 % 2  # half of each cluster: nobody is right everywhere, nor wrong
        mixed = (x, y, x_test, y)
        found = []
        for data in (easy, mixed):
            results = student.depth_sweep("tanh", [1], 0, data, steps=10)
            found.append(entry(results, [1], 1).finite().real())
        hint = "인자로 받은 data로 훈련하고 정확도를 재는지 확인해 보세요."
        require(found[0] != found[1], "전혀 다른 두 데이터에서 정확도가 같습니다.", hint)
        self.unit = 100.0 if max(found) > 1.0 else 1.0

    def one(self, act, depth, seed, data, **options):
        """Return one accuracy."""
        results = self.student.depth_sweep(act, [depth], seed, data, **{"steps": STEPS, **options})
        return entry(results, [depth], depth).finite().real() / self.unit

    def median(self, rng, act, depth, data, limit, count=3, **options):
        """Return a value on the same side of `limit` as the median accuracy over `count` (odd) seeds.

        It stops once more than half of the networks are on one side (two of three, mostly), and returns the one of
        these that is nearest to the limit.
        """
        above, below, others = [], [], []
        for seed in rng.integers(0, 10_000, size=count):
            value = self.one(act, depth, int(seed), data, **options)
            (above if value > limit else below if value < limit else others).append(value)
            if len(above) > count // 2:
                return min(above)
            if len(below) > count // 2:
                return max(below)
        return sorted([*above, *below, *others])[count // 2]


def shifted(data):
    """Return the data with every test label moved to the next class: who learns the training part is now wrong."""
    x_train, y_train, x_test, y_test = data
    return x_train, y_train, x_test, (y_test + 1) % (int(y_train.max()) + 1)


def in_two(data):
    """Return the data with the classes joined into two: before training about one half is right, shifted or not."""
    x_train, y_train, x_test, y_test = data
    return x_train, y_train % 2, x_test, y_test % 2


def default_hint(name):
    """Return the hint for an argument whose default is another one than stated."""
    return f"`{name}`의 기본값이 문제에 적힌 값과 같은지 확인해 보세요."


def on_unseen_data(sweeps, rng, reference):
    """Require that labels of the test part play no part in training or choosing, and that they are counted."""
    data = reference.clusters(rng, 60, 150, features=6, classes=5)
    value = sweeps.median(rng, "tanh", 1, data, 0.8, steps=30)
    require(
        value >= 0.8,
        "쉬운 데이터를 배우지 못합니다.",
        "훈련 데이터로 훈련하는지, 정확도를 맞게 세는지 확인해 보세요.",
    )
    value = sweeps.median(rng, "tanh", 1, shifted(data), 0.2, steps=30)
    require(
        value <= 0.2,
        "테스트 정답을 일부러 어긋나게 바꾸었는데도 정확도가 높습니다.",
        "훈련에는 훈련 데이터만, 정확도를 잴 때는 테스트 데이터만 썼는지 확인해 보세요.",
    )
    data = in_two(reference.clusters(rng, 120, 150, features=16, classes=16))
    value = sweeps.median(rng, "tanh", 1, shifted(data), 0.28, count=7, lr=0.03)
    require(
        value <= 0.28,
        "테스트 정답을 일부러 어긋나게 바꾸었는데도 정확도가 높습니다.",
        "테스트 데이터는 훈련이 끝난 뒤 한 번만 씁니다. 가장 높은 정확도를 고르지 않았는지 확인해 보세요.",
    )


def shallow_sigmoid(sweeps, rng, reference):
    """Require that a sigmoid network of one hidden layer learns the digits in 60 steps."""
    value = sweeps.median(rng, "sigmoid", 1, reference.digits(), 0.38)
    require(
        value >= 0.38,
        "은닉층이 하나인 시그모이드 신경망의 정확도가 너무 낮습니다.",
        "은닉층이 깊이보다 많지 않은지, 출력층에 활성화 함수를 적용하지 않았는지, 모멘텀 0.9를 썼는지 확인해 보세요.",
    )


def one_hidden_layer(sweeps, rng, reference):
    """Require that depth 1 solves what no straight line does."""
    data = reference.exclusive_or(rng, 120, 80)
    value = sweeps.median(rng, "relu", 1, data, 0.8, count=7, steps=30)
    require(
        value >= 0.8,
        "깊이 1의 신경망이 직선 하나로 나눌 수 없는 문제를 풀지 못합니다.",
        "깊이는 은닉층의 수입니다. nn.Linear의 수는 깊이보다 하나 많습니다.",
    )


def deep_sigmoid(sweeps, rng, reference):
    """Require that three sigmoid layers do not learn in 60 steps, and that three of tanh do in 30."""
    data = reference.digits()
    value = sweeps.median(rng, "tanh", 3, data, 0.3, steps=30)
    require(value > 0.3, "같은 깊이에서 tanh 신경망도 배우지 못합니다.", "훈련 반복문과 초기화를 먼저 확인해 보세요.")
    value = sweeps.median(rng, "sigmoid", 3, data, 0.42)
    require(
        value <= 0.42,
        "깊은 시그모이드 신경망의 정확도가 예상보다 높습니다.",
        "act 인자의 활성화 함수를 모든 은닉층에 적용했는지, 옵티마이저가 SGD(momentum=0.9)인지 확인해 보세요.",
    )


def deep_tanh_and_relu(sweeps, rng, reference):
    """Require that ten layers of tanh and three of ReLU learn."""
    for act, depth, options, enough, count in (
        ("tanh", 10, {"steps": 30}, 0.34, 7),
        ("relu", 3, {"steps": 75, "lr": 0.1}, 0.28, 3),
    ):
        value = sweeps.median(rng, act, depth, reference.digits(), enough, count, **options)
        require(
            value >= enough,
            f"깊은 {act} 신경망의 정확도가 너무 낮습니다.",
            "Xavier 균등 초기화인지, 단계마다 기울기를 0으로 되돌렸는지, 단계의 수가 줄지 않았는지 확인해 보세요.",
        )


@points(1)
def test_q7_one_accuracy_for_each_depth(student, rng, reference):
    """깊이마다 0과 1 사이의 정확도를 하나씩 돌려줍니다."""
    data = reference.clusters(rng, 60, 37, features=8, classes=12)
    for act, options in (
        ("tanh", {"steps": 5}),
        ("sigmoid", {"steps": 5}),
        ("relu", {"width": 7, "steps": 3, "lr": 0.01}),
    ):
        results = expect(student.depth_sweep(act, [3, 1], int(rng.integers(100)), data, **options), "결과")
        results.mapping((1, 3), hint="depths의 각 깊이를 키로, 정확도를 값으로 하는 딕셔너리를 돌려주세요.")
        for depth in (1, 3):
            results.item(depth).between(0.0, 1.0, hint="정확도는 백분율이 아니라 0과 1 사이의 값으로 돌려주세요.")
    Sweeps(student, reference)


@error_rate(1.4e-6)
@points(5)
def test_q7_trains_as_described_and_tells_shares(student, rng, reference):
    """정해진 신경망을 정해진 방법으로 훈련하고, 깊이마다의 테스트 정확도를 딕셔너리로 돌려줍니다."""
    data = reference.digits()
    answer = expect(student.depth_sweep("tanh", [1, 2], 0, data, steps=2), "결과")
    answer.mapping((1, 2), hint="depths의 각 깊이를 키로, 정확도를 값으로 하는 딕셔너리를 돌려주세요.")
    for depth in (1, 2):
        answer.item(depth).between(0.0, 1.0, hint="정확도는 백분율이 아니라 0과 1 사이의 값으로 돌려주세요.")
    sweeps = Sweeps(student, reference)
    for check in (on_unseen_data, shallow_sigmoid, one_hidden_layer, deep_sigmoid, deep_tanh_and_relu):
        check(sweeps, rng, reference)


@error_rate(1e-6)
@points(4)
def test_q7_seed_alone_decides_the_result(student, rng, reference):
    """같은 시드는 함께 구한 깊이나 순서와 무관하게 같은 결과를, 다른 시드는 다른 결과를 냅니다."""
    data = reference.digits(150, 100)
    options = {"steps": 4, "width": 12}
    seed = int(rng.integers(10_000))
    runs = [([3], seed), ([1, 3], seed), ([3, 2, 1], seed), ([3], seed)]
    results, after = expect(student.probe("sweep_and_data", "tanh", runs, data, options, True)).unpack(2)
    results = expect(results, "결과").unpack(len(runs))
    alone = entry(results[0], [3], 3).finite().real()
    hint = "깊이 하나의 결과가 앞에서 쓴 난수의 수에 따라 달라집니다. 시드를 심는 자리를 확인해 보세요."
    for index in range(1, len(runs)):
        value = entry(results[index], runs[index][0], 3).number()
        expect(value, "정확도").close_to(alone, rtol=0, atol=1e-9, hint=hint)
    expect(after, "data").equals(data, hint="data를 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요.")
    seeds = [int(seed) for seed in rng.choice(10_000, size=6, replace=False)]
    sweeps = Sweeps(student, reference)
    found = {sweeps.one("tanh", 2, seed, data, **options) for seed in seeds}
    require(len(found) > 1, "시드를 바꾸어도 결과가 같습니다.", "인자로 받은 seed를 썼는지 확인해 보세요.")


@error_rate(1e-7)
@points(1.5)
def test_q7_accuracy_is_measured_on_unseen_data(student, rng, reference):
    """훈련에는 훈련 데이터만, 정확도에는 테스트 데이터만 씁니다."""
    on_unseen_data(Sweeps(student, reference), rng, reference)


@error_rate(1e-7)
@points(0.5)
def test_q7_shallow_sigmoid_learns_in_time(student, rng, reference):
    """은닉층이 하나인 시그모이드 신경망은 정해진 단계 안에 배웁니다."""
    shallow_sigmoid(Sweeps(student, reference), rng, reference)


@error_rate(1e-6)
@points(0.5)
def test_q7_depth_one_has_a_hidden_layer(student, rng, reference):
    """깊이 1은 은닉층이 하나이므로, 직선 하나로 나눌 수 없는 문제도 풉니다."""
    one_hidden_layer(Sweeps(student, reference), rng, reference)


@error_rate(1e-7)
@points(2.5)
def test_q7_width_steps_and_rate_are_used(student, rng, reference):
    """width, steps, lr이 깊이와 활성화 함수마다 받은 값 그대로이고, 기본값이 문제와 같습니다."""
    sweeps = Sweeps(student, reference)
    data = reference.digits()
    value = sweeps.median(rng, "tanh", 2, data, 0.4, steps=30)
    require(value > 0.4, "얕은 tanh 신경망의 정확도가 너무 낮습니다.", "훈련 반복문이 steps번 도는지 확인해 보세요.")
    cases = {"width": {"width": 1, "steps": 30}, "steps": {"steps": 1, "lr": 0.005}, "lr": {"lr": 0.0, "steps": 30}}
    for name, options in cases.items():
        value = sweeps.median(rng, "tanh", 2, data, 0.4, **options)
        symptom = f"`{name}`{particle(name, '을/를')} 아주 작게 해도 정확도가 높습니다."
        require(value <= 0.4, symptom, "인자로 받은 값을 썼는지 확인해 보세요.")
    small = reference.digits(150, 100)
    few = {"width": 12, "steps": 4, "lr": 0.004}
    runs = [few, {key: value for key, value in few.items() if key != "steps"}]
    taken = expect(student.probe("optimizer_rates", "tanh", 1, 0, small, runs)).each(2)
    counts = [len(rates.unpack(None)) for rates in taken]
    counted = counts[0] > 0  # else no optimizer of torch steps: two trainings tell the default
    if counted:
        expect(counts[1], "steps를 적지 않았을 때의 단계 수").equals(200, hint=default_hint("steps"))
        for act, depth in (("tanh", 1), ("tanh", 5), ("sigmoid", 2), ("relu", 3)):
            (rates,) = expect(student.probe("optimizer_rates", act, depth, 0, small, [few])).each(1)
            hint = "학습 단계의 수가 깊이나 활성화 함수에 따라 달라지지 않는지 확인해 보세요."
            expect(len(rates.unpack(None)), "학습 단계의 수").equals(few["steps"], hint=hint)
            hint = "학습률이 깊이나 활성화 함수, 단계에 따라 달라지지 않는지 확인해 보세요."
            for rate in rates.each():
                expect(rate.number(), "학습률").close_to(few["lr"], rtol=1e-6, atol=0.0, hint=hint)
    for name, value in (("width", 32), ("steps", 200), ("lr", 0.05)):
        given = {key: option for key, option in few.items() if key != name}
        for seed in range(0 if counted else 1) if name == "steps" else range(4):
            pair = student.probe("sweep_left_out_and_stated", "tanh", 2, seed, small, given, {name: value})
            left_out, stated = (entry(results, [2], 2) for results in expect(pair).unpack(2))
            left_out.close_to(stated.finite().real(), rtol=0, atol=1e-9, hint=default_hint(name))


@error_rate(1e-7)
@points(0.5)
def test_q7_deep_sigmoid_does_not_learn(student, rng, reference):
    """깊은 시그모이드 신경망은 기울기 소실 때문에 배우지 못합니다."""
    deep_sigmoid(Sweeps(student, reference), rng, reference)


@error_rate(1e-7)
@points(0.5)
def test_q7_deep_tanh_and_relu_learn(student, rng, reference):
    """깊은 tanh와 ReLU 신경망은 Xavier 초기화로 배웁니다."""
    deep_tanh_and_relu(Sweeps(student, reference), rng, reference)
