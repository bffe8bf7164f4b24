"""Hidden tests of question 6: fine_tune(model, x, y, steps, lr_backbone, lr_head, batch) -> losses; everything learns.

The two rates are isolated by setting one of them to 0; which optimizer it is matters only where results are compared
with Adam. Batches are random, so values are compared only where one batch holds all rows.
"""

from dataclasses import replace

import torch

from autograder.judge import error_rate, expect, leans_on, points, require
from autograder.korean import with_particle

pytestmark = leans_on("freeze", "trainable_params")

RATES = {"lr_backbone": 0.01, "lr_head": 0.02}


def tune(student, net, x, y, **options):
    """Return the probe's report on fine_tune."""
    report = student.probe("fine_tuning", net.plan, x, y, options, training=False)
    expect(report).mapping(("losses", "after", "batches"))
    return report


def after(report, net, names):
    """Return these tensors after training."""
    state = expect(report["after"], "학습한 뒤")
    return {name: state.item(name).shape(*net.state[name].shape).finite().reals() for name in names}


@points(1)
def test_q6_backbone_and_head_learn(student, rng, reference):
    """백본과 헤드의 모든 파라미터가 학습되어 손실이 줄어듭니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 20)
    report = tune(student, net, x, y, steps=4, lr_backbone=0.005, lr_head=0.01)
    found = after(report, net, net.parameters())
    hint = "백본과 헤드의 파라미터를 모두 옵티마이저에 넘겼는지 확인해 보세요."
    require(
        reference.changed(net.state, found, net.parameters("features")) == net.parameters("features"),
        "백본에 학습되지 않는 파라미터가 있습니다.",
        hint,
    )
    require(
        reference.changed(net.state, found, net.parameters("head")) == net.parameters("head"),
        "헤드가 학습되지 않습니다.",
        hint,
    )
    trained = replace(net, state={**net.state, **found})
    first, last = (reference.loss_of(reference.logits(one, x), y) for one in (net, trained))
    require(
        bool(last < first),
        "학습한 뒤에도 손실이 줄지 않습니다.",
        "zero_grad, backward, step의 순서를 보세요.",
    )


@points(3)
def test_q6_trains_in_train_mode(student, rng, reference):
    """평가 모드로 받은 모델도 훈련 모드에서 학습합니다: 배치 정규화의 통계가 움직입니다."""
    net = reference.network(rng)
    x, y = reference.task(rng, net, 15)
    names = net.statistics()
    found = after(tune(student, net, x, y, steps=2, **RATES), net, names)
    hint = "학습하기 전에 model.train()을 부르세요. 미세 조정에서는 백본의 통계도 새 데이터를 따라갑니다."
    require(reference.changed(net.state, found, names) == names, "배치 정규화의 통계가 움직이지 않습니다.", hint)


@points(1)
def test_q6_each_part_has_its_own_rate(student, rng, reference):
    """백본에는 lr_backbone, 헤드에는 lr_head를 씁니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 16)
    hint = "옵티마이저에 파라미터 그룹을 두 개 넘기고, 학습률이 서로 바뀌지 않았는지 확인해 보세요."
    for still, moving in (("lr_backbone", "lr_head"), ("lr_head", "lr_backbone")):
        report = tune(student, net, x, y, steps=3, **{still: 0.0, moving: 0.02})
        places = {"lr_backbone": "features", "lr_head": "head"}
        for name in net.parameters(places[still]):
            expect(report["after"], f"{still} = 0일 때").item(name).equals(net.state[name], hint=hint)
        names = net.parameters(places[moving])
        found = after(report, net, names)
        symptom = f"{with_particle(moving, '을/를')} 준 쪽이 학습되지 않습니다."
        require(reference.changed(net.state, found, names) == names, symptom, hint)


