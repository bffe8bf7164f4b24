"""Hidden tests of question 7: train, lr_sweep, fair_compare.

None of them runs an optimizer of the notebook: toys with a known path stand in for them, on tasks with one number,
whose validation and test values are distances from different centres. So the best rate by validation, by test and by
the training loss are three different ones. lr_sweep leans on train, fair_compare on both.
"""

import math

import numpy as np
import torch

from autograder.judge import expect, leans_on, points, require

CLOSE = {"rtol": 1e-6, "atol": 1e-9}
STEPS = 3
NAMES = ("a", "b", "c")
AFRESH = "state를 함수 밖에 두거나 기본 인자로 두지 않았는지, task['start']를 제자리에서 바꾸지 않았는지 확인해 보세요."


REPORT = {
    "ps": "학습한 p",
    "gs": "opt가 받은 g",
    "at": "opt가 받은 p",
    "start": "task['start']",
    "table": "table",
    "starts": "출발점",
    "tests": "테스트 함수를 부른 기록",
    "answer": "결과",
    "lrs": "시도한 학습률",
}
REPORTS = {
    "train_with_toy": ("ps", "gs", "at", "start"),
    "sweep_with_toy": ("table", "starts", "tests"),
    "compare_with_toys": ("answer", "lrs", "starts", "tests"),
}


def probe(student, name, *arguments):
    """Return a probe's report: its entries as expectations under the names that a student reads."""
    report = student.probe(name, *arguments)
    keys = REPORTS[name]
    expect(report).mapping(keys)
    return {key: expect(report[key], REPORT[key]) for key in keys}


def trained(seed, lr, steps):
    """Return where the toy gets from 2 + seed on (p - 1)^2 / 2: 1 + (1 + seed) (1 - lr)^steps."""
    return 1.0 + (1.0 + seed) * math.prod([1.0 - lr] * steps)


@points(4.5)
def test_q7_train_follows_the_optimizer(student, rng):
    """학습한 파라미터는, 부를 때마다, 단계마다 그 자리의 기울기로 옵티마이저를 steps번 부른 결과입니다."""
    size = int(rng.integers(3, 6))
    start, target = (torch.from_numpy(rng.normal(size=size)) for _ in range(2))
    curvature = torch.from_numpy(rng.uniform(0.5, 2.0, size=size))
    lr = float(rng.uniform(0.05, 0.3))
    report = probe(student, "train_with_toy", start, target, curvature, lr, 7, 2)
    hint = "opt를 꼭 steps번 부르는지 확인해 보세요."
    gs, at = report["gs"].sequence(7, hint=hint), report["at"].sequence(7, hint=hint)
    for k in range(7):
        g, p = (entry.item(k).shape(size).finite().reals() for entry in (gs, at))
        hint = "기울기가 지난 단계의 것에 더해지지 않았는지, 새 p에서 다시 미분했는지 확인해 보세요."
        expect(g, "기울기").close_to(curvature * (p - target), **CLOSE, own=True, hint=hint)
    p = start
    for k in range(7):
        p = p - lr * (curvature * (p - target) + 0.1 * k)
    hint = "옵티마이저가 돌려준 p와 state를 다음 단계에 넣는지, 마지막 p를 돌려주는지 확인해 보세요."
    runs = report["ps"].sequence(2)
    expect(runs.item(0).tensor(), "파라미터").close_to(p, **CLOSE, hint=hint)
    expect(runs.item(1).tensor(), "다시 학습한 파라미터").close_to(p, **CLOSE, hint=AFRESH)


@points(0.5)
def test_q7_train_starts_afresh(student, rng):
    """부를 때마다 task["start"]와 빈 state에서 출발하며, task["start"]를 바꾸지 않습니다."""
    start, target = (torch.from_numpy(rng.normal(size=4)) for _ in range(2))
    report = probe(student, "train_with_toy", start, target, torch.ones(4, dtype=torch.float64), 0.2, 3, 2)
    first, second = (report["ps"].sequence(2).item(k).shape(4).finite().reals() for k in range(2))
    require(
        bool((first != start).all()), "학습한 뒤에도 처음과 같습니다.", "학습 반복문이 steps번 도는지 확인해 보세요."
    )
    expect(second, "다시 학습한 파라미터").close_to(first, **CLOSE, hint=AFRESH)
    report["start"].equals(start, hint=AFRESH)


