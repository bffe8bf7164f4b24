"""Hidden tests of question 9: within_budget(model, n, budget) -> a model in which at most `budget` numbers learn.

Which parts learn is the student's design. Each answer is trained for two steps in train mode, with every parameter in
one optimizer; a tensor of which one number moved counts as a whole, buffers too. Budgets lie on both sides of the whole
head's cost and at both ends. What is asked of an answer alone (statistics, the original) is asked of two budgets that
must not learn alike, so an answer that ignores its budget earns nothing there. The last test alone needs pictures.
"""

import torch

from autograder.judge import error_rate, expect, leans_on, points, require

pytestmark = leans_on("freeze", "replace_head", "trainable_params")

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


def design(student, rng, reference, sums_of, **options):
    """Return a network, inputs, n, the budgets that `sums_of` makes of net and n, and the probe's answers and state."""
    net = reference.network(rng, **options)
    n = int(rng.integers(4, 7))
    x, y = reference.task(rng, net, 24)
    sums = sums_of(net, n)
    said = expect(student.probe("budgets", net.plan, n, sums, x, y), "결과").mapping(("answers", "old"))
    return net, x, n, sums, said.item("answers").each(len(sums)), said.item("old")


def whole_head(net, n):
    """Return how many numbers a head of n classes on all features holds."""
    return n * net.num_features + n


def everything(net, n):
    """Return how many numbers learn where everything does."""
    return whole_head(net, n) + sum(net.state[name].numel() for name in net.parameters("features"))


def learnt(answer):
    """Return {name: (numbers, whether one of them moved)} of one trained answer, parameters and buffers."""
    states = []
    for key in ("at", "after"):
        pairs = [pair.unpack(2) for pair in answer.item(key).each()]
        states.append({expect(name, "이름").text(): expect(value, "텐서").reals() for name, value in pairs})
    at, after = states
    hint = "학습하는 동안 모델의 층이 바뀌면 안 됩니다."
    require(at.keys() == after.keys(), "학습하기 전과 뒤의 텐서가 서로 다릅니다.", hint)
    return {name: (tensor.numel(), not torch.equal(tensor, after[name])) for name, tensor in at.items()}


def count(tensors, start="", buffers=False):
    """Return how many numbers learnt in the tensors whose names start so; with `buffers` BatchNorm's statistics too."""
    names = [name for name in tensors if name.startswith(start) and (buffers or not name.endswith(STATISTICS))]
    return sum(size for size, moved in (tensors[name] for name in names) if moved)


@points(3)
def test_q9_at_most_budget_numbers_learn(student, rng, reference):
    """작은 예산에서 큰 예산까지, 배운 수가 예산을 넘지 않으며 헤드는 언제나 배웁니다."""

    def sums_of(net, n):
        whole = whole_head(net, n)
        return [2 * n, whole - int(rng.integers(1, n)), whole, whole + int(rng.integers(5, 30)), everything(net, n) - 1]

    _, _, _, sums, answers, _ = design(student, rng, reference, sums_of)
    hint = (
        "헤드의 가중치와 편향을 모두 세었는지, 헤드만으로 예산을 넘을 때 헤드를 줄였는지, 풀린 블록의 통계가 움직이지 "
        "않는지 확인해 보세요."
    )
    for budget, answer in zip(sums, answers, strict=True):
        tensors = learnt(answer)
        require(count(tensors, "head.") > 0, "헤드가 학습되지 않습니다.", hint)
        require(count(tensors, buffers=True) <= budget, "배운 수가 예산보다 많습니다.", hint)


