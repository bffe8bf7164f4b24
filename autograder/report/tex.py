"""Which TeX of a student's text is typeset where a page has MathJax: formgrader's, with the grader's buttons on it.

Owns a list of commands and environments that set symbols side by side, above and below each other, in boxes of their
own size. Any other command (ones that move, overlap, resize, colour, link, load, or make new commands, known or not)
loses its backslash to a wide one, and a formula between dollars that holds one is shown as code, not typeset. So does
an environment that is not listed.

The list is asked of every backslash in the text, in a formula or not. Where a formula begins is decided later and
twice, by markdown and by MathJax, and they differ; and markdown takes a backslash off before punctuation. What is kept
here is harmless both as it stands and with that backslash gone. Character references are markdown's business
(`sanitize.neutral_markdown` breaks them), because one could spell a backslash.

What is allowed can still make a formula wider than the page; `integrations.formgrader` clips each cell of its page.
"""

from __future__ import annotations

import re

__all__ = ["COMMANDS", "ENVIRONMENTS", "MOST_ROW_EM", "inert_tex"]

MOST_ROW_EM = 3.0
"""Largest space that may be asked for below a row (``\\[1em]``); none may be taken away."""

_GROUPS = {
    "Greek": """
        alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
        upsilon phi chi psi omega varepsilon vartheta varpi varrho varsigma varphi varkappa digamma Gamma Delta
        Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma varDelta varTheta varLambda varXi varPi varSigma
        varUpsilon varPhi varPsi varOmega
    """,
    "letters, and signs that stand alone": """
        hbar hslash ell wp Re Im aleph beth gimel daleth imath jmath partial nabla infty emptyset varnothing
        forall exists nexists neg lnot top bot angle measuredangle sphericalangle triangle square Box
        blacksquare Diamond lozenge blacklozenge bigstar clubsuit diamondsuit heartsuit spadesuit flat natural
        sharp surd prime backprime backslash checkmark dagger ddagger S P copyright circledR yen pounds mho eth
        Finv Game Bbbk complement diagup diagdown blacktriangle blacktriangledown vartriangle triangledown
        circledS And
    """,
    "operators between two things": """
        pm mp times div cdot ast star circ bullet cap cup uplus sqcap sqcup vee wedge lor land setminus
        smallsetminus wr diamond bigtriangleup bigtriangledown triangleleft triangleright lhd rhd unlhd unrhd
        oplus ominus otimes oslash odot bigcirc amalg ltimes rtimes leftthreetimes rightthreetimes curlywedge
        curlyvee dotplus divideontimes Cap Cup doublecap doublecup barwedge veebar doublebarwedge boxplus
        boxminus boxtimes boxdot circleddash circledast circledcirc centerdot intercal
    """,
    "relations": """
        le leq ge geq ne neq equiv sim simeq approx cong propto ll gg prec succ preceq succeq subset supset
        subseteq supseteq sqsubset sqsupset sqsubseteq sqsupseteq in ni owns notin vdash dashv models perp mid
        nmid parallel nparallel smile frown bowtie Join asymp doteq leqq geqq leqslant geqslant lesssim gtrsim
        lessapprox gtrapprox lessgtr gtrless lesseqgtr gtreqless lesseqqgtr gtreqqless lll ggg llless gggtr
        lessdot gtrdot approxeq backsim backsimeq thicksim thickapprox subseteqq supseteqq Subset Supset
        preccurlyeq succcurlyeq curlyeqprec curlyeqsucc precsim succsim precapprox succapprox vDash Vdash Vvdash
        trianglelefteq trianglerighteq vartriangleleft vartriangleright shortmid shortparallel between pitchfork
        varpropto therefore because doteqdot Doteq risingdotseq fallingdotseq circeq triangleq bumpeq Bumpeq
        eqcirc eqsim nless ngtr nleq ngeq nleqslant ngeqslant nleqq ngeqq lneq gneq lneqq gneqq lnsim gnsim
        lnapprox gnapprox nprec nsucc npreceq nsucceq precnsim succnsim nsim ncong nsubseteq nsupseteq subsetneq
        supsetneq subsetneqq supsetneqq nvdash nvDash nVdash ntriangleleft ntriangleright ntrianglelefteq
        ntrianglerighteq not colon
    """,
    "arrows": """
        leftarrow gets rightarrow to leftrightarrow Leftarrow Rightarrow Leftrightarrow uparrow downarrow
        updownarrow Uparrow Downarrow Updownarrow longleftarrow longrightarrow longleftrightarrow Longleftarrow
        Longrightarrow Longleftrightarrow implies impliedby iff mapsto longmapsto hookleftarrow hookrightarrow
        leftharpoonup leftharpoondown rightharpoonup rightharpoondown rightleftharpoons leftrightharpoons
        nearrow searrow swarrow nwarrow leadsto rightsquigarrow leftrightsquigarrow dashleftarrow dashrightarrow
        leftleftarrows rightrightarrows leftrightarrows rightleftarrows upuparrows downdownarrows Lleftarrow
        Rrightarrow twoheadleftarrow twoheadrightarrow leftarrowtail rightarrowtail looparrowleft looparrowright
        curvearrowleft curvearrowright circlearrowleft circlearrowright multimap Lsh Rsh upharpoonleft
        upharpoonright downharpoonleft downharpoonright nleftarrow nrightarrow nLeftarrow nRightarrow
        nleftrightarrow nLeftrightarrow
    """,
    "large operators, and names of functions": """
        sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigotimes bigoplus
        biguplus limits nolimits arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf
        injlim ker lg lim liminf limsup ln log max min Pr projlim sec sin sinh sup tan tanh varinjlim varprojlim
        varliminf varlimsup operatorname mod bmod pmod pod
    """,
    "one thing above, below or before another": """
        frac dfrac tfrac cfrac binom dbinom tbinom over atop choose sqrt overline underline overbrace underbrace
        overrightarrow overleftarrow overleftrightarrow underrightarrow underleftarrow underleftrightarrow
        overset underset stackrel substack hat check breve acute grave tilde bar vec dot ddot dddot ddddot
        mathring widehat widetilde boxed
    """,
    "delimiters and their sizes": """
        left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm
        lbrace rbrace lbrack rbrack langle rangle lceil rceil lfloor rfloor lvert rvert lVert rVert vert Vert
        lgroup rgroup lmoustache rmoustache ulcorner urcorner llcorner lrcorner
    """,
    "fonts and styles that keep the size, text, spaces, dots": """
        mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathbb mathnormal boldsymbol bf it rm sf tt
        cal scr frak Bbb text textrm textbf textit textsf texttt textnormal mbox displaystyle textstyle
        scriptstyle scriptscriptstyle mathord mathop mathbin mathrel mathopen mathclose mathpunct mathinner quad
        qquad enspace thinspace space dots ldots cdots vdots ddots dotsb dotsc dotsi dotsm dotso hline notag
        nonumber LaTeX TeX begin end
    """,
}

