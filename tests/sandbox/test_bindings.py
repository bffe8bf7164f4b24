"""What a name is bound to when grading begins: the last thing a student made of it that can be called."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.errors import ProtocolError
from autograder.sandbox import Bound, Sandbox, Watched
from tests.allowances import within

NAMES = ("forward", "backward")
ANSWER = "import math\ndef helper(x): return x + 1\ndef forward(x): return helper(math.floor(x))"
WRITTEN = (("forward", 0),)
STUB = "def forward(x):\n    raise NotImplementedError"


def _run(sandbox: Sandbox, *cells: str | tuple[str, Watched]) -> Bound:
    """Run cells, the first of them as the answer ``q1``; return what is known of the names after `put_back`."""
    for index, cell in enumerate(cells):
        source, watched = cell if isinstance(cell, tuple) else (cell, Watched(NAMES, ("q1",) if index == 0 else ()))
        sandbox.run_cell(source, index=index, allowance=within(20), watched=watched)
    return sandbox.put_back(NAMES, ["q1"], ["list", "sum", "math", "id"], len(cells))


def _call(sandbox: Sandbox, *, recall: bool = False, name: str = "forward") -> Any:
    with sandbox.branch() as branch:
        if recall:
            branch.recall("q1")
        return branch.call(name, (1.5,), allowance=within(20))


@pytest.mark.parametrize(
    "later",
    [
        "forward = forward(1.0)",
        "forward = 5",
        "del forward",
        "for forward in [1, 2]: pass",
        "with open('notes.txt', 'w') as forward: pass",
        "(forward := 3)",
        "import math as forward",
        "if True:\n    forward = {}",
        "%reset -f",
        "globals().clear()",
        "for name in [name for name in globals() if not name.startswith('_')]: del globals()[name]",
        "def tidy():\n    del globals()['forward'], globals()['helper'], globals()['math']\ntidy()",
        "forward = None\nraise ValueError",
    ],
)
def test_a_value_never_replaces_a_function_nor_does_deleting_it(sandbox: Sandbox, later: str) -> None:
    found = _run(sandbox, ANSWER, later)

    assert (found.written, found.overwritten, found.changed) == (WRITTEN, (("forward", 1),), frozenset())
    assert _call(sandbox) == 2


@pytest.mark.parametrize(
    "cell", [f"{ANSWER}\nforward = forward(1.0)", f"{ANSWER}\ndel forward, helper, math", f"{ANSWER}\n%reset -f"]
)
def test_also_within_the_answers_own_cell(sandbox: Sandbox, cell: str) -> None:
    _run(sandbox, cell)

    assert _call(sandbox) == 2


@pytest.mark.parametrize(
    "later",
    [
        "def forward(x): return 7",
        "class forward(int):\n    def __new__(cls, x): return 7",
        "forward = lambda x: 7",
        "from functools import partial\nforward = partial(max, 7)",
        "class Always:\n    def __call__(self, x): return 7\nforward = Always()",
        "def timed(f): return lambda x: f(x) + 5\nforward = timed(forward)",
        "exec('def forward(x): return 7')",
        "if True:\n    def forward(x): return 7",
    ],
)
def test_the_last_that_can_be_called_counts_and_the_answers_own_can_be_recalled(sandbox: Sandbox, later: str) -> None:
    found = _run(sandbox, ANSWER, later, "forward = 0")

    assert (found.written, found.overwritten, found.changed) == ((("forward", 1),), (("forward", 2),), {"q1"})
    assert (_call(sandbox), _call(sandbox, recall=True)) == (7, 2)


@pytest.mark.parametrize(
    ("stub", "lines"),
    [
        (STUB, (1, 2)),
        (f"import functools\n\n@functools.lru_cache\n{STUB}", (3, 5)),
        (f"x = 1\n\n@functools.wraps(print)\n{STUB}", (3, 5)),
        ("class forward:\n    def __init__(self, x):\n        raise NotImplementedError", (1, 3)),
    ],
)
def test_a_stub_never_replaces_an_answer_before_or_after_it(
    sandbox: Sandbox, stub: str, lines: tuple[int, int]
) -> None:
    marked = (stub, Watched(NAMES, (), (("forward", *lines),)))
    found = _run(sandbox, f"import functools\n{ANSWER}", marked, "seen = forward(1.5)")

    assert (found.written, found.overwritten, found.changed) == (WRITTEN, (), frozenset())
    assert _call(sandbox) == 2


def test_a_stub_below_the_answer_in_one_cell_does_not_replace_it_and_one_alone_is_nothing(sandbox: Sandbox) -> None:
    found = _run(
        sandbox,
        (f"{ANSWER}\n{STUB}\ndef backward(x): pass", Watched(NAMES, ("q1",), (("forward", 4, 5), ("backward", 6, 6)))),
    )

    assert found.written == WRITTEN
    assert _call(sandbox) == 2


@pytest.mark.parametrize(
    ("later", "shadowed"),
    [
        ("math = 5", (("math", 1),)),
        ("helper = 5", ()),
        ("def helper(x): return 9", ()),
        ("math = None\nhelper = None", (("math", 1),)),
    ],
)
def test_what_an_answer_reads_is_recalled_as_it_was(sandbox: Sandbox, later: str, shadowed: Any) -> None:
    found = _run(sandbox, ANSWER, later)

    assert (found.shadowed, found.changed) == (shadowed, {"q1"})
    assert _call(sandbox, recall=True) == 2


def test_a_builtin_that_an_answer_reads_is_recalled(sandbox: Sandbox) -> None:
    found = _run(sandbox, "def forward(x): return sum(list((x, x)))", "list = [1]\nid = 3\nsum = 0")

    assert (set(found.shadowed), found.changed) == ({("list", 1), ("sum", 1), ("id", 1)}, {"q1"})
    assert _call(sandbox, recall=True) == 3.0


def test_a_module_whose_name_was_taken_before_the_answer_is_recalled_too(sandbox: Sandbox) -> None:
    watched = Watched(NAMES, ("q1",))
    answer = "def forward(x): return math.floor(x)"
    found = _run(sandbox, ("import math", Watched(NAMES)), ("math = 5", Watched(NAMES)), (answer, watched), "y = 1")

    assert (found.shadowed, found.changed) == ((("math", 1),), {"q1"})
    assert _call(sandbox, recall=True) == 1


@pytest.mark.parametrize("later", ["list = [1]\ndel list", "math = 5\nimport math", "sum = 0\nsum = max"])
def test_what_was_put_right_again_is_not_told(sandbox: Sandbox, later: str) -> None:
    assert _run(sandbox, ANSWER, later).shadowed == ()


@pytest.mark.parametrize("later", ["x = 5\nfig = [object()]", "def other(): return forward", "helper", "unused = math"])
def test_what_no_answer_reads_changes_nothing(sandbox: Sandbox, later: str) -> None:
    assert _run(sandbox, f"x = 1\n{ANSWER}", later) == Bound(written=WRITTEN)


def test_what_wrapped_and_inner_functions_read_is_followed(sandbox: Sandbox) -> None:
    source = """