@points(4)
def test_q9_no_budget_is_left_unused(student, rng, reference):
    """남은 예산에 들어가는 것은 모두 배우며, 예산이 넉넉하면 모든 파라미터가 배웁니다."""

    def sums_of(net, n):
        whole = whole_head(net, n)
        return [3 * n + n // 2, whole - 1, whole, whole + int(rng.integers(20, 60)), everything(net, n)]

    net, _, n, sums, answers, _ = design(student, rng, reference, sums_of)
    hint = (
        "헤드가 통째로 들어가지 않으면 특성을 예산이 허락하는 만큼 쓰고, 남은 예산에 들어가는 파라미터 텐서가 없을 "
        "때까지 더 푸세요."
    )
    for budget, answer in zip(sums, answers, strict=True):
        tensors = learnt(answer)
        used = count(tensors)
        require(used <= budget + n, "배운 수가 예산보다 훨씬 많습니다.", "예산을 인자로 받은 값에 맞추었나요?")
        if count(tensors, "head.") < whole_head(net, n):
            require(budget < whole_head(net, n), "헤드가 통째로 들어가는 예산인데 헤드를 줄였습니다.", hint)
            require(budget - used < n, "헤드에 더 쓸 수 있는 예산이 남았습니다.", hint)
        still = [size for name, (size, moved) in tensors.items() if name in net.parameters("features") and not moved]
        require(not still or min(still) > budget - used, "남은 예산에 들어가는 파라미터 텐서가 멈추어 있습니다.", hint)


@points(3)
def test_q9_statistics_stay_and_features_compute_as_before(student, rng, reference):
    """배치 정규화의 통계는 풀린 블록에서도 움직이지 않고, 특성은 train() 뒤에도 평가 모드의 값에서 출발합니다."""

    def sums_of(net, n):
        return [whole_head(net, n), everything(net, n)]

    net, x, _, _, answers, _ = design(student, rng, reference, sums_of, dropout=0.5)
    hint = (
        "파라미터를 풀어도 features는 평가 모드로 계산해야 합니다. 배치의 통계나 드롭아웃이 켜지지 않았는지, 특성 "
        "부분의 값을 이어받았는지 확인해 보세요."
    )
    for answer in answers:
        answer.item("features").close_to(reference.features(net, x), rtol=1e-5, atol=1e-7, hint=hint)
    few, many = (learnt(answer) for answer in answers)
    names = net.statistics("features")
    moved = [name for tensors in (few, many) for name in names if name not in tensors or tensors[name][1]]
    require(moved == [], "배치 정규화의 통계가 움직였습니다.", hint)
    more = count(many, "features.") > count(few, "features.")
    require(more, "예산이 늘어도 특성 부분이 더 배우지 않습니다.", "예산이 넉넉하면 특성 부분의 파라미터도 푸세요.")


@points(2)
def test_q9_is_a_model_of_its_own_with_n_classes(student, rng, reference):
    """새 모델은 n개의 점수를 내고 dtype이 원래와 같으며, 새 모델을 학습해도 원래 모델은 그대로입니다."""

    def sums_of(net, n):
        return [2 * n + 1, everything(net, n)]

    net, x, n, sums, answers, old = design(student, rng, reference, sums_of)
    hint = "헤드를 바꾸기 전에 모델을 안쪽까지 복사했는지, 새 층이 원래 모델의 dtype을 따르는지 확인해 보세요."
    for answer in answers:
        answer.item("logits").shape(len(x), n, hint=hint)
    few, many = (count(learnt(answer)) for answer in answers)
    require(few < many, "예산이 달라도 배운 수가 같습니다.", "예산을 인자로 받은 값에 맞추었나요?")
    for name, tensor in net.state.items():
        old.item(name).equals(tensor, hint=hint)
    scores = student.probe("budget_kept_type", net.plan, n, sums[0], x)
    expect(scores, "점수").shape(len(x), n, hint=hint).dtype(torch.float64, hint=hint)


@error_rate(1e-6)
@points(2)
def test_q9_learns_vowels_within_budget(student, rng):
    """자음을 배운 백본이, 글자마다 다섯 장으로 예산 안에서 모음을 배웁니다."""
    sums = [120, 650]
    seed = int(rng.integers(10_000))
    said = expect(student.probe("vowels_within", sums, 5, seed, 15, 0.05), "결과").mapping(("answers", "y"))
    y = said.item("y").shape(200).reals()
    hint = "사전 훈련한 특성을 이어받았는지, 예산의 대부분을 헤드에 쓰는지 확인해 보세요."
    for budget, answer in zip(sums, said.item("answers").each(len(sums)), strict=True):
        used = count(learnt(answer))
        require(used <= budget + 10, "배운 수가 예산보다 훨씬 많습니다.", "예산을 인자로 받은 값에 맞추었나요?")
        scores = answer.item("scores").shape(200, 10).finite().reals()
        accuracy = float((scores.argmax(1) == y).double().mean())
        require(accuracy >= 0.3, "모음을 거의 알아보지 못합니다.", hint)
