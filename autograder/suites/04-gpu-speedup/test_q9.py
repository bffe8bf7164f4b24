"""Hidden tests of question 9: model_flops(model, input_shape) -> FLOP of one sample's forward pass, layer by layer.

A model is told as a plan, a list of layers with their arguments; a probe builds it in the sandbox, and the reference
counts the plan without torch. Each test shows one kind of layer; the plain values come first and carry half.
"""

from autograder.judge import expect, points, require

EXACT = {"rtol": 1e-9, "atol": 0.0}


def asked(student, reference, plan, shape, hint):
    """Ask for the list of a planned model and compare it with the reference's, entry by entry."""
    right = reference.model_flops(plan, shape)
    found = expect(student.probe("flops_of", plan, shape), "연산량의 리스트")
    for entry, value in zip(found.each(len(right), hint=hint), right, strict=True):
        entry.close_to(value, **EXACT, hint=hint)


@points(2)
def test_q9_linear_layers(student, rng, reference):
    """Linear만 있는 신경망의 연산량을 층마다 구합니다."""
    hint = "Linear의 출력 원소 하나에는 곱셈과 덧셈이 입력의 수만큼 듭니다. 가중치가 있는 층마다 수 하나를 담으세요."
    for depth in (1, 2, 4):
        plan, shape = reference.dense_plan(rng, depth)
        asked(student, reference, plan, shape, hint)


@points(4)
def test_q9_a_convolutional_net(student, rng, reference):
    """보폭과 패딩과 풀링이 있는 합성곱 신경망의 연산량을 구합니다."""
    hint = (
        "합성곱의 출력 원소 하나에 드는 곱셈은 커널이 보는 입력의 수입니다. 출력의 크기는 보폭, 패딩, 풀링을 거친 "
        "것인지, 편향을 더해 세지는 않았는지 확인해 보세요."
    )
    for _ in range(3):
        plan, shape = reference.convolutional_plan(rng)
        asked(student, reference, plan, shape, hint)


@points(2)
def test_q9_groups_see_a_part_of_the_channels(student, rng, reference):
    """groups가 있으면 출력 채널은 입력 채널의 일부만 봅니다."""
    hint = "groups = g이면 출력 채널 하나가 보는 입력 채널은 1/g뿐입니다. weight의 모양을 출력해 보세요."
    for groups in (2, 3, None):
        plan, shape = reference.grouped_plan(rng, groups)
        asked(student, reference, plan, shape, hint)


@points(1)
def test_q9_height_and_width_may_differ(student, rng, reference):
    """커널, 보폭, 패딩, 간격이 세로와 가로에서 달라도 됩니다."""
    hint = "kernel_size, stride, padding, dilation은 (세로, 가로)의 두 수입니다. 한쪽만 읽지 않았는지 확인해 보세요."
    for _ in range(3):
        plan, shape = reference.oblong_plan(rng)
        asked(student, reference, plan, shape, hint)


@points(1)
def test_q9_a_linear_layer_at_every_position(student, rng, reference):
    """Linear의 입력이 (T, D)이면 자리마다 한 번씩 셉니다."""
    hint = "Linear는 마지막 축에만 작용하고, 앞의 축은 자리의 수입니다. 출력 원소의 수부터 세어 보세요."
    positions, (plan, shape) = int(rng.integers(3, 9)), reference.dense_plan(rng, 2)
    plan[-1][1]["out_features"] = 1  # one output is a layer too
    asked(student, reference, plan, (positions, *shape), hint)


@points(1)
def test_q9_a_net_within_a_net(student, rng, reference):
    """Sequential 안의 Sequential에 든 층도 차례대로 셉니다."""
    hint = "안쪽의 Sequential도 열어 보아야 합니다. 바깥의 층만 세지 않았는지 확인해 보세요."
    first, shape = reference.dense_plan(rng, 3)
    plan = [first[0], ["net", [first[1], ["net", first[2:-1]]]], first[-1]]
    asked(student, reference, plan, shape, hint)


@points(1)
def test_q9_a_model_without_values(student, rng, reference):
    """장치가 "meta"여서 값이 없는 모델도 셉니다."""
    hint = "입력을 만들 때 장치를 정해 두지 않았는지 확인해 보세요. 복사본을 meta로 옮기면 어느 모델이든 같습니다."
    plan, shape = reference.dense_plan(rng, 3)
    plan[0][1]["bias"] = True  # only with a bias does torch refuse an input of another device than "meta"
    right = reference.model_flops(plan, shape)
    found = expect(student.probe("flops_of", plan, shape, "meta"), "연산량의 리스트").each(len(right), hint=hint)
    for entry, value in zip(found[1:], right[1:], strict=True):
        entry.close_to(value, **EXACT, hint=hint)


@points(2)
def test_q9_the_model_is_left_as_it_was(student, rng, reference):
    """세고 난 뒤에도 모델의 파라미터와 버퍼, 모드, 기울기, 후크가 그대로입니다."""
    hint = (
        "모델에 입력을 흘려 보냈다면 BatchNorm의 통계가 바뀌거나 후크가 남을 수 있습니다. "
        "복사본(copy.deepcopy)을 eval()로 두고 세어 보세요."
    )
    for double, training in ((False, True), (True, False)):
        plan, shape = reference.convolutional_plan(rng, norm=True)
        report = student.probe("model_after_flops", plan, shape, double, training)
        expect(report, "결과").mapping(("flops", "same"))
        found = expect(report["flops"], "연산량의 리스트").each(len(reference.model_flops(plan, shape)), hint=hint)
        require(len({entry.real() for entry in found}) > 1, "층마다 연산량이 모두 같습니다.", hint)
        require(expect(report["same"], "모델의 상태").truth(), "모델의 상태가 바뀌었습니다.", hint)