import functools
SCALE = 2
def deep(x): return x * SCALE
def logged(f):
    @functools.wraps(f)
    def inner(*a): return f(*a)
    return inner
@logged
def forward(x): return [deep(y) for y in [x]][0]
"""
    assert _run(sandbox, source, "SCALE = 3").changed == {"q1"}
    assert (_call(sandbox), _call(sandbox, recall=True)) == (4.5, 3.0)


@pytest.mark.parametrize("left", ["settrace", "setprofile"])
def test_a_tracer_left_on_sees_nothing_of_this(sandbox: Sandbox, left: str) -> None:
    tracer = (
        f"import sys\ndef tracer(*a): raise ValueError\ndef count(*a): seen.append(1)\nseen = []\nsys.{left}(count)"
    )
    found = _run(
        sandbox, ANSWER, f"{tracer}\nforward = 5", "before = len(seen)", "sys.settrace(None); sys.setprofile(None)"
    )

    assert found.overwritten == (("forward", 1),)
    assert _call(sandbox) == 2


def test_nothing_large_is_kept_alive(sandbox: Sandbox) -> None:
    source = f"import torch\n{ANSWER}\nbig = torch.zeros(30_000_000)\nsmall = torch.ones(3)"
    _run(sandbox, source)
    before = sandbox.usage["private_mb"]
    found = _run(sandbox, ("x = 1", Watched(NAMES, ("q1",))), "del big, small")

    assert sandbox.usage["private_mb"] < before - 80
    assert found.overwritten == ()


def test_a_copy_remembers_what_its_host_did(sandbox: Sandbox) -> None:
    _run(sandbox, ANSWER)
    sandbox.checkpoint()
    sandbox.run_cell("import os; os._exit(0)", index=1, allowance=within(20))
    assert sandbox.rewind()
    sandbox.run_cell("forward = 1", index=2, allowance=within(20), watched=Watched(NAMES))

    assert sandbox.put_back(NAMES, ["q1"], [], 3).overwritten == (("forward", 2),)
    assert _call(sandbox) == 2


@pytest.mark.parametrize(
    "reply",
    [
        "None",
        "{}",
        "dict(written=[['other', 0]], overwritten=[], shadowed=[], changed=[])",
        "dict(written=[], overwritten=[['forward', 99]], shadowed=[], changed=[])",
        "dict(written=[], overwritten=[['forward']], shadowed=[], changed=[])",
        "dict(written=[], overwritten=[], shadowed=[['secret', 0]], changed=[])",
        "dict(written=[], overwritten=[], shadowed=[], changed=['q9'])",
    ],
)
def test_a_claim_that_was_not_asked_for_is_refused(sandbox: Sandbox, reply: str) -> None:
    source = f"from autograder.sandbox.shell.bindings import Bindings\nBindings.put_back = lambda self: {reply}"
    with pytest.raises(ProtocolError):
        _run(sandbox, source)
