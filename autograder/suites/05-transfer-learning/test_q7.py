"""Hidden tests of question 7: shot_curve(methods, ks, seeds, data) -> {method: (len(ks), len(seeds)) accuracies}.

Methods and data are the probe's: models whose accuracy is known exactly, and methods that note what they were given.
Only the first test judges the container, its two axes and whose names it bears; the others read numbers out of tensors,
arrays or lists of either layout, of methods named as in the notebook, at one seed. Where the mode is the point, shots
and test part are one. Only the last test trains: the shipped backbone on five shots against a random one, both frozen.
"""

import numpy as np
import torch

from autograder.judge import error_rate, expect, leans_on, points, require

pytestmark = leans_on("freeze", "replace_head", "trainable_params", "extract_features", "train_head")


NOTEBOOK = ("scratch", "frozen", "fine-tuned", "random frozen")
"""The notebook's own methods."""


def table_of(curve, method, rows, columns):
    """Return one method's accuracies as (rows, columns) float64, from a tensor, an array or nested lists.

    A table whose axes are exchanged is read as it is meant: the first test alone takes points for that.
    """
    entry = expect(curve, "결과").item(method)
    own = curve[method]
    if type(own) in (torch.Tensor, np.ndarray) and tuple(own.shape) == (columns, rows) != (rows, columns):
        return entry.finite().reals().T
    hint = "방법마다 (k의 수, 시드의 수)만큼의 정확도를 담아 주세요."
    if type(curve[method]) in (list, tuple):
        entry.sequence(rows, hint=hint)
        numbers = [[entry.item(i).item(j).finite().real() for j in range(columns)] for i in range(rows)]
        return torch.tensor(numbers, dtype=torch.float64)
    return entry.shape(rows, columns, hint=hint).finite().reals()


def fixed(student, rng, reference, ks, seeds, names, one_part=False, **options):
    """Return the data, linear models that are right for many rows, and what shot_curve says of them.

    With `one_part` the training part is the test part: where accuracy is measured makes no difference.
    """
    data = reference.shots(rng, ks, seeds)
    weights = {name: torch.from_numpy(rng.normal(size=(4, 6))) for name in names}
    for x_train, y_train, x_test, y_test in data.values():
        y_train.copy_((x_train @ weights[names[0]].T).argmin(1))  # on the training part the first model is always wrong
        known = torch.from_numpy(rng.random(len(y_test)) < 0.6)
        y_test.copy_(torch.where(known, (x_test @ weights[names[0]].T).argmax(1), y_test))
    if one_part:
        data = {key: (*row[2:], *row[2:]) for key, row in data.items()}
    curve = student.probe("shots_of_fixed_models", data, list(ks), list(seeds), weights, **options)
    return data, weights, curve


@points(2.5)
def test_q7_one_accuracy_for_each_method_shot_and_seed(student, rng, reference):
    """방법마다 (k의 수, 시드의 수) 모양의 텐서에 0과 1 사이의 정확도를 담습니다."""
    ks, seeds, names = (3, 1, 2), (4, 0), ("frozen", "다른 방법", "random")
    data, weights, curve = fixed(student, rng, reference, ks, seeds, names)
    expect(curve, "결과").mapping(names, hint="methods의 이름을 그대로 키로 하는 딕셔너리를 돌려주세요.")
    hint = "행은 ks의 순서, 열은 seeds의 순서이고, 값은 백분율이 아니라 0과 1 사이의 정확도입니다."
    for name in names:
        rows = [[reference.accuracy(*data[k, s][2:], weights[name]) for s in seeds] for k in ks]
        expected = torch.tensor(rows, dtype=torch.float64)
        expect(curve, "결과").item(name).close_to(expected, rtol=0, atol=1e-6, hint=hint)


@error_rate(1e-12)
@points(3)
def test_q7_methods_get_the_same_shots_and_the_same_seed(student, rng, reference):
    """같은 k와 시드에서는 모든 방법이 같은 데이터와 같은 난수에서 시작합니다."""
    ks, seeds = (2, 1), (5, 11, 3)
    data = reference.shots(rng, ks, seeds)
    runs = [("a", "b", "c"), ("c",)]
    notes = [student.probe("shots_of_watching_methods", data, list(ks), list(seeds), list(names)) for names in runs]
    draws = {}
    for names, said in zip(runs, notes, strict=True):
        expect(said).mapping(names)
        for name in names:
            calls = expect(said, "방법이 불린 기록").item(name)
            calls.sequence(len(data), hint="방법마다 k와 시드의 짝 하나에 한 번씩 불러 주세요.")
            for index in range(len(data)):
                x, _, draw = calls.item(index).unpack(3)
                rows = expect(x, "방법이 받은 x").shape(None, 6).finite().reals()
                case = next((key for key, row in data.items() if torch.equal(rows, row[0])), None)
                hint = "data(k, seed)를 불러 그 k와 시드의 훈련 데이터만, 그대로 방법에 넘기세요."
                require(case is not None, "방법이 받은 데이터가 그 k와 시드의 것이 아닙니다.", hint)
                draws.setdefault(case, set()).add(expect(draw, "난수").number())
    require(len(draws) == len(data), "방법이 보지 못한 k와 시드의 짝이 있습니다.", "모든 짝에서 불러 주세요.")
    hint = "방법을 부르기 바로 전에 torch.manual_seed(seed)를 부르세요. 맨 앞에서 한 번만 심으면 순서를 탑니다."
    require(all(len(found) == 1 for found in draws.values()), "같은 k와 시드인데 난수가 방법마다 다릅니다.", hint)
    by_seed = {seed: draws[ks[0], seed] for seed in seeds}
    distinct = len({value for found in by_seed.values() for value in found}) == len(seeds)
    require(distinct, "시드를 바꾸어도 난수가 같습니다.", "인자로 받은 시드를 썼는지 확인해 보세요.")


