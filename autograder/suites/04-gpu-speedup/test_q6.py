"""Hidden tests of question 6: to_device(obj, device), and train_step(model, batch, loss_fn, optimizer, device) -> loss.

Without a GPU the second device is torch's ``meta``, which knows shapes and no values. ``meta`` alone lets a product of
mixed devices through, so a probe looks at every operation of the step and asks for one device in each.
"""

import torch

from autograder.judge import expect, gpu, leans_on, points, require

CLOSE = {"rtol": 1e-6, "atol": 1e-9}


def tensors(description):
    """Return the devices of the tensors in what the probe told of a container, in order."""
    kind, inside = part(description)
    if kind == "tensor":
        return [inside.text()]
    if kind == "dict":
        return [found for pair in inside.each() for found in tensors(pair.unpack(2)[1])]
    return [found for entry in inside.unpack(None) for found in tensors(entry)] if kind in ("list", "tuple") else []


def frame(description):
    """Return the description with every tensor replaced by a mark: kinds, keys, order and other values."""
    kind, inside = part(description)
    if kind == "tensor":
        return "tensor"
    if kind == "dict":
        pairs = [pair.unpack(2) for pair in inside.each()]
        return [kind, [[key, frame(entry)] for key, entry in pairs]]
    if kind in ("list", "tuple"):
        return [kind, [frame(entry) for entry in inside.unpack(None)]]
    return [kind, description[1]]


def part(description):
    """Return the kind of what the probe described, and an expectation on what is told of it."""
    entries = expect(description, "결과")
    return entries.item(0).text(), entries.item(1)


def moved(student, obj, device):
    """Return the probe's report on to_device(obj, device)."""
    report = student.probe("moved", obj, device)
    expect(report, "결과").mapping(("result", "after"))
    return report


@points(3)
def test_q6_a_container_as_a_whole(student, rng, reference):
    """겹친 그릇을 옮기면 장치만 다르고 나머지는 모두 같은 새 그릇이 됩니다."""
    hint = (
        "텐서가 모두 옮겨졌는지, dtype과 그릇의 종류와 키, 텐서가 아닌 값이 그대로인지 확인해 보세요. "
        "원소마다 자기 자신을 다시 부르면 됩니다(재귀)."
    )
    obj = reference.nested(rng)
    report = moved(student, obj, "meta")
    expect(report["result"], "옮긴 그릇").equals(reference.describe(obj, "meta"), hint=hint)
    hint = "받은 dict나 list에 써 넣지 말고 새 그릇을 만들어 돌려주세요."
    expect(report["after"], "받은 그릇").equals(reference.describe(obj), hint=hint)


@points(0.5)
def test_q6_tensors_are_moved_however_deep_they_lie(student, rng, reference):
    """겹겹이 들어 있는 텐서까지 모두 옮깁니다."""
    for obj in (reference.nested(rng), torch.ones(2, 3), [reference.nested(rng), (torch.ones(1),)]):
        found = tensors(moved(student, obj, "meta")["result"])
        hint = "list, tuple, dict의 원소마다 자기 자신을 다시 부르세요(재귀). 값이 텐서이면 .to(device)입니다."
        require(len(found) >= len(reference.leaves(obj)), "결과에 든 텐서가 모자랍니다.", hint)
        require(all(device == "meta" for device in found), "옮겨지지 않은 텐서가 있습니다.", hint)


@points(0.5)
def test_q6_containers_and_other_values_stay(student, rng, reference):
    """그릇의 종류와 키, 텐서가 아닌 값은 그대로입니다."""
    hint = "list는 list로, tuple은 tuple로, dict는 같은 키의 dict로 다시 만들고, 수와 문자열과 None은 그대로 두세요."
    obj = reference.nested(rng)
    found = reference.describe(student.to_device(obj, "cpu"))  # lint: allow claim-unchecked
    expect(frame(found), "결과의 구조").equals(frame(reference.describe(obj)), hint=hint)
    for value in (None, 3, "cpu"):
        expect(student.to_device(value, "cpu"), "텐서가 아닌 값").equals(value, hint=hint)


