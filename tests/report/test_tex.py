"""Of TeX only what draws in its own box is left, as it stands and as markdown leaves it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.report.sanitize import neutral_markdown
from autograder.report.tex import COMMANDS, ENVIRONMENTS, MOST_ROW_EM, inert_tex

_HOSTILE = """
    rlap llap clap mathrlap mathllap mathclap smash kern mkern hskip mskip mspace hspace vspace raise lower
    moveleft moveright vcenter rule Rule Space phantom vphantom hphantom strut mathstrut Huge huge LARGE Large
    large small tiny def edef gdef xdef let futurelet newcommand renewcommand providecommand newenvironment
    renewenvironment DeclareMathOperator color textcolor colorbox fcolorbox definecolor bbox href url style
    class cssId unicode require toggle mathtip texttip enclose action cancel bcancel xcancel cancelto uproot
    leftroot skew lefteqn negthinspace negmedspace negthickspace joinrel buildrel tag label ref eqref above
    abovewithdelims genfrac mathchoice mmlToken includegraphics verb ce pu begingroup endgroup catcode csname
    char input write special hbox vbox sideset Tiny shoveleft shoveright cr newline hfill hfil multicolumn
    fontsize scalebox rotatebox resizebox data verbatim
"""


@pytest.mark.parametrize("name", sorted(_HOSTILE.split()))
def test_a_command_that_does_more_than_set_symbols_is_shown_as_its_source(name: str) -> None:
    assert name not in COMMANDS
    assert inert_tex(f"a \\{name}{{y}}") == f"a ＼{name}{{y}}"
    assert inert_tex(f"$x \\{name}{{y}}$") == f"`＄x ＼{name}{{y}}＄`"


@pytest.mark.parametrize(
    "formula",
    [
        r"$\frac{\partial L}{\partial w} = \sum_{i=1}^{n} \left( \hat y_i - y_i \right) x_i$",
        r"$$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \in \mathbb{R}^{2 \times 2}$$",
        r"\\[ \sigma(x) = \frac{1}{1 + e^{-x}} \\]",
        r"\\[3x = 4\\]",
        r"$\begin{cases} 0 & x < 0 \\[4pt] x & \text{그 밖} \end{cases}$",
        r"$a \\[1em] b \\ [0.5 em] c \\*[2ex] d$",
        r"$\lVert w \rVert_2^2, \ \bigl| a \bigr|, \operatorname*{arg\,max}_\theta \; \mathcal{L}$",
        r"$1 \\\frac12$",
        "\\$5, 100\\%, a\\_b, \\*별표\\*",
    ],
)
def test_the_mathematics_of_a_course_stays_as_it_is(formula: str) -> None:
    assert inert_tex(formula) == formula


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (r"a\\[1000em]b", r"a\\{}[1000em]b"),
        (r"a\\[-5em]b", r"a\\{}[-5em]b"),
        (r"a\\ * [ - 5 em ]b", r"a\\ * {}[ - 5 em ]b"),
        (r"a\\[1000,5em]b", r"a\\{}[1000,5em]b"),
        (r"a\\[1e9em]b", r"a\\[1e9em]b"),
        (r"a\\[.9in]b", r"a\\{}[.9in]b"),
        (r"a\\[9" + " " * 500 + "cm]b", r"a\\{}[9" + " " * 500 + "cm]b"),
        (r"a\\\\[\-100em]b", r"a\\\\{}[\-100em]b"),
        (r"a\\\[100em]b", r"a\\\{}[100em]b"),
        (r"a\\[5furlong]b", r"a\\{}[5furlong]b"),
        (r"\begin{CD}", r"＼begin{CD}"),
        (r"\begin {matrix}", r"＼begin {matrix}"),
        (r"\begin\{matrix\}", r"＼begin\{matrix\}"),
        (r"\end{document}", r"＼end{document}"),
        (r"\begin{alignat}{999999999}", r"＼begin{alignat}{999999999}"),
        (r"\\begin{evil}", r"\\ begin{evil}"),
        (r"\\rlap{x}", r"\\ rlap{x}"),
        (r"\\\rlap{x}", r"\\＼rlap{x}"),
        (r"\\\\rlap{x}", r"\\\\ rlap{x}"),
        (r"a\!\!\!b", "a   b"),
        (r"a\\!b", r"a\\ !b"),
        (r"\r\!lap", "＼r lap"),
        (r"\fracrlap", "＼fracrlap"),
        (r"C:\Users\kim", "C:＼Users＼kim"),
    ],
)
def test_rows_ends_spaces_and_what_hides_behind_another_backslash(text: str, kept: str) -> None:
    assert inert_tex(text) == kept
    assert inert_tex(kept) == kept


@pytest.mark.parametrize(
    "spelled",
    [
        "&#92;rlap{x}",
        "&#x5c;rlap{x}",
        "&#92rlap",
        "&#0000092;kern9em",
        "&bsol;rlap{x}",
        "&#36;x&#36;",
        "&dollar;x&dollar;",
        "&amp;#92;rlap",
        "&lbrace;",
    ],
)
def test_no_character_reference_spells_a_command(spelled: str) -> None:
    import html

    assert "\\" not in html.unescape(neutral_markdown(f"$ {spelled} $")).replace("$ ", "").replace("＼", "")
    assert html.unescape(neutral_markdown(spelled)).replace("& ", "&") in (
        spelled,
        html.unescape("&amp;") + spelled[1:],
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (r"$a$ $\rlap{b}$ $c$", "$a$ `＄＼rlap{b}＄` $c$"),
        ("$$\n\\rlap{b}\n\n\\frac12$$", "`＄＄＼rlap{b} \\frac12＄＄`"),
        ("`$\\rlap$`", "``＄＼rlap＄``"),
        ("$a ` \\rlap$", "``＄a ` ＼rlap＄``"),
        (r"\$5 \rlap $6", r"\$5 ＼rlap $6"),
    ],
)
def test_a_formula_that_is_not_typeset_is_shown_as_code(text: str, kept: str) -> None:
    assert inert_tex(text) == kept
    assert inert_tex(kept) == kept


def rendered(source: str) -> str:
    """The text that MathJax finds in formgrader's page, as far as it looks: not in code."""
    import html

    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    page = re.sub(r"<(pre|code)\b.*?</\1>", " ", markdown2html_mistune(source), flags=re.DOTALL)
    return html.unescape(re.sub(r"<br ?/?>", "\n", page))


