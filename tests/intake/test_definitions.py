"""What a cell defines and what is a stub, and what was added to a locked cell: told from the text alone."""

from __future__ import annotations

import pytest

from autograder.intake.definitions import definitions, forms, same_code
from autograder.intake.locked import additions
from autograder.marks import Stub

RELEASED = 'def f(x):\n    """설명."""\n    # 여기에 코드를 작성하세요.\n    raise NotImplementedError'


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(): return 1\nasync def g(): return 1\nclass C: ...", {"f", "g", "C"}),
        ("f = lambda x: x\ng: int = 3\nh: int\nimport a.b, c as d\nfrom e import k", {"f", "a", "d", "k"}),
        ("%time 1\ndef f(): return 1", {"f"}),
        ("%%time\ndef f(): return 1", {"f"}),
        ("%%capture out\n%time x = 1\ndef f(): return 1", {"f"}),
        ("%%writefile f.py\ndef f(): return 1", set()),
        ("def f(:", set()),
        ("if True:\n    def f(): return 1\nelse:\n    g = f", {"f", "g"}),
        ("try:\n    import a\nexcept ImportError:\n    a = partial(f, 1)\nfinally:\n    b = f", {"a", "b"}),
        ("with x as f:\n    def g(): return f", {"g"}),
        ("for f in range(3):\n    h = f + 1", set()),
        ("f, g = timed(f), 5", {"f"}),
        ("f, g = made()", {"f", "g"}),
        ("f = f(x)", {"f"}),
        ("f = [1]\nf.x = g\nf += 1", set()),
        ("def outer():\n    def f(): return 1\n    return f", {"outer"}),
    ],
)
def test_what_may_be_called_is_found_wherever_it_stands_at_module_level(source: str, names: set[str]) -> None:
    assert definitions(source).answers == names


@pytest.mark.parametrize(
    "body", ["raise NotImplementedError", "raise NotImplementedError('todo')", "pass", "...", '"""말."""\n    pass']
)
def test_a_function_that_does_nothing_yet_is_a_stub_with_its_lines(body: str) -> None:
    found = definitions(f"\n@cache\ndef f(x):\n    {body}\n\ndef g(x): return x")
    assert (found.answers, found.stubs) == ({"g"}, (Stub("f", 2, 4 + body.count("\n")),))


def test_a_function_as_it_was_released_is_a_stub_also_without_its_docstring_and_comments() -> None:
    released = forms(
        "class A:\n    def go(self):\n        raise NotImplementedError\n\ndef f(x):\n    y = 1\n    raise ValueError"
    )
    found = definitions(
        "class A:\n    def go(self): raise NotImplementedError\n\ndef f(x):\n    y=1\n    raise ValueError", released
    )
    assert found.answers == set()
    assert [stub.name for stub in found.stubs] == ["A", "f"]
    assert definitions("def f(x):\n    y = 2\n    raise ValueError", released).answers == {"f"}


def test_an_answer_and_a_stub_of_one_name_in_a_cell_are_both_told() -> None:
    found = definitions(f"def f(x): return x\n\n{RELEASED}", forms(RELEASED))
    assert (found.answers, found.stubs) == ({"f"}, (Stub("f", 3, 6),))


def test_what_a_formatter_changes_leaves_the_code_the_same() -> None:
    assert same_code("x = 'a'  # 말\nf(1,\n  2)", 'x = "a"\n\nf(1, 2)')
    assert same_code(RELEASED, "def f(x): raise NotImplementedError")
    assert not same_code("x = 1", "x = 2")
    assert not same_code("@cache\ndef f(x): return 1", "def f(x): return 1")
    assert not same_code("x = (", "x = (")


SETUP = "import os\nimport torch\n\nWIDTH = 32\n\ndef helper(x):\n    return x\n\ntorch.manual_seed(1)"


@pytest.mark.parametrize(
    ("written", "added"),
    [
        (f"{SETUP}\nimport torch.nn.functional as F", "import torch.nn.functional as F"),
        (f"%matplotlib inline\n{SETUP}", "get_ipython().run_line_magic('matplotlib', 'inline')"),
        (SETUP.replace("WIDTH = 32", "WIDTH = 64"), ""),
        (SETUP.replace("    return x", "    return x + 1"), ""),
        (SETUP.replace("import torch", "import torch\nfrom torch import optim"), "from torch import optim"),
        ("@cache\ndef own():\n    return 1\n" + SETUP, "@cache\ndef own():\n    return 1"),
        (SETUP.replace("import os\n", ""), ""),
        (f"{SETUP}\n12.0  # 만점", ""),
        (f"{SETUP}\ndef broken(:", "def broken(:"),
        ("def broken(:", ""),
        (SETUP.replace("'", '"') + "\n\n\n# 메모", ""),
    ],
)
def test_what_was_added_to_a_locked_cell_is_told_from_what_was_changed(written: str, added: str) -> None:
    assert additions(SETUP, written) == added