@leans_on("train")
@points(4.5)
def test_q7_sweep_gives_one_validation_loss_for_each_rate_and_seed(student, rng):
    """행은 학습률, 열은 시드이고, 칸마다 학습이 끝난 뒤의 검증 손실을 담습니다."""
    lrs = [float(lr) for lr in rng.uniform(0.05, 0.9, size=4)]
    seeds, steps = [int(seed) for seed in rng.choice(20, size=3, replace=False)], int(rng.integers(2, 5))
    report = probe(student, "sweep_with_toy", lrs, seeds, steps)
    hint = "모양은 (len(lrs), len(seeds))입니다. 학습이 끝난 p로 task['val'](p)를 한 번 부릅니다."
    expected = torch.tensor([[abs(trained(seed, lr, steps)) for seed in seeds] for lr in lrs], dtype=torch.float64)
    report["table"].shape(4, 3, hint=hint).close_to(expected, **CLOSE, hint=hint)
    report["tests"].equals(0, hint="학습률을 고르는 동안에는 테스트 함수를 부르지 않습니다.")


@leans_on("train")
@points(0.25)
def test_q7_sweep_gives_each_rate_the_same_starts(student, rng):
    """모든 학습률이 같은 시드들, 곧 같은 출발점에서 학습합니다."""
    lrs = [float(lr) for lr in rng.uniform(0.05, 0.9, size=3)]
    seeds = [int(seed) for seed in rng.choice(20, size=4, replace=False)]
    report = probe(student, "sweep_with_toy", lrs, seeds, 2)
    starts = report["starts"]
    hint = "학습률마다 seeds의 시드를 처음부터 하나씩 make_task에 넣는지 확인해 보세요."
    expected = torch.tensor(sorted(2.0 + seed for seed in seeds), dtype=torch.float64).expand(3, 4)
    found = [starts.item(row).shape(4, hint=hint).finite(hint=hint).reals().sort().values for row in range(3)]
    starts.sequence(3, hint="lrs의 학습률마다 학습해야 합니다.")
    expect(torch.stack(found), "출발점").close_to(expected, **CLOSE, hint=hint)


@leans_on("train")
@points(2)
def test_q7_sweep_marks_divergence_with_infinity(student):
    """발산하여 검증 손실이 nan이나 무한대가 되면 그 칸은 inf입니다."""
    report = probe(student, "sweep_with_toy", [0.5, 1e9], [0, 1], 60)
    table = report["table"].shape(2, 2).tensor().double()
    hint = "torch.isfinite로 가려내어 math.inf로 바꾸세요. nan은 어떤 수와 비교해도 거짓입니다."
    require(bool(torch.isfinite(table[0]).all()), "수렴한 칸이 유한하지 않습니다.", hint)
    require(bool((table[1] == math.inf).all()), "발산한 칸이 inf가 아닙니다.", hint)


def mean_distance(lr, seeds, centre):
    """Return the mean distance from `centre` after training with this rate."""
    return float(np.mean([abs(trained(seed, lr, STEPS) - centre) for seed in seeds]))


def comparison(rng):
    """Draw budget, ranges, seeds and centres: for each toy the best rates by val, test and loss are three."""
    while True:
        budget = int(rng.integers(6, 9))
        low = rng.uniform(0.01, 0.03, size=3)
        ranges = {name: (float(x), float(x * 30)) for name, x in zip(NAMES, low, strict=True)}
        seeds = [int(seed) for seed in rng.choice(6, size=3, replace=False)]
        centres = (float(rng.uniform(1.3, 2.0)), float(rng.uniform(2.2, 3.5)))
        if all(_apart(np.geomspace(*pair, budget), seeds, centres) for pair in ranges.values()):
            return budget, ranges, seeds, centres