PIECES = [
    *(
        "\\",
        "\\\\",
        "$",
        "$$",
        "\\[",
        "\\]",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "&",
        "#92;",
        "&#92;",
        "&bsol;",
        "!",
        "*",
        "_",
    ),
    *(
        "`",
        "```\n",
        "\n",
        "\n\n",
        " ",
        "~~",
        "|",
        "- ",
        "> ",
        "# ",
        "    ",
        "<",
        ">",
        "\t",
        "-",
        "100em",
        ",",
        ".",
        "1",
    ),
    *("rlap", "kern", "begin", "end", "matrix", "Bmatrix", "frac", "def", "href", "x", "\r", "\u200b", "\ufeff"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_markdown_makes_no_command_of_what_is_left(source: str) -> None:
    clean = neutral_markdown(source)

    for text in (clean, rendered(clean)):
        for slashes, name, environment in re.findall(r"(\\+)([A-Za-z]+)(?:\{([A-Za-z]+\*?)\})?", text):
            if len(slashes) % 2:
                assert name in COMMANDS, (clean, text)
                assert name not in ("begin", "end") or environment in ENVIRONMENTS, (clean, text)
        assert not re.search(r"(?<!\\)(\\\\)*\\!", text), (clean, text)
        for sign, number in re.findall(r"\\\\\s*\*?\s*\[\s*([-+]?)\s*(\d+)\s*em\s*\]", text):
            assert not sign and int(number) <= MOST_ROW_EM, (clean, text)
    assert neutral_markdown(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "\\" * 10**5,
        "\\ " * 10**5,
        "\\[" * 10**5,
        "\\a" * 10**5,
        "\\[" + " " * 10**5,
        "\\[" + "1 " * 10**5,
        "\\begin{" + "a" * 10**5,
    ],
    ids=["slashes", "spaces", "brackets", "commands", "blank", "digits", "name"],
)
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    started = time.process_time()
    inert_tex(text)
    assert time.process_time() - started < 2.0