COMMANDS = frozenset(" ".join(_GROUPS.values()).split())
"""In MathJax each of these draws within the box that it takes up in the line."""

_ENVIRONMENTS = """
    matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array subarray cases rcases dcases split aligned
    gathered align align* gather gather* multline multline* equation equation* eqnarray eqnarray*
"""

ENVIRONMENTS = frozenset(_ENVIRONMENTS.split())
"""Not `alignat` and its kin: they are told a number of columns, and a browser that makes a billion stands still."""

_WIDE_BACKSLASH, _WIDE_DOLLAR = "\N{FULLWIDTH REVERSE SOLIDUS}", "\N{FULLWIDTH DOLLAR SIGN}"
# Each begins where a run begins and gives nothing back, so that no text takes longer than its length.
_COMMAND = re.compile(r"(?<!\\)(\\++)([A-Za-z]++)(?=(\{[A-Za-z]++\*?\})?)")
_ENVIRONMENT_NAMERS = frozenset(("begin", "end"))
_NEGATIVE_SPACE = re.compile(r"(?<!\\)(\\++)!")
_ROW_SPACE = re.compile(r"(?<![\s*\\])([\s*\\]++)\[([\s\\{}+\-.,\dA-Za-z]*+)\]")
_FORMULA = re.compile(r"(?<![\\$])(\${1,2}+)([^$]++)(?<!\\)\1(?!\$)")
_LENGTH = re.compile(r"([-+]*)([\d.,]+)([A-Za-z]*)")
_EM = {"em": 1.0, "ex": 0.43, "pt": 0.1, "pc": 1.2, "mu": 1 / 18, "px": 1 / 16, "mm": 0.28, "cm": 2.84, "in": 7.2}
"""Lengths in em of a 10 point font (The TeXbook, chapter 10), and of 16 px in a browser."""


def inert_tex(text: str) -> str:
    r"""Return text in which every command of TeX that is left is one of `COMMANDS`, and every length is bounded.

    Example:
        >>> inert_tex(r"$\frac{1}{2} \rlap{x}$"), inert_tex(r"\begin{CD}"), inert_tex(r"a \\[99em] b")
        ('`＄\\frac{1}{2} ＼rlap{x}＄`', '＼begin{CD}', 'a \\\\{}[99em] b')
    """
    text = _COMMAND.sub(_command, text)
    text = _NEGATIVE_SPACE.sub(lambda match: " " if len(match[1]) == 1 else f"{match[1]} !", text)
    return _FORMULA.sub(_source, _ROW_SPACE.sub(_row_space, text))


def _command(match: re.Match[str]) -> str:
    slashes, name, environment = match[1], match[2], match[3]
    allowed = name in COMMANDS
    if name in _ENVIRONMENT_NAMERS:
        allowed = environment is not None and environment[1:-1] in ENVIRONMENTS
    if allowed:
        return match[0]
    if len(slashes) % 2:
        return slashes[:-1] + _WIDE_BACKSLASH + name
    return f"{slashes} {name}"  # an end of a row and a letter; markdown could make a command of it


def _source(match: re.Match[str]) -> str:
    """Return a formula that holds what is not typeset as a code span, which MathJax passes over; others as they are."""
    if _WIDE_BACKSLASH not in match[2]:
        return match[0]
    inner = " ".join(match[2].split())
    fence = "`" * (1 + max(map(len, re.findall("`+", inner)), default=0))
    dollars = _WIDE_DOLLAR * len(match[1])
    return f"{fence}{dollars}{inner}{dollars}{fence}"


def _row_space(match: re.Match[str]) -> str:
    """Return the end of a row with the space it asks for if that is small, else with brackets that mean themselves."""
    if "\\" not in match[1]:
        return match[0]
    length = _LENGTH.fullmatch(re.sub(r"[\s\\{}]", "", match[2]))
    if length is None:
        return match[0]  # no length: MathJax takes it for no space either
    sign, number, unit = length.groups()
    try:
        em = float(number.replace(",", ".")) * _EM[unit]
    except (ValueError, KeyError):
        em = float("inf")
    return match[0] if not sign and em <= MOST_ROW_EM else f"{match[1]}{{}}[{match[2]}]"
