"""Hidden tests of question 7: symmetry_rank(W, tol=1e-6) -> number of different rows."""

import torch

from autograder.judge import expect, points


def count(student, W, hint=None):
    """Return the student's count as a float; the kind of number is judged by one test only."""
    return expect(expect(student.symmetry_rank(W), "행의 수").finite(hint=hint).real(), "행의 수")


@points(2)
def test_q7_rows_of_a_constant_start_stay_one(student, rng, reference):
    """상수로 시작해 학습한 은닉층의 행은 모두 같으므로 1입니다."""
    hint = "모든 행이 같으면 서로 다른 행은 하나뿐입니다."
    for steps in (0, 12):
        count(student, reference.trained_from_a_constant(rng, steps), hint).equals(1.0, hint=hint)


@points(2)
def test_q7_different_rows_are_all_counted(student, rng):
    """서로 다른 행은, 일차 종속이어도 모두 셉니다."""
    hint = "선형대수의 계수(rank)가 아니라 서로 다른 행의 수입니다. 한 행이 다른 행의 두 배여도 다른 행입니다."
    rows, columns = int(rng.integers(9, 14)), int(rng.integers(3, 6))
    count(student, torch.from_numpy(rng.normal(size=(rows, columns))), hint).equals(float(rows), hint=hint)
    multiples = torch.arange(1, rows + 1, dtype=torch.float64)
    row = torch.from_numpy(rng.uniform(0.5, 1.5, size=columns))
    count(student, torch.outer(multiples, row), hint).equals(float(rows), hint=hint)


@points(3)
def test_q7_equal_rows_need_not_be_neighbours(student, rng, reference):
    """같은 행이 떨어져 있어도 한 번만 셉니다."""
    hint = "바로 앞의 행만이 아니라, 지금까지 나온 모든 종류의 행과 견주어야 합니다."
    for kinds in (2, 5, 8):
        W = reference.grouped_rows(rng, kinds, rows=kinds + int(rng.integers(6, 12)), columns=4)
        count(student, W, hint).equals(float(kinds), hint=hint)


@points(1)
def test_q7_rounding_makes_no_new_row(student, rng, reference):
    """tol 이하의 차이는 같은 행으로, 원소 하나라도 더 다르면 다른 행으로 봅니다."""
    hint = "원소마다 차이의 절댓값이 모두 tol = 1e-6 이하일 때만 같은 행입니다. ==로 견주지 마세요."
    W = reference.grouped_rows(rng, 4, rows=4, columns=5).repeat_interleave(3, dim=0)
    noise = torch.from_numpy(rng.uniform(-1e-9, 1e-9, size=(12, 5)))
    count(student, W + noise, hint).equals(4.0, hint=hint)
    row = torch.from_numpy(rng.integers(-32, 33, size=6) / 64)
    pair = torch.stack([row, row])
    pair[1, int(rng.integers(6))] += 1e-3
    count(student, pair, hint).equals(2.0, hint=hint)


@points(1)
def test_q7_rows_not_columns(student, rng):
    """열이 아니라 행을 셉니다."""
    hint = "W의 모양은 (출력, 입력)이므로 유닛 하나가 행 하나입니다."
    rows, columns = int(rng.integers(3, 6)), int(rng.integers(7, 11))
    heights = torch.from_numpy(rng.permutation(rows) / 8.0)
    count(student, heights[:, None].repeat(1, columns), hint).equals(float(rows), hint=hint)


@points(1)
def test_q7_gives_an_integer_and_changes_nothing(student, rng):
    """행이 하나여도 정수를 돌려주고, W를 바꾸지 않습니다."""
    W = torch.from_numpy(rng.normal(size=(1, 4)))
    for matrix in (W, W.repeat(3, 1)):
        first, second, after = expect(student.probe("rank_and_input", matrix)).unpack(3)
        hint = "개수이므로 int로 돌려주세요."
        expect(expect(first, "행의 수").integer(hint=hint), "행의 수").equals(1, hint=hint)
        expect(expect(second, "행의 수").integer(hint=hint), "행의 수").equals(1, hint="다시 부른 결과가 다릅니다.")
        expect(after, "W").equals(matrix, hint="W를 제자리에서 바꾸는 연산을 쓰지 않았는지 확인해 보세요.")
