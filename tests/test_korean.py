"""Particles: the last sound that is read decides, for every word that a message of this tree is filled with."""

from __future__ import annotations

import ast
import json
import re
import string
import tomllib
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from autograder.intake import TABLE
from autograder.intake.findings import verdict
from autograder.korean import PAIRS, fill, particle, with_particle
from autograder.sandbox.outcomes import BUILTIN_EXCEPTIONS, CUSTOM_EXCEPTION

ROOT = Path(__file__).resolve().parents[1]

FORMS = {
    "과제 노트북 셀 수": "가 이 이 가",
    "q1 q2 q3 q4 q5 q6 q7 q8 q9 q10": "이 가 이 가 가 이 이 이 가 이",
    "10 100 1000 10,000 30 20251230 1000000000000": "이 이 이 이 이 이 가",
    "0 2.0 3.11 1.10 007 float32 1e-5 CP949 UTF-16": "이 이 이 이 이 가 가 가 이",
    "95% 3초 10MB 5GB 12점 3개 20°": "가 가 가 가 이 가 가",
    "Adam ReLU momentum softmax list sum gradient tensor": "이 가 이 가 가 이 가 가",
    "kernel model loss step batch layer alpha beta dict": "이 이 가 이 가 가 가 가 가",
    "SGD MLP GPU CNN LSTM L R RMSprop AdamW": "가 가 가 이 이 이 이 이 가",
    "file sample name size loop weight task notebook dropout": "이 이 이 가 가 가 가 이 이",
    "01-vanishing-gradients.ipynb README.md a.zip b.json c.html": "가 가 이 이 이",
    "`forward` `decay_factor` `check_q1` f() f(x) x[0] 'q4' **q1** «q2».": "가 가 이 가 가 이 가 이 가",
    "학번(2025) 함수(`f`) (2,3) ㄱ ㅏ α ε": "이 가 이 이 가 가 이",
}

CONSONANT = """
    kaiming_ depth_sweep init_sweep lr_sweep momentum rmsprop adam train wilson_problem roofline amdahl_fraction
    train_step fine_tune q3 q6 explain-same reflection setup theory-activation theory-adam theory-condition
    theory-momentum theory-roofline theory-sweep theory-timing theory-tune theory-wilson Exception BaseException
    ExceptionGroup BaseExceptionGroup StopIteration StopAsyncIteration *Warning as_momentum as_rmsprop q10
    theory-deep theory-inclusion theory-pretraining within_budget theory-budget"""
RIEUL = """
    orthogonal_ heavy_ball_optimal steps_to_tol amdahl q1 q7 q8 theory-amdahl theory-orthogonal theory-role"""
VOWEL = """
    act_and_grad forward backward grad_norms jacobian_bound decay_factor fans xavier_ propagate predict_std sgd
    lsuv fair_compare matmul_cost peak_flops doubling_years ridge_point benchmark to_device crossover
    pairwise_sq_dists freeze replace_head trainable_params extract_features train_head shot_curve unfreeze_last
    q2 q4 q5 header how-to summary data-alt GeneratorExit SystemExit KeyboardInterrupt *Error *-check *-text
    explain-factor explain-facts theory-adaptive theory-backward theory-bound theory-count sources story
    explain-[a-j] predict-[a-j] theory-crossover theory-curvature theory-curve theory-data theory-decay
    theory-device theory-extract theory-fair theory-forward theory-freeze theory-he theory-head
    theory-train-head theory-kornblith theory-larger theory-lsuv theory-measure theory-peak theory-predict
    theory-product theory-propagate theory-steps theory-symmetry theory-unfreeze theory-variance theory-vector
    theory-xavier diagnose patients audit q9 theory-bugs theory-noise theory-carried carried-alt explain-features"""
"""Every word that is filled into a message here, by how its last syllable ends; a new one is to be put in its place."""


@pytest.mark.parametrize(("words", "forms"), FORMS.items())
def test_the_last_sound_that_is_read_decides(words: str, forms: str) -> None:
    assert [particle(word, "이/가") for word in words.split()] == forms.split()


@pytest.mark.parametrize("word", ["", "?!", "中", "Ж", "\ufffd", "かな"])
def test_both_forms_stand_where_nobody_can_know(word: str) -> None:
    assert [particle(word, pair) for pair in PAIRS] == list(PAIRS.values())


def test_a_final_rieul_takes_no_vowel_before_ro() -> None:
    words = "q1 q3 q4 model GPU CNN URL 서울 노트북 UTF-16"
    assert " ".join(particle(word, "으로/로") for word in words.split()) == "로 으로 로 로 로 으로 로 로 으로 으로"


def test_a_pair_may_be_swapped_and_an_unknown_one_is_refused() -> None:
    assert particle("q4", "가/이") == particle("q4", "이/가") == "가"
    for pair in ("이", "", "이/나", "a/b/c"):
        with pytest.raises(ValueError, match="no pair"):
            particle("q4", pair)


def test_a_template_says_the_field_twice() -> None:
    assert (
        fill("'{label}'{label:이/가} {count:g}개, {0}{0:을/를}", "ReLU", label="q4", count=2.0) == "'q4'가 2개, ReLU를"
    )
    assert with_particle("SGD", "과/와") == "SGD와"
    with pytest.raises(ValueError, match="no pair"):
        fill("{0:이/나}", "q4")


def test_a_word_written_decomposed_or_wide_reads_the_same() -> None:
    assert particle(unicodedata.normalize("NFD", "노트북"), "이/가") == "이"
    assert particle("\uff31\uff14", "이/가") == "가"


