"""Whether the arguments of a call fit a function, told from the text of both."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.findings import did_you_mean
from autograder.korean import fill
from autograder.lint.modules import Function

__all__ = ["Arguments", "misfit"]


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call.

    Args:
        positional: those without a name.
        named: the names of the others.
        open: a ``*`` or ``**`` stands among them, so that more may come.
    """

    positional: int
    named: tuple[str, ...]
    open: bool

    @classmethod
    def of(cls, positional: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Arguments:
        """Return the arguments as they stand in the text."""
        plain = [value for value in positional if not isinstance(value, ast.Starred)]
        named = tuple(keyword.arg for keyword in keywords if keyword.arg is not None)
        return cls(len(plain), named, len(plain) < len(positional) or len(named) < len(keywords))


def misfit(arguments: Arguments, function: Function, *, bound: bool = False) -> str:
    """Return in Korean why the arguments do not fit, "" where they do or where nobody can know.

    Args:
        arguments: of the call.
        function: what is called.
        bound: it is a method, called on an object: its first parameter is given.
    """
    spec = function.args
    ordered = [*spec.posonlyargs, *spec.args][bound:]
    names = [parameter.arg for parameter in ordered]
    by_name = {parameter.arg for parameter in (*spec.args, *spec.kwonlyargs)}
    if arguments.positional > len(names) and spec.vararg is None:
        return fill(
            "이름 없이 {most}개까지 받는데 {given}개를 넣었습니다.", most=len(names), given=arguments.positional
        )
    for name in arguments.named:
        if name not in by_name and spec.kwarg is None:
            return fill(
                "'{name}'{name:이라는/라는} 인자는 없습니다.{hint}", name=name, hint=did_you_mean(name, by_name)
            )
        if name in names[: arguments.positional] and name in by_name:
            return fill("인자 '{name}'{name:을/를} 두 번 넣었습니다.", name=name)
    if arguments.open:
        return ""
    needed = names[: len(names) - len(spec.defaults)] if spec.defaults else names
    asked = [p.arg for p, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default is None]
    missing = [name for name in (*needed[arguments.positional :], *asked) if name not in arguments.named]
    return fill("인자 '{name}'{name:을/를} 넣지 않았습니다.", name=missing[0]) if missing else ""