@points(2)
def test_q7_test_part_is_for_measuring_only(student, rng, reference):
    """방법에는 훈련 데이터만 넘기고, 정확도는 테스트 데이터로만 잽니다."""
    ks, seeds = (1, 2), (int(rng.integers(1, 50)),)
    data = reference.shots(rng, ks, seeds)
    notes = student.probe("shots_of_watching_methods", data, list(ks), list(seeds), list(NOTEBOOK))
    calls = expect(notes, "방법이 불린 기록").item(NOTEBOOK[1]).each()
    require(len(calls) > 0, "방법을 부르지 않았습니다.", "methods의 함수를 method(x, y)로 부르세요.")
    hint = "테스트 데이터를 훈련에 쓰면 정확도를 믿을 수 없습니다. x_train과 y_train만 넘기세요."
    sizes = {len(row[0]) for row in data.values()}
    for call in calls:
        x, y, _ = call.unpack(3)
        rows = expect(x, "방법이 받은 x").shape(None, 6).finite().reals()
        require(len(rows) in sizes, "방법이 받은 표본의 수가 훈련 데이터와 다릅니다.", hint)
        expect(y, "방법이 받은 y").shape(len(rows), hint=hint)
    data, weights, curve = fixed(student, rng, reference, ks, seeds, NOTEBOOK)
    name, weight = NOTEBOOK[0], weights[NOTEBOOK[0]]  # always wrong on its shots
    found = table_of(curve, name, len(ks), len(seeds))
    unit = 100.0 if bool((found > 1).any()) else 1.0
    expected = [[reference.accuracy(*data[k, s][2:], weight) for s in seeds] for k in ks]
    require(bool((found > 0).all()), "정확도를 훈련 데이터로 재었습니다.", "x_test와 y_test로 재세요.")
    hint = "정확도는 테스트 데이터 전체에서 맞힌 비율입니다."
    expect(found / unit, "정확도").close_to(torch.tensor(expected), rtol=0, atol=1e-6, hint=hint)


@points(2.5)
def test_q7_measures_in_evaluation_mode(student, rng, reference):
    """방법이 훈련 모드의 모델을 돌려주어도 평가 모드에서 정확도를 잽니다."""
    ks, seeds, name = (1, 2, 4, 5, 3), (int(rng.integers(1, 50)),), NOTEBOOK[0]
    data, weights, curve = fixed(student, rng, reference, ks, seeds, NOTEBOOK, one_part=True, noisy=True)
    found = table_of(curve, name, len(ks), len(seeds))
    unit = 100.0 if bool((found > 1).any()) else 1.0
    expected = [[reference.accuracy(*data[k, s][2:], weights[name]) for s in seeds] for k in ks]
    hint = "정확도를 재기 전에 model.eval()을 부르세요. 드롭아웃이 켜져 있으면 정확도가 낮게 나옵니다."
    expect(found / unit, "정확도").close_to(torch.tensor(expected), rtol=0, atol=1e-6, hint=hint)


@error_rate(1e-6)
@points(1)
def test_q7_pretrained_features_beat_random_ones(student, rng):
    """글자마다 다섯 장으로도, 자음에서 배운 백본이 무작위 백본보다 모음을 훨씬 잘 알아봅니다."""
    seeds = [int(seed) for seed in rng.choice(10_000, size=2, replace=False)]
    curve = student.probe("shots_of_vowels", 5, seeds, 15, 0.05)
    found = {name: table_of(curve, name, 1, 2) for name in ("pretrained", "random")}
    unit = 100.0 if any(bool((values > 1).any()) for values in found.values()) else 1.0
    means = {name: float(values.mean()) / unit for name, values in found.items()}
    hint = "사전 훈련한 특성을 그대로 이어받는지, 헤드만 학습하는지 확인해 보세요. 문제 2, 4, 5를 다시 보세요."
    require(means["pretrained"] >= means["random"] + 0.15, "사전 훈련한 백본이 무작위 백본보다 낫지 않습니다.", hint)
