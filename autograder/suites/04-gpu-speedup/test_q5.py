"""Hidden tests of question 5: benchmark(fn, warmup=3, repeats=10, sync=None, timer=time.perf_counter) -> dict.

No test with points looks at a real clock. A probe makes up an asynchronous machine with a clock of its own, and notes
every call of `fn`, `sync` and `timer`. From that log the judge works out how much work was queued whenever the timer
was read; what the machine's own state says is not asked, so nothing is won by changing it. What is asked is physics,
not a form: at each reading nothing may be queued, and a `sync` more than the statement asks for costs nothing. Each
test is arranged so that the other mistakes do not show in it: without warm-up, or with a synchronous `fn`.
"""

import numpy as np

from autograder.judge import expect, gpu, points, require

SIZE = 2048
EXACT = {"rtol": 1e-9, "atol": 1e-9}
OTHER_CLOCK = "인자로 받은 timer가 아닌 다른 시계를 읽었습니다."


def costs(rng, count):
    """Return seconds of work for `count` calls, all different, one of them far larger than the others."""
    found = rng.uniform(0.5, 2.0, size=count)
    found[rng.integers(count)] *= 20.0
    return [float(cost) for cost in found]


def run(student, work, warmup, **options):
    """Return the probe's report: the log as names, and the numbers of the answer."""
    report = student.probe("benchmark_log", work, warmup, **options)
    expect(report, "결과").mapping(("numbers", "log", "others"))
    return report


def numbers(report, key):
    """Return one entry of the answer as a float."""
    hint = '"median", "mean", "min", "max", "times"가 모두 든 딕셔너리를 돌려주어야 합니다.'
    return expect(expect(report["numbers"]).item(key).finite(hint=hint).real(), key).finite(hint=hint).real()


def times(report, count):
    """Return the entry "times" as a list of `count` floats."""
    hint = '"times"에는 repeats번 잰 시간을 차례로 담습니다. 준비 호출의 시간은 넣지 않습니다.'
    entry = expect(report["numbers"]).item("times")
    entry.sequence(count, hint=hint)
    return [entry.item(index).finite(hint=hint).real() for index in range(count)]


def log_of(report):
    """Return what was called, in order."""
    return [entry.text() for entry in expect(report["log"], "부른 순서").each()]


def busy(report, waiting=0.0):
    """Return for each reading of the timer, at least two, whether work was queued: before the start, or by `fn`."""
    found, queued = [], waiting > 0
    for what in log_of(report):
        if what == "timer":
            found.append(queued)
        else:
            queued = what == "fn"
    require(len(found) >= 2, "타이머를 두 번 이상 읽지 않았습니다.", "fn을 부르기 전과 부른 뒤에 timer()를 읽으세요.")
    return found


@points(3.5)
def test_q5_a_measurement_as_a_whole(student, rng):
    """기다려야 하는 장치에서도, 기다릴 것이 없을 때에도 평균이 한 번에 걸린 초와 맞습니다."""
    warmup, repeats, launch = int(rng.integers(2, 5)), int(rng.integers(4, 8)), 0.01
    work = costs(rng, warmup + repeats)
    hint = "재는 것은 fn 한 번이 맡긴 일뿐입니다. 워밍업, 앞에서 맡긴 일, 단위(초), 인자로 받은 timer를 확인해 보세요."
    report = run(student, work, warmup, launch=launch, waiting=5.0)
    require(expect(report["others"], "다른 시계").integer() == 0, OTHER_CLOCK, "timer()를 불러 주세요.")
    expect(numbers(report, "mean"), "mean").close_to(float(np.mean(work[warmup:])) + launch, **EXACT, hint=hint)
    hint = "sync가 None이면 부를 것이 없습니다. 부르기 전에 None인지 확인하거나, 아무것도 하지 않는 함수로 바꾸세요."
    alone = run(student, work, warmup, asynchronous=False, waits=False)
    expect(numbers(alone, "mean"), "sync=None일 때의 mean").close_to(float(np.mean(work[warmup:])), **EXACT, hint=hint)


@points(2)
def test_q5_warm_up_calls_come_first_and_are_not_timed(student, rng):
    """준비 호출을 warmup번 먼저 하고, 그 시간은 재지 않습니다."""
    hint = "처음 몇 번은 준비에 시간이 걸립니다. 타이머를 읽기 전에 fn을 warmup번 부르고, 그다음 repeats번만 재세요."
    for warmup, repeats in ((0, 3), (1, 2), (int(rng.integers(3, 6)), 4)):
        report = run(student, costs(rng, warmup + repeats), warmup)
        busy(report)
        calls = [what for what in log_of(report) if what != "sync"]
        require(calls.index("timer") == warmup, "타이머를 처음 읽기 전의 fn 호출이 warmup번이 아닙니다.", hint)
        require(calls.count("fn") == warmup + repeats, "fn을 부른 횟수가 warmup + repeats가 아닙니다.", hint)


