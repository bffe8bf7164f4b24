"""One word for one thing, over all that students read: notebooks, instant checks, hidden tests, pages.

Quotations of the course's texts keep their own words.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.sources import quoted_in
from tests.reading import ROOT

WORDS = {
    "단계": r"걸음",
    "테스트": r"시험 (?:데이터|세트|집합|오류|정확도|부분|표본)",
    "딕셔너리": r"사전(?! ?(?:훈련|활성화|학습))",
    "이미지": r"영상",
    "헤드": r"(?<![가-힣])머리(?!말|글)",
    "픽셀": r"화소",
    "리스트": r"목록(?!에서 고르)",
    "워밍업": r"예열|준비 운동|웜업|워밍 업",
    "규제": r"정칙화|레귤러",
    "경사": r"직선의 기울기|그래프의 기울기|선분의 기울기",
    "사전 훈련": r"사전 ?학습|프리트레이닝",
    "미세 조정": r"미세조정|파인 ?튜닝",
    "전이 학습": r"전이학습",
    "학습률": r"학습율|러닝 레이트",
    "과대적합": r"과적합|오버피팅",
    "드롭아웃": r"드랍아웃",
    "옵티마이저": r"최적화기|옵티마이져",
    "활성화 함수": r"활성 함수|활성함수",
    "편향": r"바이어스",
    "순전파와 역전파": r"전방 전파|역방향 전파|오차 역전파",
    "기울기": r"그래디언트(?! 부스팅)|그레이디언트(?! 부스팅)|그라디언트",
}
"""The word of the course, and what is written elsewhere for the same thing."""

EXCEPTIONS = {
    "이 노트북에서는 '역전파'와 '기울기'로 적습니다",  # the words of the texts are named on purpose
    "그레이디언트 반응",
}


def markdown(path: Path) -> Iterator[tuple[str, str]]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield f"{path.parent.name}: {cell['id']}", "".join(cell["source"])


def strings(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def whole(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield f"{path.relative_to(ROOT)}:{number}", line


def pages(package: str) -> list[Path]:
    """What writes the sentences of the grader's pages."""
    return sorted((ROOT / "autograder" / package).rglob("*.py"))


READ = [
    *((path, markdown) for path in sorted(ROOT.glob("solutions/*/*.ipynb"))),
    *((path, strings) for path in sorted(ROOT.glob("solutions/*/checks/*.py"))),
    *((path, whole) for path in sorted(ROOT.glob("solutions/*/checks/*.toml"))),
    *((path, strings) for path in sorted(ROOT.glob("autograder/suites/*/test_*.py"))),
    *((path, strings) for path in sorted(ROOT.glob("course/*.py"))),
    (ROOT / "course" / "story.toml", whole),
    *((path, strings) for name in ("judge", "report", "intake", "sandbox") for path in pages(name)),
]


def own_words(text: str) -> str:
    """The text without what it quotes."""
    for words in quoted_in(text):
        text = text.replace(words, "")
    return text


@pytest.mark.parametrize(("path", "reader"), READ, ids=[str(path.relative_to(ROOT)) for path, _ in READ])
def test_one_word_for_one_thing(path: Path, reader: object) -> None:
    assert callable(reader)
    found = [
        f"{where}: {match[0]!r}, not {word!r}: {line.strip()[:90]}"
        for where, text in reader(path)
        for line in own_words(text).splitlines()
        for word, variants in WORDS.items()
        if not (word == "리스트" and ROOT / "autograder" in path.parents and "suites" not in path.parts)
        for match in re.finditer(variants, line)
        if not any(part in line for part in EXCEPTIONS)
    ]
    assert found == []
