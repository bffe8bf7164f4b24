"""Hidden tests of question 4: grad_norms(model, x, y) -> {"delta": (L,), "weight": (L,)}.

The model is built in the sandbox by a probe, which also tells what the model looked like before and after. Only one
test judges the container of the answer; the others read the numbers out of it. Other forms of model are compared with
the student's own answer for the plain form, so a wrong kind of norm is not punished there again.
"""

import torch

from autograder.judge import expect, points, require

CLOSE = {"rtol": 1e-5, "atol": 0.0}


def measure(student, net, **options):
    """Return the probe's report on one call of grad_norms: a dict, its entries not yet looked at."""
    report = student.probe("measure_grad_norms", net.Ws, net.bs, net.x, net.y, net.act, **options)
    expect(report).mapping(("raw", "delta", "weight", "before", "after"))
    return report


def norms(report, key, net):
    """Return one of the two answers as a float64 tensor (L,) of finite numbers that are not all zero."""
    hint = '"delta"와 "weight"에 층마다 하나씩, 모두 L개의 숫자를 담아 돌려주세요.'
    entry = expect(report[key], key).sequence(net.depth, hint=hint)
    values = torch.tensor([entry.item(layer).finite().real() for layer in range(net.depth)], dtype=torch.float64)
    hint = "역전파가 끝난 뒤의 기울기를 읽었는지 확인해 보세요."
    require(bool((values > 0).any()), f"`{key}`의 노름이 모두 0입니다.", hint)
    return values


def gradients_of(reference, net):
    """Return the right norms of the deltas and of the weights' gradients, float64 (L,) each."""
    found = reference.gradients(net.x, net.Ws, net.bs, net.act, net.y)
    return [torch.tensor([reference.norm(one) for one in some], dtype=torch.float64) for some in found]


def require_moving(student, reference, net, plain, **options):
    """Require other norms for other inputs and weights than those of `plain`, a report on `net` in the same form."""
    other = measure(student, reference.changed_network(net), **options)
    for key in ("delta", "weight"):
        moved = not torch.allclose(norms(other, key, net), norms(plain, key, net), rtol=1e-3, atol=0.0)
        hint = "인자로 받은 모델과 데이터에서 잰 값인지 확인해 보세요."
        require(moved, f"`{key}`의 노름이 모델과 입력에 따라 달라지지 않습니다.", hint)


@points(1.5)
def test_q4_returns_one_vector_of_norms_for_each_key(student, rng, reference):
    """ "delta"와 "weight"에 길이가 L인 1차원 텐서를 하나씩 돌려줍니다."""
    for depth in (2, 5):
        net = reference.network(rng, depth, "tanh")
        raw = expect(measure(student, net)["raw"]).mapping(("delta", "weight"))
        for key in ("delta", "weight"):
            raw.item(key).shape(depth, hint="리스트가 아니라 1차원 텐서로, nn.Linear마다 하나씩 담아 주세요.")


@points(3)
def test_q4_measures_and_leaves_no_trace(student, rng, reference):
    """두 가지 노름이 모두 맞고, 부른 뒤의 모델이 부르기 전과 같습니다."""
    values = "delta와 weight는 손실을 층의 출력과 가중치로 미분한 값의 노름입니다. 두 값을 모두 확인해 보세요."
    state = "부른 뒤에 파라미터, 버퍼, .grad, 훅, train/eval 모드, 입력이 그대로인지 확인해 보세요."
    for act, training, filled in (("tanh", True, True), ("sigmoid", False, False)):
        net = reference.network(rng, 4, act)
        report = measure(student, net, training=training, grads=filled)
        for key, found in zip(("delta", "weight"), gradients_of(reference, net), strict=True):
            expect(norms(report, key, net), key).close_to(found, **CLOSE, hint=values)
        normed = measure(student, net, form="batchnorm", training=training, grads=filled)
        for some in (report, normed):
            expect(some["after"], "부른 뒤의 모델").equals(some["before"], hint=state)


@points(2.5)
def test_q4_delta_norms_match(student, rng, reference):
    """delta는 손실을 각 nn.Linear의 출력으로 미분한 값의 노름입니다."""
    hint = (
        "층의 입력이나 활성값이 아니라 nn.Linear의 출력에 대한 기울기인지, "
        "배치 전체의 프로베니우스 노름(제곱합의 제곱근)인지 확인해 보세요."
    )
    for depth, act in ((3, "sigmoid"), (4, "tanh"), (3, "relu"), (1, "relu")):
        net = reference.network(rng, depth, act)
        expected, _ = gradients_of(reference, net)
        expect(norms(measure(student, net), "delta", net), "delta").close_to(expected, **CLOSE, hint=hint)


@points(2.5)
def test_q4_weight_norms_match(student, rng, reference):
    """weight는 손실을 각 nn.Linear의 가중치로 미분한 값의 노름입니다."""
    hint = (
        "가중치 자체가 아니라 가중치에 대한 기울기의 노름인지, "
        "편향이나 앞 호출의 기울기가 섞이지 않았는지 확인해 보세요."
    )
    for depth, act in ((3, "sigmoid"), (4, "tanh"), (3, "relu"), (1, "relu")):
        net = reference.network(rng, depth, act)
        _, expected = gradients_of(reference, net)
        expect(norms(measure(student, net), "weight", net), "weight").close_to(expected, **CLOSE, hint=hint)


