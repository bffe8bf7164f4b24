"""Formulas of questions' texts as MathML: set as they were meant, escaped, and never half."""

from __future__ import annotations

import json
import re
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.mathml import mathml
from autograder.report.sanitize import safe_markdown
from tests.report.hostile import PAYLOADS

ROOT = Path(__file__).resolve().parents[2]
ELEMENTS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
    *("msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
ALLOWED = {
    *("p", "br", "hr", "ul", "ol", "li", "b", "i", "em", "strong", "code", "pre", "sub", "sup", "blockquote"),
    *("details", "summary", "small", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}

SET = {
    "x_1^2": "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>",
    "x^{10}": "<msup><mi>x</mi><mrow><mn>10</mn></mrow></msup>",
    "x^10": "<msup><mi>x</mi><mn>1</mn></msup><mn>0</mn>",
    r"\tfrac14": "<mfrac><mn>1</mn><mn>4</mn></mfrac>",
    r"\frac{a}{b}": "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>",
    r"\sqrt[3]{x}": "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>",
    r"\hat g": '<mover accent="true"><mi>g</mi><mo stretchy="false">^</mo></mover>',
    r"\text{단계 수}": "<mtext>단계&nbsp;수</mtext>",
    r"\texttt{lr\_head}": "<mtext>lr_head</mtext>",
    r"\mathbb{R}": "<mi>ℝ</mi>",
    r"\mathbf{1}": "<mn>𝟏</mn>",
    r"\mathcal{L}": "<mi>ℒ</mi>",
    "f'(z)": '<msup><mi>f</mi><mo>′</mo></msup><mo stretchy="false">(</mo><mi>z</mi><mo stretchy="false">)</mo>',
    "a < b & c".replace(" & c", ""): "<mi>a</mi><mo>&lt;</mo><mi>b</mi>",
    "0.5": "<mn>0.5</mn>",
    r"3\%": "<mn>3</mn><mo>%</mo>",
    r"\left( x \right.": "<mrow><mo>(</mo><mrow><mi>x</mi></mrow></mrow>",
}


@pytest.mark.parametrize("tex", SET)
def test_a_formula_is_set(tex: str) -> None:
    assert mathml(tex) == f"<math><mrow>{SET[tex]}</mrow></math>"


def test_a_sum_has_its_ends_below_and_above_in_a_line_of_its_own() -> None:
    assert "<msubsup><mo>∑</mo>" in str(mathml(r"\sum_{i=1}^n x"))
    assert '<math display="block"><mrow><munderover><mo>∑</mo>' in str(mathml(r"\sum_{i=1}^n x", display=True))


def test_cases_are_a_table_behind_a_brace() -> None:
    found = str(mathml(r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}"))
    assert found.count("<mtr>") == 2 and found.count("<mtd>") == 4
    assert '<mo>{</mo><mtable class="cases">' in found


@pytest.mark.parametrize(
    "tex",
    [
        *(r"\href{javascript:1}{x}", r"\kern-6em x", r"\unknown", r"\begin{tikz}x\end{tikz}", r"\text{$x$}"),
        *("{", "}", "x^", "_", "x_1_2", "a & b", r"\frac{a}", r"\left( x", r"\begin{cases} 1", r"a \\ b", "\\"),
        *("{" * 500 + "}" * 500, "x" * 3000, r"\text{a", r"\mathbb{가}", r"\right)"),
    ],
    ids=lambda tex: tex[:20],
)
def test_what_is_not_known_is_not_set_by_half(tex: str) -> None:
    assert mathml(tex) is None


@given(
    st.text(alphabet="\\{}[]^_'&$<>\"ab1 가%~|", max_size=40)
    | st.lists(st.sampled_from([*SET, r"\\", "{", "}", "&"]), max_size=6).map(" ".join)
)
def test_whatever_is_set_is_well_formed_and_of_known_elements(tex: str) -> None:
    found = mathml(tex, display=True)
    if found is not None:
        tree = ElementTree.fromstring(str(found).replace("&nbsp;", " "))
        assert {element.tag for element in tree.iter()} <= ELEMENTS
        names = {name for element in tree.iter() for name in element.attrib}
        assert names <= {"display", "stretchy", "accent", "width", "class", "lspace", "rspace"}


def texts() -> dict[str, str]:
    """The locked texts of every assignment's notebook."""
    found = {}
    for path in sorted(ROOT.glob("assignments/*/*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "markdown":
                found[f"{path.stem} {number}"] = "".join(cell["source"])
    return found


def test_every_formula_of_the_notebooks_is_set() -> None:
    left = {
        name: re.findall(r"<code>[^<]*\\[a-z]+[^<]*</code>|\$[^<]{1,60}", str(safe_markdown(text, 10**6)))
        for name, text in texts().items()
    }
    assert {name: formulas for name, formulas in left.items() if formulas} == {}


def tags(html: str) -> set[str]:
    return set(re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", html))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("around", ["{}", "# {}", "| a |\n|---|\n| {} |", "$x {} y$", "<details>{}", "`{}`", "* {}"])
def test_no_payload_passes_as_markdown(name: str, around: str) -> None:
    html = str(safe_markdown(around.replace("{}", PAYLOADS[name])))
    assert tags(html) <= ALLOWED | ELEMENTS
    assert not re.search(r"<[^>]*\s(?:on\w+|style|href|src|id|class=\"(?!cases|aligned))", html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# 제목\n\n글", "<p><strong>제목</strong></p>\n<p>글</p>\n"),
        ("`$x$` $y$", "<p><code>$x$</code> <math><mrow><mi>y</mi></mrow></math></p>\n"),
        ("```\n$x$\n```", "<pre><code>$x$\n</code></pre>\n"),
        ("5$ 와 6 $", "<p>5$ 와 6 $</p>\n"),
        (r"$\unknown{<b>}$", "<p><code>\\unknown{&lt;b&gt;}</code></p>\n"),
        ("[글](https://example.invalid) ![그림](a.png)", "<p>글 </p>\n"),
        ("\ue0000\ue001", "<p>\\ue0000\\ue001</p>\n"),
        (None, ""),
    ],
)
def test_markdown_becomes_plain_html(text: object, html: str) -> None:
    assert str(safe_markdown(text)) == html


def test_markdown_of_many_marks_is_read_at_once() -> None:
    """No pattern looks at the rest of a text again for each of its marks: these take under a second each."""
    begun = time.process_time()
    for mark in ("`", "$", "$$", "``", "~~~\n", "$a\n", "[", "*_", "<details>"):
        safe_markdown(mark * 20_000)
    assert time.process_time() - begun < 60
