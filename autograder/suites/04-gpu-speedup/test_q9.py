"""Hidden tests of question 9: model_flops(model, input_shape) -> FLOP of one sample's forward pass, layer by layer.

A model is told as a plan, a list of layers with their arguments; a probe builds it in the sandbox, and the reference
counts the plan without torch. Plain values and one test over every kind of model carry half. The tests of one kind of
layer each take what one multiplication counts from the student's own list of a single linear layer.
"""

from autograder.judge import expect, points, require

EXACT = {"rtol": 1e-9, "atol": 0.0}


GROUPS = "groups = g이면 출력 채널 하나가 보는 입력 채널은 1/g뿐입니다. weight의 모양을 출력해 보세요."
OBLONG = "kernel_size, stride, padding, dilation은 (세로, 가로)의 두 수입니다. 한쪽만 읽지 않았는지 확인해 보세요."
POSITIONS = "Linear는 마지막 축에만 작용하고, 앞의 축은 자리의 수입니다. 출력 원소의 수부터 세어 보세요."
NESTED = "안쪽의 Sequential도 열어 보아야 합니다. 바깥의 층만 세지 않았는지 확인해 보세요."
META = "입력을 만들 때 장치를 정해 두지 않았는지 확인해 보세요. 복사본을 meta로 옮기면 어느 모델이든 같습니다."
STATE = (
    "모델에 입력을 흘려 보냈다면 BatchNorm의 통계가 바뀌거나 후크가 남을 수 있습니다. "
    "복사본(copy.deepcopy)을 eval()로 두고 세어 보세요."
)


def asked(student, reference, plan, shape, hint, *more, scale=1.0):
    """Ask for the list of a planned model and compare it with `scale` times the reference's, entry by entry."""
    right = reference.model_flops(plan, shape)
    found = expect(student.probe("flops_of", plan, shape, *more), "연산량의 리스트")
    for entry, value in zip(found.each(len(right), hint=hint), right, strict=True):
        entry.close_to(scale * value, **EXACT, hint=hint)


def own_scale(student, rng, reference):
    """Return the student's count of a single linear layer in units of the reference's; layers of two sizes agree."""
    found = []
    for _ in range(2):
        plan, shape = reference.dense_plan(rng, 1)
        entry = expect(student.probe("flops_of", plan, shape), "연산량의 리스트").each(1)[0]
        found.append(entry.finite().real() / reference.model_flops(plan, shape)[0])
    require(found[0] > 0, "Linear 하나의 연산량이 0보다 크지 않습니다.")
    expect(found[1], "Linear 하나의 연산량의 비").close_to(found[0], **EXACT)
    return found[0]


def positions_plan(rng, reference):
    """Return two linear layers, the last with one output, and the shape of several positions."""
    positions, (plan, shape) = int(rng.integers(3, 9)), reference.dense_plan(rng, 2)
    plan[-1][1]["out_features"] = 1  # one output is a layer too
    return plan, (positions, *shape)


def nested_plan(rng, reference):
    """Return three linear layers, two of them within nets within the net, and the shape of a sample."""
    first, shape = reference.dense_plan(rng, 3)
    return [first[0], ["net", [first[1], ["net", first[2:-1]]]], first[-1]], shape


def biased_plan(rng, reference):
    """Return three linear layers, the first with a bias: only so does torch refuse an input elsewhere than "meta"."""
    plan, shape = reference.dense_plan(rng, 3)
    plan[0][1]["bias"] = True
    return plan, shape


@points(2.5)
def test_q9_models_of_every_kind(student, rng, reference):
    """어떤 층이 어떻게 들어 있어도 연산량을 맞게 세고, 모델을 바꾸지 않습니다."""
    kinds = [
        (reference.grouped_plan(rng, 2), GROUPS),
        (reference.oblong_plan(rng), OBLONG),
        (positions_plan(rng, reference), POSITIONS),
        (nested_plan(rng, reference), NESTED),
    ]
    for (plan, shape), hint in kinds:
        asked(student, reference, plan, shape, hint)
    plan, shape = biased_plan(rng, reference)
    asked(student, reference, plan, shape, META, "meta")
    plan, shape = reference.convolutional_plan(rng, norm=True)
    report = student.probe("model_after_flops", plan, shape, False, True)
    expect(report, "결과").mapping(("flops", "same"))
    right = reference.model_flops(plan, shape)
    for entry, value in zip(expect(report["flops"], "연산량의 리스트").each(len(right)), right, strict=True):
        entry.close_to(
            value, **EXACT, hint="출력의 크기가 보폭과 패딩과 풀링을 거친 것인지, 편향을 세지 않았는지 보세요."
        )
    require(expect(report["same"], "모델의 상태").truth(), "모델의 상태가 바뀌었습니다.", STATE)