def _apart(lrs, seeds, centres):
    """Return whether the best rates differ, the last one is neither, and no runner-up is within 2 %."""
    best = []
    for centre in centres:
        values = np.array([mean_distance(lr, seeds, centre) for lr in lrs])
        first, second = np.sort(values)[:2]
        if second < 1.02 * first:
            return False
        best.append(int(values.argmin()))
    return len({*best, len(lrs) - 1, 0}) == 4


def compare(student, drawn):
    """Return the probe's report on one fair_compare."""
    budget, ranges, seeds, centres = drawn
    return probe(student, "compare_with_toys", budget, ranges, seeds, STEPS, centres)


def number(report, name, key):
    """Return one number of the student's answer."""
    hint = '옵티마이저의 이름마다 "lr", "val", "test"를 담은 딕셔너리를 돌려주세요.'
    entry = report["answer"].mapping(NAMES, hint=hint).item(name).mapping(("lr", "val", "test"), hint=hint)
    return entry.item(key).finite().real()


def own_seeds(report, name, seeds):
    """Return the seeds whose starts this toy saw, if as many as asked; another test judges whether they are right."""
    found = report["starts"].item(name).shape(None).finite().reals()
    seen = sorted({int(start) - 2 for start in found.tolist()})
    return seen if len(seen) == len(seeds) else seeds


def candidates(report, drawn, name):
    """Return the rates to choose from: the right ones if the student tried them all, else those that were tried."""
    budget, ranges, _, _ = drawn
    grid, tried = np.geomspace(*ranges[name], budget), rates(report, name).numpy()
    return list(grid) if all(np.abs(tried / lr - 1).min() < 1e-5 for lr in grid) else list(tried)


def rates(report, name):
    """Return the rates that the student's run gave this toy, sorted, (count,); two at least."""
    found = report["lrs"].item(name).shape(None).finite().reals()
    require(len(found) > 1, "학습률을 하나만 써 보았습니다.", "budget개의 학습률을 시도해야 합니다.")
    return found


@leans_on("train", "lr_sweep")
@points(3.5)
def test_q7_comparison_as_a_whole(student, rng):
    """budget개의 학습률을 시도해 고른 학습률과 검증 값과 테스트 값이 모두 맞고, 테스트는 시드마다 한 번만 봅니다."""
    drawn = comparison(rng)
    budget, ranges, seeds, (val, test) = drawn
    report = compare(student, drawn)
    hint = "학습률을 low부터 high까지 로그 간격으로 budget개 만들고, 검증 값의 시드 평균으로 고르는지 확인해 보세요."
    for name in NAMES:
        values = {lr: mean_distance(lr, seeds, val) for lr in np.geomspace(*ranges[name], budget).tolist()}
        best = min(values, key=values.__getitem__)
        require(len(rates(report, name)) == budget, "시도한 학습률의 수가 budget과 다릅니다.", hint)
        expect(number(report, name, "lr"), "lr").close_to(best, rtol=1e-5, atol=0.0, hint=hint)
        about = "고른 학습률에서 시드마다 구한 값을 평균했는지, 받은 seeds를 그대로 썼는지 확인해 보세요."
        for key, expected in (("val", values[best]), ("test", mean_distance(best, seeds, test))):
            expect(number(report, name, key), key).close_to(expected, rtol=1e-5, atol=1e-9, hint=about)
    calls = report["tests"].shape(None).finite().reals()
    once = len(calls) == len(NAMES) * len(seeds)
    require(once, "테스트 함수를 부른 횟수가 올바르지 않습니다.", "고른 학습률에서만 시드마다 한 번 부르세요.")