def test_a_long_text_costs_little_and_any_text_gets_a_form() -> None:
    for word in ("((" * 50_000, "(" * 9 + ")" * 9, "a" * 100_000, "1," * 50_000, "'\"`" * 10_000, "\x00", "e"):
        assert particle(word, "이/가") in ("이", "가", "이(가)")


def filled_words() -> Iterator[str]:
    """What the messages of this tree are filled with: functions, questions, cells and exceptions."""
    yield from BUILTIN_EXCEPTIONS
    for path in sorted((ROOT / "autograder" / "suites").glob("*/assignment.toml")):
        for question in tomllib.loads(path.read_text(encoding="utf-8"))["questions"]:
            yield question["id"]
            yield from question.get("names", ())
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield cell["metadata"].get("nbgrader", {}).get("grade_id", "q2")


def test_every_word_that_is_filled_in_here_has_the_right_form() -> None:
    groups = {CONSONANT: ("이", "으로"), RIEUL: ("이", "로"), VOWEL: ("가", "로")}
    for word in sorted(set(filled_words())):
        forms = [forms for group, forms in groups.items() if any(fnmatchcase(word, p) for p in group.split())]
        assert len(forms) == 1, f"how is {word!r} read?"
        for written in (word, f"`{word}`", f"'{word}'"):
            assert (particle(written, "이/가"), particle(written, "으로/로")) == forms[0], word
    assert particle(CUSTOM_EXCEPTION, "이/가") == "가"


# -- every message of the tree

_AFTER = r"[`'\"’”)\]»]*"
_PARTICLE = r"(?:이|가|은|는|을|를|과|와|으로|로|이나|나|이라|라|이라는|라는|이며|며|이고|고|이랑|랑|아|야)"
_HARD = re.compile(rf"^{_AFTER}{_PARTICLE}(?:만|도|는|부터|써)?(?![가-힣])")
_BOTH = re.compile(r"[가-힣]?\((?:이|가|은|는|을|를|과|와|으|아|야)\)(?:가|는|를|와|로|나|라)?(?![a-z])")
_FIELD = re.compile(r"\{[A-Za-z0-9_][\w.]*(?:\[\w+\])?(?:![rsa])?(?::[^{}가-힣/]*)?\}")


def _docstrings(tree: ast.AST) -> set[int]:
    """Ids of the constants that are docstrings, which nothing is filled into."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def _faults_of_python(text: str) -> Iterator[str]:
    """Particles that stand right behind a field, and double forms, in a module's strings."""
    tree = ast.parse(text)
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pieces = "".join(str(v.value) if isinstance(v, ast.Constant) else "{x}" for v in node.values)
            yield from _faults_of_text(pieces, _FIELD)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield from _faults_of_text(node.value, _FIELD)


def _faults_of_text(text: str, field: re.Pattern[str]) -> Iterator[str]:
    yield from (text[max(0, found.start() - 20) : found.end() + 9] for found in _BOTH.finditer(text))
    for found in field.finditer(text):
        in_brackets = re.search(
            r"[가-힣]\($", text[: found.start()]
        )  # the word before the bracket decides: 파일({x})을
        if _HARD.match(text[found.end() : found.end() + 12]) and not in_brackets:
            yield text[found.start() : found.end() + 9]


_FIELDS = {
    ".j2": re.compile(r"\{\{[^{}]*\}\}(?:</?\w+[^<>]*>|\{%[^%]*%\})*"),
    ".js": re.compile(r"\$\{[^{}]*\}"),
}


def test_no_message_guesses_a_particle_behind_a_field() -> None:
    faults = {}
    for path in (path for folder in ("autograder", "course") for path in sorted((ROOT / folder).rglob("*"))):
        if path.suffix not in (".py", *_FIELDS) or path.name == "korean.py":
            continue
        text = path.read_text(encoding="utf-8")
        python = path.suffix == ".py"
        if found := list(_faults_of_python(text) if python else _faults_of_text(text, _FIELDS[path.suffix])):
            faults[str(path.relative_to(ROOT))] = found
    assert faults == {}


WRONG = """\
f"'{label}'이 없습니다"
f"{name}을 고치세요"
f"{a.b[0]}로 바꾸세요"
"{where}은 셀입니다"
f"{n}`와 같습니다"
"셀이(가) 없습니다"
f"{x}(으)로"
"{0}이 없습니다"
f"{port}을(를)"
f"{a} {b}만으로 {c}는"
"""
RIGHT = """\
f"{n}개는 많습니다"
f"{x}입니다"
"'{label}'{label:이/가} 없습니다"
f"{n}초를 썼습니다"
f"{x}에서"
f"파일({x})을 읽습니다"
f"{with_particle(x, '을/를')} 고치세요"
"""


def test_the_search_itself_finds_what_it_looks_for_and_nothing_else() -> None:
    assert all(list(_faults_of_python(f"x = {line}")) for line in WRONG.splitlines())
    assert not any(list(_faults_of_python(f"x = {line}")) for line in RIGHT.splitlines())


@pytest.mark.parametrize("code", TABLE)
def test_a_verdict_never_shows_both_forms(code: str) -> None:
    fields = {name for _, name, _, _ in string.Formatter().parse(TABLE[code].message) if name}
    for word in ("q4", "reflection", "`adam`", "01-vanishing-gradients.ipynb", "홍길동", "3"):
        values = dict.fromkeys(fields - {"where", "label"}, word)
        assert not _BOTH.search(verdict(code, cell=word, **values).message)
