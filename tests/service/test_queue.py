"""The order of the queue and the wait that is shown, as pure functions over random evenings."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from autograder.service.receipt import Begun, Receipt, ReceiptState, queue, turn
from autograder.service.wait import Place, Running, forecast, rounded, typical, wait_words

NOW = 1_000_000.0


def waits(number: int, student: str, assignment: str = "a", **changes: object) -> Receipt:
    values: dict[str, object] = {
        "id": number,
        "ref": f"r{number}",
        "folder": f"f{number}",
        "student": student,
        "assignment": assignment,
        "received_at": f"2026-11-30T14:{number // 60 % 60:02d}:{number % 60:02d}+00:00",
        "claimed_at": "",
        "owner_checked": True,
        "secret": "",
        "state": ReceiptState.WAITING,
        "code": "",
        "reason": "",
        "detail": "",
        "tries": 0,
        "not_before": 0.0,
        "started": None,
        "finished": None,
        "job_id": None,
        "regrade": None,
        "score": None,
        "possible": None,
        "attempt": 1,
        "queued": NOW,
        "begun": None,
        "told": None,
        "stated": None,
        "summary": None,
        **changes,
    }
    return Receipt(**values)  # type: ignore[arg-type]


def evening(seed: int) -> tuple[list[Receipt], dict[tuple[str, str], Begun]]:
    """Return what waits at a random moment: up to 40 students, 3 assignments, attempts, regrades, busy works."""
    chance = random.Random(seed)
    waiting = []
    begun = {}
    for number in range(chance.randrange(1, 60)):
        student, assignment = f"s{chance.randrange(40)}", chance.choice("abc")
        code = "machine-busy" if chance.random() < 0.1 else ""
        regrade = 1 if chance.random() < 0.2 else None
        since = NOW - chance.expovariate(1 / 1200)
        waiting.append(waits(number, student, assignment, code=code, regrade=regrade, queued=since))
        if chance.random() < 0.6:
            ever = chance.randrange(0, 12)
            begun[student, assignment] = Begun(ever, min(ever, chance.randrange(0, 12)))
    return waiting, begun


def turn_of(receipt: Receipt, begun: dict[tuple[str, str], Begun], now: float = NOW) -> int:
    return turn(receipt, begun.get((receipt.student, receipt.assignment), Begun()), now)


@pytest.mark.parametrize("seed", range(150))
def test_the_rule_holds_on_random_evenings(seed: int) -> None:
    waiting, begun = evening(seed)
    order = queue(waiting, begun, NOW)
    newest = {(r.student, r.assignment, r.regrade is not None) for r in waiting}
    assert len(order) == len(newest) == len({r.id for r in order}), "each work once, and none is lost"
    late = [r.put_off and not r.held_up(NOW) for r in order]
    assert late == sorted(late), "what the machine was too busy for is last"
    others = [turn_of(r, begun) for r, is_late in zip(order, late, strict=True) if not is_late]
    assert others == sorted(others)
    firsts = [r for r in order if not r.put_off and r.regrade is None and not begun.get((r.student, r.assignment))]
    thirds = [place for place, r in enumerate(order) if begun.get((r.student, r.assignment), Begun()).ever >= 2]
    assert all(order.index(r) < min(thirds, default=len(order)) for r in firsts)
    assert order == queue(random.Random(seed).sample(waiting, len(waiting)), begun, NOW), "whatever they are read in"


@pytest.mark.parametrize("seed", range(30))
def test_of_equal_works_nobody_has_two_before_another_has_one(seed: int) -> None:
    chance = random.Random(seed)
    waiting = [waits(n, f"s{chance.randrange(6)}", f"a{n}") for n in range(40)]
    order = queue(waiting, {}, NOW)
    had: Counter[str] = Counter()
    left = Counter(r.student for r in order)
    for receipt in order:
        assert had[receipt.student] <= min(had[s] for s in left if left[s]), "a fair share"
        had[receipt.student] += 1
        left[receipt.student] -= 1


@pytest.mark.parametrize("seed", range(20))
def test_nothing_starves_while_later_attempts_keep_coming(seed: int) -> None:
    """One slot, a grading a minute; every minute somebody hands in a third time; a regrade and a ninth attempt wait."""
    chance = random.Random(seed)
    waiting = [waits(0, "old", regrade=1), waits(1, "again")]
    begun = {("again", "a"): Begun(8, 8), ("old", "a"): Begun(1, 1)}
    done: dict[str, int] = {}
    for minute in range(400):
        now = NOW + 60 * minute
        student = f"s{minute}"
        begun[student, "a"] = Begun(2, 2)
        waiting.append(waits(minute + 2, student, queued=now - chance.random()))
        first = queue(waiting, begun, now)[0]
        waiting.remove(first)
        done[first.student] = minute
    assert {"old", "again"} <= done.keys()
    assert max(done["old"], done["again"]) < 150


def test_a_student_with_three_assignments_and_one_who_resubmits_ten_times() -> None:
    waiting = [waits(n, "three", a) for n, a in enumerate("abc")]
    waiting += [waits(3, "ten"), waits(4, "x"), waits(5, "y")]
    begun = {("ten", "a"): Begun(9, 9)}
    order = [(r.student, r.assignment) for r in queue(waiting, begun, NOW)]
    assert order == [("three", "a"), ("x", "a"), ("y", "a"), ("three", "b"), ("three", "c"), ("ten", "a")]


def test_a_whole_classs_regrade_holds_up_no_submission() -> None:
    waiting = [waits(n, f"s{n}", regrade=1) for n in range(200)] + [waits(200, "late"), waits(201, "s3", "b")]
    begun = {(f"s{n}", "a"): Begun(1, 0) for n in range(200)} | {("s3", "b"): Begun(3, 3)}
    assert [r.student for r in queue(waiting, begun, NOW)][:2] == ["late", "s3"]


def test_attempts_of_another_day_make_nobody_wait_for_this_evenings_thirds() -> None:
    waiting = [waits(0, "tonight"), waits(1, "early")]
    begun = {("tonight", "a"): Begun(2, 2), ("early", "a"): Begun(7, 0)}
    assert [r.student for r in queue(waiting, begun, NOW)] == ["early", "tonight"]


def test_a_clock_that_is_turned_back_lifts_nobody_and_breaks_nothing() -> None:
    waiting = [waits(0, "a1", queued=NOW + 9e6), waits(1, "b1", queued=NOW)]
    assert [r.id for r in queue(waiting, {("a1", "a"): Begun(3, 3)}, NOW)] == [1, 0]


def test_what_was_put_off_for_an_hour_has_the_machine_emptied_for_it() -> None:
    old, new = (waits(n, f"s{n}", code="machine-busy", queued=NOW - 4000 * (1 - n)) for n in range(2))
    assert (old.held_up(NOW), new.held_up(NOW)) == (True, False)
    assert [r.id for r in queue([new, waits(2, "x"), old], {}, NOW)] == [0, 2, 1]


# The shown wait


def shown(waiting: list[Receipt], running: list[Running] = [], slots: int = 2, first: float = 0.0) -> dict[str, Place]:  # noqa: B006
    order = [(receipt, turn_of(receipt, {})) for receipt in waiting]
    return forecast(order, running, {"a": 10.0, "": 20.0}, slots, NOW, first)


def test_the_wait_is_the_queue_played_forward() -> None:
    found = shown([waits(n, f"s{n}") for n in range(4)], [Running("x", "a", 4.0)])
    assert [found[f"r{n}"].seconds for n in range(4)] == [10.0, 16.0, 20.0, 26.0]
    assert [found[f"r{n}"].place for n in range(4)] == [1, 2, 3, 4]


def test_ones_own_running_work_and_ones_hour_are_waited_for_and_hold_up_nobody() -> None:
    order = [waits(0, "x"), waits(1, "y", not_before=NOW + 600), waits(2, "z")]
    found = shown(order, [Running("x", "a", 2.0)])
    assert found["r2"].seconds == 10.0
    assert found["r0"].seconds == 18.0
    assert found["r1"].seconds == 610.0


def test_a_grading_that_takes_longer_than_usual_is_still_expected_to_take_a_little() -> None:
    assert shown([waits(0, "s")], [Running("x", "a", 500.0)], slots=1)["r0"].seconds == pytest.approx(11.5)


def test_later_attempts_wait_longer_while_first_ones_keep_coming() -> None:
    second = waits(0, "x", regrade=1)
    quiet, busy = (shown([second], [Running("y", "b", 0.0)], 1, first)["r0"].seconds for first in (0.0, 0.025))
    assert (quiet, busy) == (30.0, 50.0)


def test_usual_times_leave_out_what_was_in_the_ledger_and_what_hung() -> None:
    found = typical({"a": [0.1, 5.0, 5.0, 6.0, 900.0], "b": []})
    assert found == {"a": pytest.approx(16 / 3), "": pytest.approx(16 / 3)}
    assert typical({}) == {"": 10.0}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "곧 결과가 나옵니다."),
        (40, "1분 안에 결과가 나옵니다."),
        (70, "약 1분 뒤에 결과가 나옵니다."),
        (250, "약 4분 뒤에 결과가 나옵니다."),
        (1100, "약 20분 뒤에 결과가 나옵니다."),
        (3600, "약 1시간 뒤에 결과가 나옵니다."),
        (5500, "약 1시간 30분 뒤에 결과가 나옵니다."),
    ],
)
def test_the_words_are_as_exact_as_can_be_known(seconds: float, words: str) -> None:
    assert wait_words(seconds) == words
    assert wait_words(rounded(seconds)) in (words, "1분 안에 결과가 나옵니다.")