@points(3)
def test_q6_equals_adam_with_two_groups(student, rng, reference):
    """데이터가 한 배치에 다 들어가면, 결과가 두 그룹에 Adam을 쓴 것과 같습니다."""
    hint = (
        "학습률이 그룹마다 다른 Adam인지, 단계마다 zero_grad를 부르는지, 손실이 교차 엔트로피의 평균인지 확인해 보세요."
    )
    for options in ({}, {"batch": 13}):  # without BatchNorm: the mode costs a test of its own
        net = reference.network(rng, norm=False)
        x, y = reference.task(rng, net, 13)
        rates = {"lr_backbone": float(rng.uniform(0.002, 0.006)), "lr_head": float(rng.uniform(0.01, 0.03))}
        losses, expected = reference.fine_tuning(net, x, y, 4, **rates)
        report = tune(student, net, x, y, steps=4, **options, **rates)
        found = after(report, net, net.parameters())
        for name in net.parameters():
            expect(found[name], name).close_to(expected[name], rtol=1e-4, atol=1e-6, hint=hint)
        said = expect(report["losses"], "손실").sequence(4, hint="단계마다의 손실을 리스트에 담아 돌려주세요.")
        for index, loss in enumerate(losses):
            said.item(index).close_to(loss, rtol=1e-4, hint="단계마다 갱신하기 전의 손실이어야 합니다.")


@error_rate(1e-12)
@points(2)
def test_q6_steps_batch_and_defaults(student, rng, reference):
    """단계마다 batch개를 겹치지 않게 무작위로 뽑고, steps를 지키며, 기본값이 문제와 같습니다."""
    net = reference.network(rng, norm=False)
    x, y = reference.task(rng, net, 17)
    steps = 6
    batch = 12  # of 17: with replacement one step is without a double in 1 of 200, all six never
    report = tune(student, net, x, y, steps=steps, batch=batch, **RATES)
    hint = "단계마다 표본의 번호를 섞어 앞의 batch개를 쓰세요. torch.randperm이 편합니다."
    batches = expect(report["batches"], "배치").sequence(steps, hint="한 단계에 순전파를 한 번씩, steps번 합니다.")
    chosen = []
    for index in range(steps):
        rows = batches.item(index).shape(batch, *x.shape[1:], hint=hint).reals(hint=hint)
        found = [i for row in rows for i in range(len(x)) if torch.equal(row, x[i])]
        require(len(set(found)) == batch, "배치에 같은 표본이 두 번 있거나 훈련 데이터가 아닌 것이 있습니다.", hint)
        chosen.append(frozenset(found))
    require(len(set(chosen)) > 1, "단계마다 같은 표본만 씁니다.", hint)
    hint = "기본값이 문제에 적힌 값과 같은지 확인해 보세요."
    few = slice(0, 6)
    for name, value, other in (("lr_backbone", 0.005, {"lr_head": 0.02}), ("lr_head", 0.01, {"lr_backbone": 0.004})):
        given = {"steps": 2, **other}
        pair = student.probe("tuning_left_out_and_stated", net.plan, x[few], y[few], given, {name: value})
        left_out, stated = expect(pair).unpack(2)
        for key in ("head.weight", net.parameters("features")[0]):
            expected = expect(stated, "기본값을 적었을 때").item(key).finite().reals()
            expect(left_out, "기본값일 때").item(key).close_to(expected, rtol=1e-6, atol=1e-8, hint=hint)
    passes = student.probe("passes_by_default", torch.eye(2, dtype=torch.float64), torch.arange(2))
    expect(passes, "steps를 적지 않았을 때의 순전파 횟수").equals(150, hint=hint)


@points(2)
def test_q6_frozen_blocks_stay_frozen(student, rng, reference):
    """이미 동결되어 있던 블록은 미세 조정해도 비트까지 그대로입니다."""
    hint = "동결된 블록의 requires_grad를 다시 켜거나 모듈마다 모드를 억지로 바꾸지 않았는지 확인해 보세요."
    options = {"steps": 3, **RATES}
    for held in ("first", "second"):
        net = reference.network(rng)
        x, y = reference.task(rng, net, 14)
        report = student.probe("fine_tuning", net.plan, x, y, options, training=True, held=f"features.{held}")
        expect(report).mapping(("losses", "after", "batches"))
        for name in net.parameters(held) + net.statistics(held):
            expect(report["after"], "학습한 뒤").item(name).equals(net.state[name], hint=hint)
        names = net.parameters(*(block for block in reference.BLOCKS if block != held))
        found = after(report, net, [*names, *net.parameters("head")])
        moved = reference.changed(net.state, found, names)
        require(moved in (names, []), "동결하지 않은 블록이 학습되지 않습니다.", hint)  # none at all: the first test's
        head = reference.changed(net.state, found, net.parameters("head"))
        require(head != [], "헤드가 학습되지 않습니다.", "헤드의 파라미터를 옵티마이저에 넘겼는지 확인해 보세요.")