@points(0.5)
def test_q6_values_shapes_and_types_stay(student, rng, reference):
    """옮긴 텐서의 값, 모양, dtype이 그대로입니다."""
    hint = "장치만 바꾸고 dtype은 바꾸지 마세요. 정수의 정답을 float으로 바꾸면 손실을 계산할 수 없습니다."
    plain = [
        torch.from_numpy(rng.normal(size=(3, 2))),
        torch.tensor([True, False]),
        torch.from_numpy(rng.integers(0, 9, 4)),
    ]
    for tensor in plain:
        result = expect(student.to_device(tensor, "cpu"), "옮긴 텐서")
        result.shape(*tensor.shape, hint=hint).dtype(tensor.dtype, hint=hint).equals(tensor, hint=hint)


@points(0.5)
def test_q6_the_container_handed_in_is_not_changed(student, rng, reference):
    """받은 그릇 자체는 바꾸지 않습니다."""
    hint = "obj[key] = ...처럼 받은 dict나 list에 써 넣으면 부른 쪽의 데이터가 바뀝니다. 새 그릇을 만들어 돌려주세요."
    obj = reference.nested(rng)
    report = moved(student, obj, "meta")
    require(len(tensors(report["result"])) > 0, "결과에 텐서가 없습니다.", hint)
    expect(report["after"], "받은 그릇").equals(reference.describe(obj), hint=hint)


def steps(student, weights, batches, loss, lr, **options):
    """Return the probe's report on one train_step for each batch."""
    report = student.probe("train_steps", weights, batches, loss, lr, **options)
    expect(report, "결과").mapping(("losses", "attached", "weights"))
    return report


def after(report, step):
    """Return the two parameters after a step, not yet looked at."""
    return expect(report["weights"], "파라미터").item(step).unpack(2)


@points(2.5)
@leans_on("to_device")
def test_q6_a_step_goes_down_the_gradient(student, rng, reference):
    """한 단계 뒤의 파라미터와 고치기 전의 손실이 맞습니다."""
    hint = (
        "앞의 기울기를 지우고 순전파, 손실, backward, step을 차례로 한 번씩 불렀는지, "
        "손실의 인자가 (출력, 정답) 순서인지 확인해 보세요."
    )
    before = "손실은 파라미터를 고치기 전의 값이며, 수가 아니라 텐서입니다. .item()을 부르지 않았는지 확인해 보세요."
    for nest, loss in ((False, "mse_loss"), (True, "cross_entropy"), (True, "mse_loss")):
        weights, (batch,) = reference.problem(rng, nest=nest, loss=loss)
        lr = float(rng.uniform(0.1, 0.5))
        report = steps(student, weights, [batch], loss, lr, filled=True)
        value, expected = reference.gradient_step(weights, batch, loss, lr)
        for actual, target in zip(after(report, 0), expected, strict=True):
            expect(actual, "한 단계 뒤의 파라미터").close_to(target, **CLOSE, hint=hint)
        found = expect(report["losses"], "손실").item(0)
        found.tensor(hint=before)
        expect(found.number(hint=before), "손실").close_to(value, **CLOSE, hint=before)


@points(0.75)
@leans_on("to_device")
def test_q6_gradients_of_earlier_steps_do_not_mix_in(student, rng, reference):
    """앞 단계의 기울기나 남아 있던 .grad가 섞이지 않습니다."""
    hint = "backward()는 .grad에 더합니다. backward()를 부르기 전에 optimizer.zero_grad()를 부르세요."
    weights, batches = reference.problem(rng, nest=False, loss="mse_loss", batches=2)
    both = steps(student, weights, batches, "mse_loss", 0.2)
    first = [
        expect(found, "단계 뒤의 파라미터").shape(*weight.shape).finite().reals()
        for found, weight in zip(after(both, 0), weights, strict=True)
    ]
    again = steps(student, first, batches[1:], "mse_loss", 0.2)
    filled = steps(student, weights, batches[:1], "mse_loss", 0.2, filled=True)
    changed = max(float((a - b).abs().max()) for a, b in zip(first, weights, strict=True))
    require(
        changed > 1e-9,
        "한 단계를 지나도 파라미터가 그대로입니다.",
        "backward()와 optimizer.step()을 불렀는지 확인해 보세요.",
    )
    targets = [expect(found, "단계 뒤의 파라미터").finite().reals() for found in (*after(again, 0), *after(both, 0))]
    for actual, target in zip((*after(both, 1), *after(filled, 0)), targets, strict=True):
        expect(actual, "단계 뒤의 파라미터").close_to(target, **CLOSE, hint=hint)


