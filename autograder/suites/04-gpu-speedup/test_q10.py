"""Hidden tests of question 10: training_chain(layers, samples, epochs, days, peak, today, share=None) -> dict.

The chain goes from the forward pass to days on another machine. One test asks for the chain as a whole; each of the
others judges one stage from the student's own stage before it, so that a mistake is not passed on.
"""

from autograder.judge import expect, points, raises, require

CLOSE = {"rtol": 1e-6, "atol": 0.0}
STAGES = ("step", "total", "rate", "share", "days")
DAY = 86400.0


def chain(student, story, share=None):
    """Return the student's chain for these arguments: each stage as a finite number."""
    answer = student.training_chain(*story) if share is None else student.training_chain(*story, share=share)
    hint = '"step", "total", "rate", "share", "days"가 모두 든 딕셔너리를 돌려주어야 합니다.'
    expect(answer, "사슬").mapping(STAGES, extra=True, hint=hint)
    return {stage: expect(answer[stage], stage).finite(hint=hint).real() for stage in STAGES}


def moves(first, second, stage, hint):
    """Require that a stage differs between two chains of different arguments."""
    require(abs(first[stage] - second[stage]) > 1e-9 * abs(first[stage]), "인자를 바꾸어도 값이 그대로입니다.", hint)


@points(2)
def test_q10_the_chain_as_a_whole(student, rng, reference):
    """논문의 수를 넣으면 전체 연산량과 다른 기계의 날수가 맞습니다."""
    hint = (
        "단계마다 단위를 적어 보세요. 한 표본의 FLOP에 표본과 에포크를 곱하면 전체 FLOP이고, "
        "전체를 실제로 낼 속도(FLOP/s)로 나누면 초입니다. 역전파를 얼마로 세었는지도 확인해 보세요."
    )
    for _ in range(3):
        story, share = reference.training_story(rng), float(rng.uniform(0.05, 0.9))
        right, found = reference.training_chain(*story, share), chain(student, story, share)
        for stage in ("total", "days"):
            expect(found[stage], stage).close_to(right[stage], **CLOSE, hint=hint)


@points(2)
def test_q10_backward_costs_what_it_computes(student, rng, reference):
    """역전파는 층마다 필요한 기울기만 셉니다."""
    hint = (
        "층마다 가중치의 기울기와 입력의 기울기를 구하는 데 각각 순전파만큼 듭니다. "
        "그런데 입력의 기울기가 필요하지 않은 층이 하나 있습니다. 무엇을 고치려고 역전파를 하는지 생각해 보세요."
    )
    for depth in (1, 2, 5):
        story = reference.training_story(rng, depth)
        expect(chain(student, story)["step"], "step").close_to(reference.step(story[0]), **CLOSE, hint=hint)


@points(1.5)
def test_q10_total_and_rate_follow_from_the_stages_before(student, rng, reference):
    """전체 연산량은 표본과 에포크에서, 실제 속도는 걸린 날수에서 나옵니다."""
    hint = "total은 표본마다, 에포크마다 step을 되풀이한 것입니다. rate는 total을 걸린 시간(초)으로 나눈 것입니다."
    found = []
    slow = ([3.0, 2.0], 5, 2, float(rng.uniform(1.0, 3.0)), 1.0, 2.0)  # far less than 1 FLOP/s
    for story in (reference.training_story(rng), slow):
        _, samples, epochs, days, *_ = story
        found.append(chain(student, story))
        expect(found[-1]["total"], "total").close_to(found[-1]["step"] * samples * epochs, **CLOSE, hint=hint)
        expect(found[-1]["rate"], "rate").close_to(found[-1]["total"] / (days * DAY), **CLOSE, hint=hint)
    for stage in ("total", "rate"):
        moves(*found, stage, hint)


@points(1.5)
def test_q10_share_is_a_part_of_the_peak(student, rng, reference):
    """최대 연산 속도 가운데 실제로 쓴 비율을 구합니다."""
    hint = "share는 실제 속도를 그 기계의 최대 연산 속도로 나눈 값입니다. 백분율도, 인자 share도 아닙니다."
    found = []
    for share in (None, float(rng.uniform(0.3, 0.9))):
        story = reference.training_story(rng)
        found.append(chain(student, story, share))
        expect(found[-1]["share"], "share").close_to(found[-1]["rate"] / story[4], **CLOSE, hint=hint)
    moves(*found, "share", hint)


@points(2)
def test_q10_the_same_share_where_none_is_stated(student, rng, reference):
    """share를 적지 않으면 다른 기계도 그때와 같은 비율로 일한다고 봅니다."""
    hint = "share가 None이면 앞 단계에서 구한 비율을 씁니다. days는 초가 아니라 날이고, 최대 속도를 다 쓰지는 못합니다."
    found = []
    for _ in range(2):
        story = reference.training_story(rng)
        found.append(chain(student, story))
        _, _, _, days, peak, today = story
        expect(found[-1]["days"], "days").close_to(days * peak / today, **CLOSE, hint=hint)
    moves(*found, "days", hint)


@points(2)
def test_q10_faster_than_the_peak_is_a_mistake(student, rng, reference):
    """최대 연산 속도보다 빨랐다는 결과이면 ValueError를 냅니다."""
    hint = "rate가 peak보다 크면 넣은 수 가운데 하나가 틀린 것입니다. 그대로 돌려주지 말고 ValueError를 raise하세요."
    story = reference.training_story(rng)
    layers, samples, epochs, days, peak, today = story
    possible = [chain(student, story), chain(student, reference.training_story(rng))]
    require(possible[0]["share"] > 0, "실제로 쓴 비율이 0보다 크지 않습니다.", hint)
    moves(*possible, "share", hint)
    with raises(ValueError, "최대보다 빠른 기계", hint=hint):
        student.training_chain(layers, samples, epochs, 1e-6 * days, peak, today)