@points(1)
def test_q5_device_is_idle_when_the_clock_starts(student, rng):
    """시작 시각을 읽을 때 앞서 맡긴 일이 남아 있지 않습니다."""
    hint = "fn을 부르기 전에 먼저 sync()로 앞의 일을 끝낸 다음 timer()를 읽어야 앞의 일이 섞이지 않습니다."
    report = run(student, costs(rng, 7), 3, launch=0.01, waiting=5.0)
    require(not any(busy(report, 5.0)[0::2]), "시작 시각을 읽을 때 앞의 일이 아직 남아 있었습니다.", hint)


@points(2)
def test_q5_device_is_idle_when_the_clock_stops(student, rng):
    """끝 시각을 읽을 때 fn이 맡긴 일이 모두 끝나 있습니다."""
    hint = "fn()이 돌아왔다고 일이 끝난 것은 아닙니다. fn()과 끝의 timer() 사이에 sync()를 불러 기다려 보세요."
    report = run(student, costs(rng, 7), 3, launch=0.01, waiting=5.0)
    require(not any(busy(report, 5.0)[1::2]), "끝 시각을 읽을 때 fn이 맡긴 일이 아직 남아 있었습니다.", hint)


@points(1)
def test_q5_each_repeat_is_timed_by_itself(student, rng):
    """반복마다 시작과 끝의 시각을 따로 읽습니다."""
    repeats = int(rng.integers(4, 8))
    report = run(student, costs(rng, repeats), 0)
    calls = [what for what in log_of(report) if what != "sync"]
    hint = (
        "반복문 안에서 timer(), fn(), timer()의 차례로 부르세요. 전체를 한 번에 재어 나누면 중앙값을 구할 수 없습니다."
    )
    require(calls == ["timer", "fn", "timer"] * repeats, "반복마다 fn 하나를 타이머 두 번이 감싸지 않습니다.", hint)


@points(2)
def test_q5_times_are_the_seconds_of_each_repeat(student, rng):
    """times에는 인자로 받은 timer로 잰 초가 차례로 들어 있습니다."""
    repeats = int(rng.integers(4, 8))
    work = costs(rng, repeats)
    report = run(student, work, 0, asynchronous=False)
    require(
        expect(report["others"], "다른 시계").integer() == 0,
        OTHER_CLOCK,
        "time.perf_counter()를 직접 부르지 말고 timer()를 불러 주세요.",
    )
    hint = "끝 시각에서 시작 시각을 뺀 값을 그대로 담으세요. 단위는 밀리초가 아니라 초입니다."
    found = np.array(times(report, repeats))
    for index in range(repeats):
        expect(float(found[index]), "times").close_to(work[index], **EXACT, hint=hint)


@points(2.5)
def test_q5_summary_of_the_times(student, rng):
    """median, mean, min, max는 times의 중앙값, 평균, 최솟값, 최댓값입니다."""
    middle = "평균은 어쩌다 느린 한 번에 끌려갑니다. 크기순으로 가운데 값을, 짝수이면 가운데 두 값의 평균을 구하세요."
    for repeats in (5, 6, 9):
        work = costs(rng, repeats)
        report = run(student, work, 0, asynchronous=False)
        expect(report["numbers"], "결과").mapping(("median", "mean", "min", "max", "times"))
        own = work if report["numbers"]["times"] is None else times(report, repeats)  # lint: allow claim-unchecked
        require(max(own) > min(own), "times의 값이 모두 같습니다.", "반복마다 시간을 따로 재어 담으세요.")
        expect(numbers(report, "median"), "median").close_to(float(np.median(own)), **EXACT, hint=middle)
        for key, value in (("mean", float(np.mean(own))), ("min", min(own)), ("max", max(own))):
            hint = f"{key} 값은 times에서 구합니다. 다른 값과 바꾸어 넣지 않았는지 확인해 보세요."
            expect(numbers(report, key), key).close_to(value, **EXACT, hint=hint)


@points(2)
def test_q5_defaults_are_those_of_the_statement(student):
    """warmup, repeats, sync, timer를 적지 않아도 동작합니다."""
    report = student.probe("benchmark_defaults")
    expect(report, "결과").mapping(("calls", "stated", "numbers"))
    hint = "기본값이 warmup=3, repeats=10, sync=None, timer=time.perf_counter인지 확인해 보세요."
    calls, stated = (expect(report[key], "fn 호출").integer() for key in ("calls", "stated"))
    require(calls == stated >= 10, "적지 않았을 때 fn을 부른 횟수가 기본값을 적었을 때와 다릅니다.", hint)
    require(numbers(report, "mean") > 0, "적지 않았을 때 잰 시간이 0보다 크지 않습니다.", hint)


@gpu
def test_q5_badge_measures_a_real_gpu(student, device):
    """진짜 GPU의 행렬 곱을 재면 GPU가 스스로 잰 시간과 비슷합니다."""
    report = student.probe("measured", device, SIZE, 15)
    expect(report, "결과").mapping(("own", "device", "trusted"))
    expect(report["device"], "장치").equals(device)
    trusted = expect(report["trusted"], "GPU의 시간").finite().real()
    hint = "sync를 시작과 끝에 모두 불렀는지 확인해 보세요. 부르지 않으면 일을 맡기는 시간만 잽니다."
    expect(report["own"], "median").between(0.5 * trusted, 3.0 * trusted + 1e-3, hint=hint)
