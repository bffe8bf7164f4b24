"""문제 8의 공개 점검: 종류, 손으로 고른 경우, 입력이 그대로인지."""

from course.checks import CheckError, require, test_case

OK_FORMAT = False
name = "q8"


def index_of(crossover, cpu, gpu, transfer, expected, suspects=()):
    """번호(또는 None)가 맞는지, 아니면 어떤 값이 나왔는지 말합니다."""
    found = crossover(list(cpu), list(gpu), list(transfer))
    if found is None and expected is None:
        return
    if found is not None and (isinstance(found, bool) or not hasattr(found, "__index__")):
        raise CheckError(f"번호(int)나 None이 아니라 {type(found).__name__}을 돌려주었습니다.")
    if expected is None or found is None or int(found) != expected:
        hint = next((text for wrong, text in suspects if wrong == found), "")
        raise CheckError(f"cpu {cpu}, gpu {gpu}, transfer {transfer}: {expected}이어야 하는데 {found}입니다.", hint)


@test_case(name="번호를 돌려주고, 없으면 None입니다", points=2)
def test_kind(crossover):
    wrong = [(3, "리스트의 길이가 아니라 None입니다."), (-1, "-1이 아니라 None입니다."), (0, "앞서는 곳이 없습니다.")]
    index_of(crossover, [1, 2, 3], [5, 5, 5], [0, 0, 0], None, wrong)
    index_of(crossover, [], [], [], None)
    index_of(crossover, [5, 5], [1, 1], [0, 0], 0, [(None, "0번을 '없음'으로 다루었을 수 있습니다.")])


@test_case(name="손으로 찾은 교차점과 같습니다", points=4)
def test_by_hand(crossover):
    # 옮기는 시간 3을 더하면 GPU는 5, 5, 5, 5: 번호 2부터 앞섭니다.
    without = [(0, "옮기는 시간을 더하지 않았습니다."), (1, "시간이 같으면 앞선 것이 아닙니다.")]
    index_of(crossover, [4, 5, 6, 9], [2, 2, 2, 2], [3, 3, 3, 3], 2, [*without, (6, "시간이 아니라 번호를 돌려주세요.")])
    # 번호 1에서 어쩌다 앞섰지만 번호 2에서 다시 뒤집니다.
    lucky = [(1, "어쩌다 한 번 앞선 곳입니다. 그 뒤로 끝까지 앞서야 합니다."), (4, "번호는 0부터 셉니다.")]
    index_of(crossover, [1, 4, 3, 6, 8], [5, 3, 5, 5, 5], [0, 0, 0, 0, 0], 3, lucky)


@test_case(name="받은 리스트를 바꾸지 않습니다", points=2)
def test_identity(crossover):
    cpu, gpu, transfer = [1.0, 5.0, 9.0], [2.0, 2.0, 2.0], [1.0, 1.0, 1.0]
    first = crossover(cpu, gpu, transfer)
    require((cpu, gpu, transfer) == ([1.0, 5.0, 9.0], [2.0] * 3, [1.0] * 3), "받은 리스트의 값이나 순서가 바뀌었습니다.")
    require(crossover(cpu, gpu, transfer) == first, "다시 부르니 결과가 달라졌습니다.")