@points(1.5)
def test_q4_works_for_any_form_of_mlp(student, rng, reference):
    """nn.Sequential이든, 직접 만든 클래스든, 블록으로 묶은 모델이든 결과가 같습니다."""
    hints = {
        "nested": "모델 안의 모델에 있는 nn.Linear도 찾아야 합니다. model.modules()를 살펴보세요.",
        "module": (
            "모델을 층 단위로 직접 계산하지 말고 model(x)를 불러 주세요. 활성화 함수가 층이 아닐 수도 있습니다."
        ),
        "dropout": (
            "평가 모드로 받은 모델은 평가 모드에서 계산해야 합니다. model.train()을 부르지 않았는지 확인해 보세요."
        ),
    }
    for act in ("tanh", "sigmoid"):
        net = reference.network(rng, 4, act)
        plain = measure(student, net)
        require_moving(student, reference, net, plain)
        for form, hint in hints.items():
            report = measure(student, net, form=form, training=form != "dropout")
            for key in ("delta", "weight"):
                expect(norms(report, key, net), key).close_to(norms(plain, key, net), **CLOSE, hint=hint)


@points(2)
def test_q4_in_place_activation_does_not_matter(student, rng, reference):
    """출력을 그 자리에서 바꾸는 nn.ReLU(inplace=True)가 뒤에 와도 결과가 같습니다."""
    net = reference.network(rng, 4, "relu")
    plain, changed = measure(student, net), measure(student, net, form="inplace")
    require_moving(student, reference, net, plain)
    hint = (
        "붙잡아 둔 출력을 뒤의 층이 바꾸면 활성화 함수를 지난 값의 기울기가 됩니다. "
        "훅에서 복사본을 돌려주는 방법이 있습니다."
    )
    for key in ("delta", "weight"):
        expect(norms(changed, key, net), key).close_to(norms(plain, key, net), **CLOSE, hint=hint)


@points(1)
def test_q4_leaves_the_gradients_as_they_were(student, rng, reference):
    """파라미터의 .grad가 None이면 None으로, 숫자이면 그 숫자로 남으며 결과에 섞이지 않습니다."""
    net = reference.network(rng, 3, "sigmoid")
    reports = [measure(student, net, grads=grads) for grads in (False, True)]
    require_moving(student, reference, net, reports[0])
    hint = "부르기 전에 쌓여 있던 .grad가 결과에 더해지지 않았는지 확인해 보세요."
    for key in ("delta", "weight"):
        clean, filled = (norms(report, key, net) for report in reports)
        expect(filled, key).close_to(clean, **CLOSE, hint=hint)
    hints = (
        "부르기 전에 None이던 .grad는 부른 뒤에도 None이어야 합니다. torch.autograd.grad를 쓰거나 되돌려 놓으세요.",
        "부르기 전에 있던 .grad의 값을 지우거나 더하지 마세요. 미리 복사해 두거나 torch.autograd.grad를 쓰세요.",
    )
    for report, filled, hint in zip(reports, (False, True), hints, strict=True):
        grads = expect(report["after"], "부른 뒤의 모델").item("grads").sequence(2 * net.depth)
        for index in range(2 * net.depth):
            shape = net.Ws[index // 2].shape if index % 2 == 0 else net.bs[index // 2].shape
            before = torch.full(shape, float(index + 1), dtype=torch.float64) if filled else None
            grads.item(index).equals(before, hint=hint)


@points(1)
def test_q4_leaves_the_model_unchanged(student, rng, reference):
    """모델의 파라미터, 훈련/평가 모드, 훅과 입력 x를 바꾸지 않습니다."""
    hints = {
        "parameters": (
            "파라미터의 값이 바뀌었습니다. 옵티마이저로 갱신하거나 제자리 연산을 하지 않았는지 확인해 보세요."
        ),
        "requires_grad": "파라미터의 requires_grad를 바꾸었다면 되돌려 놓으세요.",
        "training": "train()이나 eval()을 불렀다면 원래 모드로 되돌려 놓으세요.",
        "hooks": "register_..._hook이 돌려준 핸들의 remove()를 모두 불러 주세요.",
        "tensor_hooks": "파라미터에 건 훅의 remove()를 모두 불러 주세요.",
        "x": "입력 x의 값이 바뀌었습니다. 제자리 연산을 쓰지 않았는지 확인해 보세요.",
    }
    net = reference.network(rng, 3, "tanh")
    for training in (True, False):
        report = measure(student, net, training=training)
        require_moving(student, reference, net, report, training=training)
        before, after = expect(report["before"], "부르기 전의 모델"), expect(report["after"], "부른 뒤의 모델")
        weights = [tensor for pair in zip(net.Ws, net.bs, strict=True) for tensor in pair]
        facts = {
            "parameters": weights,
            "requires_grad": [True] * len(weights),
            "training": [training] * (2 * net.depth),
            "hooks": 0,
            "tensor_hooks": 0,
            "x": net.x,
        }
        for key, fact in facts.items():
            before.item(key).equals(fact)
            after.item(key).equals(fact, hint=hints[key])


@points(1)
def test_q4_leaves_the_buffers_as_they_were(student, rng, reference):
    """배치 정규화가 쌓아 두는 평균과 분산(버퍼)을 바꾸지 않습니다."""
    net = reference.network(rng, 3, "tanh")
    report = measure(student, net, form="batchnorm")
    require_moving(student, reference, net, report, form="batchnorm")
    buffers = []
    for W in net.Ws[:-1]:
        size = W.shape[0]
        buffers += [torch.zeros(size, dtype=torch.float64), torch.ones(size, dtype=torch.float64), torch.tensor(0)]
    hint = "훈련 모드에서는 순전파만 해도 배치 정규화의 버퍼가 바뀝니다. 모델의 복사본에서 재거나 되돌려 놓으세요."
    expect(report["after"], "부른 뒤의 모델").item("buffers").equals(buffers, hint=hint)