@leans_on("train", "lr_sweep")
@points(0.5)
def test_q7_every_optimizer_gets_the_same_number_of_trials(student, rng):
    """옵티마이저마다 자기 범위를 로그 간격으로 나눈 학습률을 똑같이 budget개씩 시도합니다."""
    drawn = comparison(rng)
    budget, ranges, _, _ = drawn
    report = compare(student, drawn)
    for name in NAMES:
        found = rates(report, name)
        hint = "low와 high를 양 끝으로 하여 log10이 같은 간격이 되도록 budget개를 고르세요."
        expected = torch.from_numpy(np.geomspace(*ranges[name], budget))
        expect(found, "시도한 학습률").close_to(expected, rtol=1e-5, atol=0.0, hint=hint)


@leans_on("train", "lr_sweep")
@points(1)
def test_q7_rate_is_chosen_by_the_validation_loss(student, rng):
    """옵티마이저마다 검증 손실의 시드 평균이 가장 작은 학습률과 그 평균을 돌려줍니다."""
    drawn = comparison(rng)
    val = drawn[3][0]
    report = compare(student, drawn)
    for name in NAMES:
        seeds = own_seeds(report, name, drawn[2])
        values = {lr: mean_distance(lr, seeds, val) for lr in candidates(report, drawn, name)}
        best = min(values, key=values.__getitem__)
        hint = "시드에 대해 평균한 검증 손실이 가장 작은 것을 고르세요. 훈련 손실이나 테스트 값으로 고르지 않습니다."
        expect(number(report, name, "lr"), "lr").close_to(best, rtol=1e-5, atol=0.0, hint=hint)
        hint = "고른 학습률의 검증 값을 시드에 대해 평균했는지 확인해 보세요."
        expect(number(report, name, "val"), "val").close_to(values[best], rtol=1e-5, atol=1e-9, own=True, hint=hint)


@leans_on("train", "lr_sweep")
@points(1)
def test_q7_test_part_is_touched_once(student, rng):
    """테스트 함수는 고른 학습률로 학습한 뒤에, 옵티마이저와 시드마다 꼭 한 번 부르고, 그 평균을 돌려줍니다."""
    drawn = comparison(rng)
    report = compare(student, drawn)
    calls = report["tests"].shape(None).finite().reals()
    hint = "task['test']를 부른 횟수는 (옵티마이저의 수) × (시드의 수)입니다. 학습률을 고를 때 부르지 마세요."
    require(len(calls) == len(NAMES) * len(drawn[2]), "테스트 함수를 부른 횟수가 올바르지 않습니다.", hint)
    chosen = []
    for name in NAMES:
        lr, seeds = number(report, name, "lr"), own_seeds(report, name, drawn[2])
        chosen += [trained(seed, lr, STEPS) for seed in seeds]
        hint = "고른 학습률로 학습한 파라미터의 테스트 값을 시드에 대해 평균했는지 확인해 보세요."
        expected = mean_distance(lr, seeds, drawn[3][1])
        expect(number(report, name, "test"), "test").close_to(expected, rtol=1e-5, atol=1e-9, own=True, hint=hint)
    wanted = torch.tensor(sorted(chosen), dtype=torch.float64)
    hint = "테스트 함수에 고른 학습률로 학습한 파라미터를 넣었는지 확인해 보세요."
    expect(calls.sort().values, "테스트한 파라미터").close_to(wanted, **CLOSE, own=True, hint=hint)


@leans_on("train", "lr_sweep")
@points(0.25)
def test_q7_every_optimizer_starts_from_the_same_weights(student, rng):
    """모든 옵티마이저가 같은 시드들, 곧 같은 출발점에서 학습합니다."""
    drawn = comparison(rng)
    report = compare(student, drawn)
    wanted = {2.0 + seed for seed in drawn[2]}
    for name in NAMES:
        found = report["starts"].item(name).shape(None).finite().reals()
        hint = "make_task에는 인자로 받은 seeds의 시드만 넣습니다. 옵티마이저마다 다른 시드를 쓰지 마세요."
        require(set(found.tolist()) == wanted, "옵티마이저마다 출발점이 다릅니다.", hint)
