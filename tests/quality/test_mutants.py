"""Mutants of a small answer: what is made, what is left out, and keys that stay."""

from __future__ import annotations

import ast
import builtins
from typing import Any

import pytest

from autograder.errors import GraderError
from autograder.quality.mutants import Key, mutate_cell


def cell(*lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"def f(x, scale=2):\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION\n"


def changes(*lines: str, operator: str = "") -> set[str]:
    return {m.key.mutant for m in mutate_cell("q1", cell(*lines)) if operator in m.key.operator}


def test_arithmetic_comparisons_and_numbers_are_changed() -> None:
    found = changes("return x + 1")
    assert {"return x - 1", "return x ** 1", "return x + 2", "return x + 0", "pass"} <= found
    assert not any("<<" in text or "&" in text for text in found)
    assert {"return x >= 3", "return x < 3"} <= changes("return x > 3")


def test_every_mutant_parses_and_differs_in_meaning_from_the_answer_and_the_others() -> None:
    source = cell("y = x.T", "if y > 0 and x:", "    y = -y", "return [y, 1 * y][0]  # y")
    mutants = mutate_cell("q1", source)
    forms = [ast.dump(ast.parse(m.source)) for m in mutants]
    assert len(set(forms)) == len(forms) > 20
    assert ast.dump(ast.parse(source)) not in forms


def test_only_what_stands_between_the_markers_is_changed_and_the_markers_are_gone() -> None:
    source = "SIZE = 5\n" + cell("return x") + "\n\ndef g():\n    return 3\n"
    for mutant in mutate_cell("q1", source):
        assert "def f(x, scale=2):" in mutant.source
        assert mutant.source.startswith("SIZE = 5\n")
        assert "return 3" in mutant.source
        assert "SOLUTION" not in mutant.source
    assert mutate_cell("q1", "x = 1\n") == []


def test_calls_keywords_and_statements_are_taken_off() -> None:
    assert changes("y = torch.exp(x).sum(dim=1)", operator="course/Remove") == {
        "y = (x).sum(dim=1)",
        "y = torch.exp(x)",
        "y = torch.exp(x).sum()",
        "pass",
    }
    assert changes("return g(x, a=1, b=2) @ x.T", operator="course/RemoveKeyword") == {
        "return g(x, b=2) @ x.T",
        "return g(x, a=1) @ x.T",
    }
    assert changes("return g(x, a=1) @ x.T", operator="course/RemoveCall") == {
        "return (x) @ x.T",
        "return g(x, a=1) @ x",
    }
    assert changes("return nn.functional.relu(float(len(x)))", operator="course/RemoveCall") == {
        "return (float(len(x)))"
    }
    assert changes('"""Text."""', "import math", "pass", "return x", operator="course/RemoveStatement") == {"pass"}


def test_a_key_does_not_change_when_other_lines_do() -> None:
    before = {m.key for m in mutate_cell("q1", cell("y = x + 1", "return y"))}
    after = {m.key for m in mutate_cell("q1", cell("z = 3", "if z:", "    print(z)", "    y = x + 1", "return y"))}
    assert before <= after


def test_mutants_that_read_the_same_are_counted() -> None:
    found = [m.key for m in mutate_cell("q1", cell("x += 1", "x += 1", "return x")) if m.key.mutant == "x += 2"]
    assert found == [Key("q1", "core/NumberReplacer", "x += 1", "x += 2", n) for n in (1, 2)]


def test_the_order_is_fixed() -> None:
    source = cell("return x + 1 if x > 2 else -x")
    assert [m.key for m in mutate_cell("q1", source)] == [m.key for m in mutate_cell("q1", source)]


def test_without_the_library_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("cosmic_ray"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(GraderError) as caught:
        mutate_cell("q1", cell("return x"))
    assert caught.value.code == "mutation-library-missing"
    assert "quality" in caught.value.message


LEARNING = {
    # operator: the answer's lines, what they become
    "Reduction": (("return x.mean(dim=1)",), {"return x.sum(dim=1)"}),
    "Reduction of a loss": (('return loss(x, reduction="mean")',), {'return loss(x, reduction="sum")'}),
    "Mode": (("model.eval()", "return model(x)"), {"model.train()"}),
    "Gradients": (("with torch.no_grad():", "    return f(x)"), {"with torch.enable_grad():"}),
    "Logarithm": (("return torch.log(x)",), {"return torch.log10(x)"}),
    "SeedFixed": (("g = torch.Generator().manual_seed(scale)",), {"g = torch.Generator().manual_seed(0)"}),
    "FanSwap": (("std = 1 / fan_in", "return std"), {"std = 1 / fan_out"}),
    "FanSwap in a string": (('return mode == "fan_in"',), {'return mode == "fan_out"'}),
    "InPlace": (("x = x - scale", "return x"), {"x -= scale"}),
    "InPlace taken off": (("x -= scale * 3", "return x"), {"x = x - (scale * 3)"}),
    "InPlace statement": (("x.mul_(scale)", "return x"), {"x.mul(scale)"}),
    "InPlaceCall": (("return torch.exp(x)",), {"return torch.exp_(x)"}),
    "CutGraph": (("h = f(x)", "h.backward()"), {"h = (f(x)).detach()"}),
}


@pytest.mark.parametrize("case", LEARNING)
def test_mistakes_of_deep_learning_are_made(case: str) -> None:
    lines, expected = LEARNING[case]
    assert changes(*lines, operator=f"course/{case.split(maxsplit=1)[0]}") == expected


@pytest.mark.parametrize(
    "line",
    [
        "h = f(x)",  # no gradient flows in this answer
        "y = math.exp(scale)",
        "n = x.std",
        "g = torch.Generator().manual_seed(3)",
        "w.requires_grad_(True)",
        "nn.init.zeros_(w)",
        "x = scale - x",
        "p = p - x",
    ],
)
def test_what_would_be_no_such_mistake_is_left(line: str) -> None:
    kinds = ("CutGraph", "InPlace", "Reduction", "SeedFixed", "Mode")
    found = [m.key for m in mutate_cell("q1", cell(line, "return x"))]
    assert not [key for key in found if key.operator.removeprefix("course/").startswith(kinds)]


@pytest.mark.parametrize("line", ["net = nn.Linear(2, 2)", "n = float(f(x))", "h = x.detach()"])
def test_what_carries_no_gradient_is_not_cut(line: str) -> None:
    assert not changes(line, "h.backward()", operator="course/CutGraph")
