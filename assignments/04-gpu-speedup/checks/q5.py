"""문제 5의 공개 점검: 부르는 순서, 손으로 계산한 시간, 기본값. 진짜 시계는 쓰지 않습니다."""

from course.checks import CheckError, close, number, require, sequence, test_case

OK_FORMAT = False
name = "q5"

KEYS = ("median", "mean", "min", "max", "times")


class Bench:
    """일을 맡기면 바로 돌아오는 가짜 장치와 가짜 시계. 부른 순서를 적어 둡니다."""

    def __init__(self, costs):
        self.costs, self.time, self.queue, self.calls = list(costs), 0.0, 0.0, []

    def fn(self):
        self.calls.append("fn")
        self.time += 0.125
        self.queue += self.costs.pop(0) if self.costs else 1.0

    def sync(self):
        self.calls.append("sync")
        self.time, self.queue = self.time + self.queue, 0.0

    def timer(self):
        self.calls.append("timer")
        return self.time


def summary_of(benchmark, bench, warmup, repeats, sync):
    """딕셔너리의 키와 times의 길이를 확인해서 돌려줍니다."""
    found = benchmark(bench.fn, warmup=warmup, repeats=repeats, sync=sync, timer=bench.timer)
    if not isinstance(found, dict) or not set(KEYS) <= set(found):
        got = sorted(map(str, found)) if isinstance(found, dict) else type(found).__name__
        raise CheckError(f"반환값은 키가 {list(KEYS)}인 딕셔너리여야 하는데 {got}입니다.")
    return found


@test_case(name="반복마다 따로 재고, 시각을 읽는 순간 남은 일이 없습니다", points=7)
def test_order(benchmark):
    bench = Bench([])
    summary_of(benchmark, bench, 2, 3, bench.sync)
    order = bench.calls
    if "timer" not in order:
        raise CheckError("인자로 받은 timer를 한 번도 부르지 않았습니다.", "time.perf_counter를 직접 불렀을 수 있습니다.")
    before = [call for call in order[: order.index("timer")] if call != "sync"]
    require(
        len(before) == 2,
        f"타이머를 처음 읽기 전에 fn을 {len(before)}번 불렀습니다. warmup = 2번이어야 합니다.",
        "준비 호출까지 재고 있거나 준비 호출을 빠뜨렸습니다.",
    )
    require(order.count("fn") == 5, f"fn을 모두 {order.count('fn')}번 불렀습니다. warmup + repeats = 5번이어야 합니다.")
    require(
        [call for call in order if call != "sync"][2:] == ["timer", "fn", "timer"] * 3,
        "반복마다 timer, fn, timer의 순서가 아닙니다.",
        "반복문 전체를 한 번에 쟀을 수 있습니다. 반복마다 시작과 끝을 따로 재세요.",
    )
    joined = " ".join(order)
    require("sync" in order, "sync를 부르지 않았습니다.", "맡긴 일이 끝나기 전에 시계를 읽게 됩니다.")
    require(
        "fn timer" not in joined.split("timer", 1)[1],
        "fn을 부른 뒤 sync 없이 끝 시각을 읽었습니다.",
        "fn()이 돌아와도 맡긴 일은 아직 끝나지 않았을 수 있습니다.",
    )
    require(
        "fn timer" not in joined,
        "준비 호출 뒤에 sync 없이 시작 시각을 읽었습니다.",
        "앞에서 맡긴 일이 남아 있으면 그 시간까지 재게 됩니다.",
    )


@test_case(name="손으로 계산한 시간과 같습니다", points=7)
def test_by_hand(benchmark):
    bench = Bench([50.0, 1.0, 9.0, 2.0, 4.0])
    found = summary_of(benchmark, bench, 1, 4, bench.sync)
    times = sequence(found["times"], '"times"', 4, suspect="준비 호출의 시간은 넣지 않습니다.")
    for index, expected in enumerate((1.125, 9.125, 2.125, 4.125)):
        close(
            times[index],
            expected,
            f'"times"[{index}] (초)',
            suspects=[
                (0.125, "일을 맡기는 시간만 쟀습니다. 끝 시각을 읽기 전에 sync()를 부르세요."),
                (1000 * expected, "밀리초로 바꾸었습니다. 단위는 초입니다."),
                (51.125, "앞에서 맡긴 일의 시간이 섞였습니다. 시작 시각을 읽기 전에 sync()를 부르세요."),
            ],
        )
    close(
        found["median"],
        3.125,
        '"median" (times = 1.125, 9.125, 2.125, 4.125)',
        suspects=[
            (4.125, "평균이거나, 가운데 두 값 가운데 큰 쪽입니다. 짝수이면 가운데 두 값의 평균입니다."),
            (2.125, "가운데 두 값 가운데 작은 쪽입니다. 짝수이면 가운데 두 값의 평균입니다."),
            (5.625, "크기순으로 줄 세우지 않고 가운데를 골랐습니다."),
        ],
    )
    for key, expected in (("mean", 4.125), ("min", 1.125), ("max", 9.125)):
        close(found[key], expected, f'"{key}"')
    alone = Bench([])
    number(summary_of(benchmark, alone, 0, 3, None)["median"], "sync=None일 때의 중앙값")


@test_case(name="적지 않은 인자는 기본값을 씁니다", points=2)
def test_defaults(benchmark):
    calls = []
    found = benchmark(lambda: calls.append(1))
    require(len(calls) == 13, f"fn을 {len(calls)}번 불렀습니다. 기본값은 warmup=3, repeats=10입니다.")
    sequence(found["times"], '"times"', 10)
