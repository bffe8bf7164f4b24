"""문제 10의 공개 점검: 손으로 이은 사슬, 적지 않은 비율, 불가능한 경우."""

from course.checks import CheckError, close, test_case

OK_FORMAT = False
name = "q10"

KEYS = ("step", "total", "rate", "share", "days")

# 두 층(100, 50 FLOP), 표본 10개를 4번, 반나절(43200초), 최대 1 FLOP/s인 기계와 10 FLOP/s인 기계.
STORY = ([100, 50], 10, 4, 0.5, 1.0, 10.0)


def chain(training_chain, *story, **more):
    """딕셔너리의 키를 확인해서 돌려줍니다."""
    found = training_chain(*story, **more)
    if not isinstance(found, dict) or not set(KEYS) <= set(found):
        got = sorted(map(str, found)) if isinstance(found, dict) else type(found).__name__
        raise CheckError(f"반환값은 키가 {list(KEYS)}인 딕셔너리여야 하는데 {got}입니다.")
    return found


@test_case(name="손으로 이은 사슬과 같습니다", points=6)
def test_by_hand(training_chain):
    found = chain(training_chain, *STORY, share=0.5)
    close(
        found["step"],
        350,
        '"step" (layers = [100, 50])',
        suspects=[
            (150.0, "순전파만 셌습니다. 역전파에도 행렬 곱이 듭니다."),
            (300.0, "역전파를 순전파만큼만 셌습니다. 역전파는 층마다 두 가지를 구합니다."),
            (450.0, "모든 층에서 두 기울기를 다 구한다고 보았습니다. 필요하지 않은 것이 하나 있습니다."),
            (400.0, "한 층을 뺐지만 다른 층입니다. 입력의 기울기가 필요 없는 층은 어느 층일까요?"),
        ],
    )
    close(
        found["total"],
        14000,
        '"total"',
        suspects=[(3500.0, "에포크를 곱하지 않았습니다."), (1400.0, "표본의 수를 곱하지 않았습니다.")],
    )
    close(
        found["rate"],
        14000 / 43200,
        '"rate" (반나절은 43200초)',
        suspects=[
            (28000.0, "날로 나누었습니다. 단위가 FLOP/s가 되려면 초로 나누어야 합니다."),
            (14000 / 12, "시간으로 나누었습니다. 하루는 24시간이 아니라 86400초로 세어야 합니다."),
            (14000 / 1800, "하루를 3600초로 보았습니다. 3600초는 한 시간입니다."),
        ],
    )
    close(
        found["share"],
        14000 / 43200,
        '"share" (peak = 1)',
        suspects=[(1400000 / 43200, "백분율로 바꾸었습니다. 0과 1 사이의 수입니다."), (0.5, "인자로 받은 share를 돌려주었습니다. 그때 기계의 비율입니다.")],
    )
    # 다른 기계는 10 FLOP/s의 절반을 내므로 14000 / 5 = 2800초입니다.
    close(
        found["days"],
        2800 / 86400,
        '"days" (share = 0.5)',
        suspects=[
            (2800.0, "초입니다. 날로 바꾸세요."),
            (1400 / 86400, "다른 기계가 최대 속도를 다 낸다고 보았습니다. share를 곱하세요."),
            (0.05, "인자로 받은 share 대신 그때 기계의 비율을 썼습니다."),
        ],
    )


@test_case(name="share를 적지 않으면 그때와 같은 비율입니다", points=3)
def test_same_share(training_chain):
    # 최대 속도만 10배이고 비율이 같으면 날은 10분의 1입니다.
    close(
        chain(training_chain, *STORY)["days"],
        0.05,
        '"days" (share를 적지 않았을 때)',
        suspects=[(1400 / 86400, "share가 None일 때 최대 속도를 다 낸다고 보았습니다. 앞에서 구한 비율을 쓰세요.")],
    )


@test_case(name="최대보다 빨랐다는 결과이면 ValueError입니다", points=2)
def test_impossible(training_chain):
    try:
        training_chain([100, 50], 10, 4, 0.01, 1.0, 10.0)
    except ValueError:
        return
    raise CheckError(
        "그때 기계의 최대 속도보다 16배 빨랐다는 결과인데 ValueError가 발생하지 않습니다.",
        "rate와 peak를 견주지 않았습니다.",
        "rate > peak이면 `raise ValueError(...)`로 알려 주세요.",
    )