@points(2)
def test_q9_linear_layers(student, rng, reference):
    """Linear만 있는 신경망의 연산량을 층마다 구합니다."""
    hint = "Linear의 출력 원소 하나에는 곱셈과 덧셈이 입력의 수만큼 듭니다. 가중치가 있는 층마다 수 하나를 담으세요."
    for depth in (1, 2, 4):
        plan, shape = reference.dense_plan(rng, depth)
        asked(student, reference, plan, shape, hint)


@points(3)
def test_q9_a_convolutional_net(student, rng, reference):
    """보폭과 패딩과 풀링이 있는 합성곱 신경망의 연산량을 구합니다."""
    hint = (
        "합성곱의 출력 원소 하나에 드는 곱셈은 커널이 보는 입력의 수입니다. 출력의 크기는 보폭, 패딩, 풀링을 거친 "
        "것인지, 편향을 더해 세지는 않았는지 확인해 보세요."
    )
    for _ in range(3):
        plan, shape = reference.convolutional_plan(rng)
        asked(student, reference, plan, shape, hint)


@points(1)
def test_q9_groups_see_a_part_of_the_channels(student, rng, reference):
    """groups가 있으면 출력 채널은 입력 채널의 일부만 봅니다."""
    scale = own_scale(student, rng, reference)
    for groups in (2, 3, None):
        plan, shape = reference.grouped_plan(rng, groups)
        asked(student, reference, plan, shape, GROUPS, scale=scale)


@points(1)
def test_q9_height_and_width_may_differ(student, rng, reference):
    """커널, 보폭, 패딩, 간격이 세로와 가로에서 달라도 됩니다."""
    scale = own_scale(student, rng, reference)
    for _ in range(3):
        plan, shape = reference.oblong_plan(rng)
        asked(student, reference, plan, shape, OBLONG, scale=scale)


@points(1)
def test_q9_a_linear_layer_at_every_position(student, rng, reference):
    """Linear의 입력이 (T, D)이면 자리마다 한 번씩 셉니다."""
    scale = own_scale(student, rng, reference)
    plan, shape = positions_plan(rng, reference)
    asked(student, reference, plan, shape, POSITIONS, scale=scale)


@points(1)
def test_q9_a_net_within_a_net(student, rng, reference):
    """Sequential 안의 Sequential에 든 층도 차례대로 셉니다."""
    scale = own_scale(student, rng, reference)
    plan, shape = nested_plan(rng, reference)
    asked(student, reference, plan, shape, NESTED, scale=scale)


@points(1)
def test_q9_a_model_without_values(student, rng, reference):
    """장치가 "meta"여서 값이 없는 모델도 셉니다."""
    scale = own_scale(student, rng, reference)
    plan, shape = biased_plan(rng, reference)
    right = reference.model_flops(plan, shape)
    found = expect(student.probe("flops_of", plan, shape, "meta"), "연산량의 리스트").each(len(right), hint=META)
    for entry, value in zip(found[1:], right[1:], strict=True):
        entry.close_to(scale * value, **EXACT, hint=META)


@points(1.5)
def test_q9_the_model_is_left_as_it_was(student, rng, reference):
    """세고 난 뒤에도 모델의 파라미터와 버퍼, 모드, 기울기, 후크가 그대로입니다."""
    for double, training in ((False, True), (True, False)):
        plan, shape = reference.convolutional_plan(rng, norm=True)
        report = student.probe("model_after_flops", plan, shape, double, training)
        expect(report, "결과").mapping(("flops", "same"))
        found = expect(report["flops"], "연산량의 리스트").each(len(reference.model_flops(plan, shape)), hint=STATE)
        require(len({entry.real() for entry in found}) > 1, "층마다 연산량이 모두 같습니다.", STATE)
        require(expect(report["same"], "모델의 상태").truth(), "모델의 상태가 바뀌었습니다.", STATE)
