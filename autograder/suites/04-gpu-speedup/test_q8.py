"""Hidden tests of question 8: crossover(cpu_times, gpu_times, transfer) -> the least index from which the GPU stays
ahead with the transfer counted, or None.

One test asks for the index as a whole, with transfers and a fluke; each other rule has inputs in which the rest cannot
be seen, and a tie is compared with the student's own answers.
"""

from autograder.judge import expect, gpu, leans_on, points, require

SIZES = [16, 64, 256, 1024, 2048]


def crossing(rng, count, at):
    """Return CPU and GPU times that cross once: the GPU is ahead from index `at` on; all differences exceed 0.5."""
    host = [float(value) for value in rng.uniform(2.0, 8.0, size=count)]
    gap = [float(value) for value in rng.uniform(0.6, 1.8, size=count)]
    return host, [c - g if index >= at else c + g for index, (c, g) in enumerate(zip(host, gap, strict=True))]


def slower_by_transfer(rng, count, early):
    """Return times of which the GPU's own are ahead from `early` on, with the transfer from a later index on."""
    host, device = crossing(rng, count, early)
    late = int(rng.integers(early + 1, count - 1))
    transfer = [c - g + 0.3 if early <= i < late else 0.1 for i, (c, g) in enumerate(zip(host, device, strict=True))]
    return host, device, transfer


@points(2.5)
def test_q8_ahead_from_here_to_the_end(student, rng, reference):
    """옮기는 시간까지 더해, 그 뒤로 끝까지 앞서는 첫 번호를 찾습니다."""
    hint = (
        "첫 번째로 빠른 자리가 아니라 그 자리부터 끝까지 모두 빠른 자리입니다. "
        "옮기는 시간을 더했는지, 번호를 0부터 셌는지도 확인해 보세요."
    )
    for _ in range(4):
        host, device, transfer = slower_by_transfer(rng, int(rng.integers(8, 11)), int(rng.integers(3, 5)))
        device[int(rng.integers(0, 2))] = 0.1  # ahead for once, whatever the transfer
        right = reference.crossover(host, device, transfer)
        expect(student.crossover(host, device, transfer), "crossover").equals(right, hint=hint)


@points(1)
def test_q8_the_transfer_counts(student, rng, reference):
    """데이터를 옮기는 시간까지 더해 비교합니다."""
    hint = "GPU 쪽의 시간은 계산 시간에 옮기는 시간 transfer를 더한 것입니다. 세 리스트를 모두 썼는지 확인해 보세요."
    for _ in range(4):
        times = slower_by_transfer(rng, int(rng.integers(7, 10)), int(rng.integers(0, 3)))
        expect(student.crossover(*times), "crossover").equals(reference.crossover(*times), hint=hint)


@points(1)
def test_q8_never_ahead_is_none(student, rng):
    """끝까지 앞서지 못하면 None입니다."""
    hint = "마지막 크기에서 CPU가 빠르거나 리스트가 비어 있으면 None을 돌려주세요. -1이나 리스트의 길이가 아닙니다."
    host, device = crossing(rng, 6, 6)
    ahead_but_last, behind = crossing(rng, 6, 0)
    behind[-1] = ahead_but_last[-1] + 1.0
    for times in ((host, device), (ahead_but_last, behind), ([], [])):
        answer = student.crossover(*times, [0.0] * len(times[0]))
        require(answer is None, "앞서는 자리가 없는데 None이 아닙니다.", hint)
    answer = student.crossover(*crossing(rng, 6, 2), [0.0] * 6)
    require(answer is not None, "앞서는 자리가 있는데 None입니다.", hint)


@points(1)
def test_q8_always_ahead_is_the_first_index(student, rng):
    """처음부터 앞서면 0입니다."""
    hint = "모든 크기에서 GPU가 빠르면 첫 자리의 번호 0입니다. 0을 '없음'으로 다루지 않았는지 확인해 보세요."
    for count in (1, 5):
        host, device = crossing(rng, count, 0)
        expect(student.crossover(host, device, [0.0] * count), "crossover").equals(0, hint=hint)
    answer = expect(student.crossover(*crossing(rng, 6, 3), [0.0] * 6), "crossover").integer()
    require(answer != 0, "처음에는 앞서지 못하는데 0입니다.", hint)


@points(0.5)
def test_q8_a_tie_is_not_ahead(student):
    """시간이 같으면 앞선 것이 아닙니다."""
    hint = "더 빨라야 앞선 것입니다. <와 <=를 확인해 보세요."
    tie, behind, later = (
        expect(student.crossover([4.0] * 4, device, [0.0] * 4), "crossover").integer(hint=hint)
        for device in ([5.0, 4.0, 3.0, 2.0], [5.0, 5.0, 3.0, 2.0], [5.0, 5.0, 5.0, 2.0])
    )
    require(later == behind + 1, "한 자리 늦게 앞서는데 번호가 하나 늘지 않습니다.", hint)
    require(tie == behind, "시간이 같은 자리를 앞선 것으로 보았습니다.", hint)


@points(2)
def test_q8_does_not_change_its_inputs(student, rng):
    """세 리스트를 바꾸지 않으며, 다시 불러도 결과가 같습니다."""
    hint = "gpu_times[i] += transfer[i]나 reverse()처럼 받은 리스트 자체를 바꾸지 않았는지 확인해 보세요."
    found = []
    for count, at in ((7, 4), (5, 2)):
        host, device = crossing(rng, count, at)
        transfer = [0.2] * count
        first, second, after = expect(student.probe("crossover_and_inputs", host, device, transfer)).unpack(3)
        found.append(expect(first, "crossover").integer(hint=hint))
        expect(after, "받은 리스트").equals([host, device, transfer], hint=hint)
        expect(second, "다시 부른 결과").equals(found[-1], hint=hint)
    require(found[0] != found[1], "리스트를 바꾸어도 번호가 그대로입니다.", "세 리스트를 모두 썼는지 확인해 보세요.")


@gpu
@leans_on("benchmark")
def test_q8_badge_crossover_of_measured_times(student, device, reference):
    """진짜 GPU에서 계산과 전송을 재어 구한 교차점이 맞습니다."""
    report = student.probe("measured_crossover", device, SIZES)
    expect(report, "결과").mapping(("cpu", "gpu", "transfer", "index"))
    times = []
    for key in ("cpu", "gpu", "transfer"):
        entry = expect(report[key], key).sequence(len(SIZES))
        times.append([entry.item(index).between(0.0, 60.0).number() for index in range(len(SIZES))])
        require(max(times[-1]) > 0, "잰 시간이 모두 0입니다.", "timer와 sync를 썼는지 확인해 보세요.")
    require(
        times[2][-1] > times[2][0],
        "큰 데이터를 옮기는 시간이 작은 데이터보다 길지 않습니다.",
        "sync를 불렀는지 확인해 보세요.",
    )
    expected = reference.crossover(*times)
    if expected is None:
        require(report["index"] is None, "앞서는 자리가 없는데 None이 아닙니다.")
    else:
        expect(report["index"], "crossover").equals(expected)