@points(0.5)
@leans_on("to_device")
def test_q6_the_loss_is_that_before_the_step(student, rng, reference):
    """돌려준 손실은 파라미터를 고치기 전의 손실입니다."""
    hint = "backward()를 부른 그 손실을 돌려주세요. 파라미터를 고친 뒤에 다시 계산한 손실이 아닙니다."
    for nest, loss in ((False, "cross_entropy"), (True, "mse_loss")):
        weights, (batch,) = reference.problem(rng, nest=nest, loss=loss)
        report = steps(student, weights, [batch], loss, 0.4)
        value, _ = reference.gradient_step(weights, batch, loss, 0.4)
        expect(expect(report["losses"]).item(0).number(hint=hint), "손실").close_to(value, **CLOSE, hint=hint)


@points(0.75)
@leans_on("to_device")
def test_q6_the_loss_is_a_detached_tensor(student, rng, reference):
    """손실은 계산 그래프에서 떼어 낸 0차원 텐서입니다."""
    hint = ".item()은 GPU의 일이 끝나기를 기다리게 하므로 단계마다 부르지 않습니다. loss.detach()를 돌려주세요."
    weights, (batch,) = reference.problem(rng, nest=False, loss="mse_loss")
    report = steps(student, weights, [batch], "mse_loss", 0.1)
    loss = expect(report["losses"], "손실").item(0).tensor(hint=hint)
    require(loss.dim() == 0, "손실이 0차원 텐서가 아닙니다.", hint)
    attached = expect(report["attached"], "손실").sequence(1).item(0).truth()
    require(not attached, "손실에 계산 그래프가 붙어 있습니다.", hint)


@points(3.5)
@leans_on("to_device")
def test_q6_every_operation_stays_on_one_device(student, rng, reference):
    """장치가 CPU가 아니어도, 단계의 모든 연산이 한 장치의 텐서끼리 이루어집니다."""
    hint = (
        "모델과 배치가 다른 장치에 있습니다. 입력과 정답을 모두 인자로 받은 device로 옮겼는지, "
        '.cuda()나 "cpu"를 적어 두지 않았는지 확인해 보세요.'
    )
    for nest, loss in ((False, "cross_entropy"), (True, "mse_loss")):
        weights, (batch,) = reference.problem(rng, nest=nest, loss=loss)
        report = student.probe("devices_of_a_step", weights, batch, loss, "meta")
        expect(report, "결과").mapping(("mixed", "there", "steps", "error"))
        require(not expect(report["mixed"], "결과").each(), "서로 다른 장치의 텐서를 함께 계산했습니다.", hint)
        require(expect(report["steps"], "결과").integer() >= 1, "optimizer.step()에 이르지 못했습니다.", hint)
        require(expect(report["there"], "결과").integer() >= 8, "인자로 받은 device에서 계산하지 않았습니다.", hint)


@gpu
def test_q6_badge_a_container_comes_back_from_the_gpu(student, device, rng, reference):
    """GPU로 옮겼다가 다시 가져온 텐서가 한 비트도 달라지지 않습니다."""
    obj = reference.nested(rng)
    there, back = expect(student.probe("there_and_back", obj, device)).unpack(2)
    require(all(found == device for found in tensors(there)), "GPU로 옮겨지지 않은 텐서가 있습니다.")
    expect(back, "다시 가져온 그릇").equals(obj, hint="옮기는 동안 dtype이나 값이 바뀌지 않았는지 확인해 보세요.")


@gpu
def test_q6_badge_training_on_the_gpu_agrees_with_the_cpu(student, device, rng, reference):
    """GPU에서 세 단계 학습한 파라미터가 CPU에서 학습한 것과 같습니다."""
    weights, batches = reference.problem(rng, nest=True, loss="cross_entropy", batches=3)
    runs = [steps(student, weights, batches, "cross_entropy", 0.2, device=place) for place in ("cpu", device)]
    hint = "같은 계산을 다른 장치에서 했을 뿐이므로 값이 같아야 합니다. 배치를 모두 옮겼는지 확인해 보세요."
    for expected, actual in zip(after(runs[0], 2), after(runs[1], 2), strict=True):
        target = expect(expected, "CPU의 파라미터").finite().reals()
        expect(actual, "GPU의 파라미터").close_to(target, rtol=1e-6, atol=1e-8, hint=hint)
