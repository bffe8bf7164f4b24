"""What the commands share: the two consoles, the options that several have, and how an error ends a command."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from autograder.errors import ConfinementError, GraderError
from autograder.plain import shown, shown_prose
from autograder.sinks.console import console, errors, tell, tell_lines
from autograder.sinks.echo import say_json

__all__ = [
    "console",
    "errors",
    "names_option",
    "out_option",
    "print_json",
    "reports_errors",
    "roster_option",
    "tell_trouble",
]

_MOST_LINES = 100
"""Of a detail: an error with the tracebacks of a suite's mistakes is shorter."""

P = ParamSpec("P")


R = TypeVar("R")


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a `GraderError` into its Korean message, its code and an exit status."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GraderError as error:
            tell_trouble("[bold red]오류[/]", error.code, error.message, error.detail)
            sys.exit(_status(error))
        except RuntimeError as error:
            if "start new thread" not in str(error):
                raise
            errors.print(
                "[bold red]오류[/] \\[threads-refused] 스레드를 더 만들 수 없습니다. "
                "autograder doctor가 까닭과 할 일을 알려 줍니다."
            )
            sys.exit(5)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise
            errors.print(
                "[bold red]오류[/] \\[disk-full] 디스크가 가득 찼거나 쓸 수 없습니다. 공간을 비우고 다시 실행하세요."
            )
            tell_lines(errors, str(error), 2, _MOST_LINES)
            sys.exit(5)

    return wrapped


def tell_trouble(label: str, code: str, message: str, detail: str = "") -> None:
    """Print what is wrong on standard error: a label of ours in markup, the code, the sentences, and the detail."""
    tell(errors, f"{label} {shown(f'[{code}]')} {shown_prose(message)}", 0)
    tell_lines(errors, detail, 2, _MOST_LINES)


def _status(error: GraderError) -> int:
    if isinstance(error, ConfinementError):
        return 4
    return 3 if error.code == "machine-busy" else 5


roster_option = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    metavar="FILE",
    help="수강생 명단 CSV: 계정, 학번, 이름, 메일, 분반 (기본: 과목의 roster.csv와 성적부에 등록된 학생)",
)


out_option = click.option(
    "--out", type=click.Path(path_type=Path), default=Path("graded"), show_default=True, help="채점 결과 폴더"
)


def print_json(data: Any) -> None:
    """Print what ``--json`` promises."""
    say_json(data)


names_option = click.option(
    "--names",
    metavar="PATTERN",
    default=None,
    help="파일이나 폴더 이름에서 학생 이름의 자리. 예: '{anything}_{student}_{anything}', 또는 "
    "그룹 (?P<student>...)이 든 정규식 (기본: LMS와 파일 이름의 형식을 알아서 찾습니다)",
)
