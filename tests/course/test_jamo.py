"""Jamo pictures: what a seed fixes, what stays apart, and that a label names the letter that was drawn."""

import subprocess
import sys
import time
import zlib

import numpy as np
import pytest
import torch

from course import jamo
from course._jamo_strokes import MAX_CORNERS, MAX_STROKES, glyph

SETS = {
    "consonants": (jamo.CONSONANTS, jamo.consonants),
    "vowels": (jamo.VOWELS, jamo.vowels),
    "all consonants": (
        jamo.CONSONANTS + jamo.DOUBLE_CONSONANTS,
        lambda n, seed: jamo.consonants(n, seed, doubles=True),
    ),
    "all vowels": (jamo.VOWELS + jamo.COMPOUND_VOWELS, lambda n, seed: jamo.vowels(n, seed, compounds=True)),
}


def pictures(x: torch.Tensor) -> set[bytes]:
    return {picture.numpy().tobytes() for picture in x}


def checksum(x: torch.Tensor) -> int:
    return zlib.crc32((x * 255).round().to(torch.uint8).numpy().tobytes())


@pytest.mark.parametrize("name", SETS)
def test_a_set_has_as_many_of_each_letter_as_asked_for_in_the_promised_types(name):
    letters, make = SETS[name]
    x, y = make(3, 5)
    assert x.shape == (3 * len(letters), 1, 20, 20) and x.dtype == torch.float32 and x.is_contiguous()
    assert y.dtype == torch.int64 and y.tolist() == list(range(len(letters))) * 3
    assert x.min() >= 0 and x.max() <= 1
    assert torch.equal(x, (x * 255).round() / 255)


def test_the_letters_are_the_forty_of_modern_korean_each_once():
    counts = [len(names) for names in (jamo.CONSONANTS, jamo.VOWELS, jamo.DOUBLE_CONSONANTS, jamo.COMPOUND_VOWELS)]
    assert counts == [14, 10, 5, 11]
    assert {ord(letter) for letter in jamo.JAMO} == set(range(ord("ㄱ"), ord("ㅣ") + 1)) - set(
        map(ord, "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ")
    )


def test_every_plain_letter_looks_different_from_every_other():
    plain = jamo.draw(jamo.JAMO, strength=0).flatten(1)
    apart = torch.cdist(plain, plain, p=1).fill_diagonal_(torch.inf)
    assert apart.min() > 5  # pixels of ink


@pytest.mark.parametrize("name", SETS)
def test_the_label_names_the_letter_drawn(name):
    letters, make = SETS[name]
    x, y = make(150, 3)
    means = torch.stack([x[y == c].mean(0).flatten() for c in range(len(letters))])
    plain = torch.stack([jamo.draw(letter * 150, 9).mean(0).flatten() for letter in letters])
    assert torch.cdist(means, plain).argmin(1).tolist() == list(range(len(letters)))


def test_letters_may_be_given_as_a_string_as_names_or_as_positions():
    assert torch.equal(jamo.draw("ㅎㅏㄴ", 4), jamo.draw(["ㅎ", "ㅏ", "ㄴ"], 4))
    assert torch.equal(jamo.draw("ㄱㅎㅏ", 4), jamo.draw([0, 13, 14], 4))
    assert jamo.draw("").shape == (0, 1, 20, 20)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    assert torch.equal(jamo.vowels(20, 7).x, jamo.vowels(20, 7).x)
    assert not pictures(jamo.vowels(20, 7).x) & pictures(jamo.vowels(20, 8).x)


def test_pictures_are_those_the_shipped_weights_were_trained_and_measured_on():
    assert checksum(jamo.draw(jamo.JAMO, strength=0)) == PLAIN
    assert checksum(jamo.draw(jamo.JAMO, 0)) == HAND, "다른 NumPy의 난수열이면 가중치를 다시 훈련하고 이 값을 고치세요."


def test_a_picture_depends_on_its_own_place_and_letter_only():
    assert torch.equal(jamo.draw("ㄱㅏㅂ", 2)[1], jamo.draw("ㅁㅏ", 2)[1])


def test_more_pictures_are_added_at_the_end():
    few, many = jamo.consonants(2, 6), jamo.consonants(40, 6)
    assert torch.equal(few.x, many.x[:28]) and torch.equal(few.y, many.y[:28])


def test_shots_are_nested_and_the_test_set_is_always_the_same():
    two, ten, other = jamo.few_shot(2, 1), jamo.few_shot(10, 1), jamo.few_shot(2, 2)
    assert torch.equal(two.x_train, ten.x_train[:20]) and torch.equal(two.y_train, ten.y_train[:20])
    assert ten.x_train.shape == (100, 1, 20, 20) and ten.y_train.bincount().tolist() == [10] * 10
    assert two.x_test.shape == (1000, 1, 20, 20) and two.y_test.bincount().tolist() == [100] * 10
    assert torch.equal(two.x_test, ten.x_test) and torch.equal(two.x_test, other.x_test)
    assert not torch.equal(two.x_train, other.x_train)


def test_no_test_picture_is_among_the_shots_of_any_seed_or_in_another_set():
    test = pictures(jamo.few_shot(1).x_test)
    assert len(test) == 1000
    seen = [jamo.few_shot(100, seed).x_train for seed in (0, 1, 2, 2**32, 2**64)]
    seen += [jamo.vowels(100, seed).x for seed in (0, 1, 2, 2**32, 2**64)] + [jamo.draw(list(jamo.VOWELS) * 100)]
    assert not test & set().union(*map(pictures, seen))


def test_changing_what_was_returned_changes_no_later_answer():
    jamo.few_shot(1).x_test.zero_()
    assert jamo.few_shot(1).x_test.sum() > 0


def test_letters_stay_inside_the_picture_however_far_they_are_turned():
    for letter in jamo.JAMO:
        u = np.random.default_rng(0).choice([-1.0, 1.0], (300, jamo._PLAIN + 2 * MAX_STROKES + 2 * MAX_CORNERS))
        corners = jamo._place(glyph(letter), u, 1.0)
        assert corners.min() > jamo._MARGIN and corners.max() < 1 - jamo._MARGIN


def test_there_is_room_for_the_random_numbers_of_every_letter():
    shapes = [glyph(letter) for letter in jamo.JAMO]
    assert max(s.stroke.max() + 1 for s in shapes) <= MAX_STROKES
    assert max(len(s.points) for s in shapes) <= MAX_CORNERS


def test_ten_thousand_pictures_take_a_few_seconds_at_most():
    start = time.process_time()
    assert len(jamo.consonants(715).x) == 10_010
    assert time.process_time() - start < 5


def test_the_random_state_of_numpy_and_torch_is_left_alone():
    np.random.seed(11)
    torch.manual_seed(11)
    jamo.few_shot(3, seed=5)
    after = np.random.rand(), torch.rand(()).item()
    np.random.seed(11)
    torch.manual_seed(11)
    assert after == (np.random.rand(), torch.rand(()).item())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: jamo.draw("A"),
        lambda: jamo.draw([40]),
        lambda: jamo.draw([-1]),
        lambda: jamo.draw("ㄱ", seed=-1),
        lambda: jamo.draw("ㄱ", strength=-1),
        lambda: jamo.vowels(-1),
        lambda: jamo.few_shot(0),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_korean(wrong):
    with pytest.raises(ValueError, match=r"[가-힣]니다"):
        wrong()


def test_importing_the_letters_imports_neither_torch_nor_the_grader():
    code = "import sys, course.jamo; sys.exit(bool({'torch', 'autograder'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PLAIN = 81527522
HAND = 1100145720
