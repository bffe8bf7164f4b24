"""The command line, put together from `autograder.commands`: click commands that parse, call and print.

Exit codes: 0 done (some submissions may need a person: the summary says so); 1 the answer is no (`check`, `doctor`,
`lint`, `quality`, `release --check`); 2 wrong usage; 3 done, but some submissions have no grade through our own fault,
a hidden test that raised included (`grading/fault.py` lists the reasons), or the machine was too busy to try the suite;
4 refused, because this machine cannot confine student code; 5 an assignment (its suite, too, if the instructor's own
answers do not pass it), source, record or ledger cannot be used, or the package changed under this process; 130
interrupted (what is graded is kept; the same command goes on).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

import autograder
from autograder.catalog import course_root
from autograder.commands.course import course
from autograder.commands.doctor import doctor
from autograder.commands.export import export, gradebook
from autograder.commands.grading import check, grade, show, who
from autograder.commands.suites import lint, list_assignments, quality, release
from autograder.course_file import live_at
from autograder.plain import one_line
from autograder.sinks.echo import guard_process

__all__ = ["main"]


class _Plain(click.Group):
    """A group whose refusals hold what was typed, or what a shell made of ``*`` in a folder of submissions, cleaned."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        guard_process()
        with _plain_refusals():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with _plain_refusals():
            return super().invoke(ctx)


@contextmanager
def _plain_refusals() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        for name in ("message", "ui_filename", "option_name", "param_hint"):
            if isinstance(told := getattr(error, name, None), str):
                setattr(error, name, one_line(told, 2000))
        raise


@click.group(cls=_Plain, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="autograder")
def main() -> None:
    """딥러닝 과제 채점기: 숨은 테스트와 점수를 학생 코드와 다른 프로세스에서 다룹니다."""
    live_at(course_root())


main.add_command(grade)
main.add_command(show)
main.add_command(check)
main.add_command(who)
main.add_command(doctor)
main.add_command(release)
main.add_command(quality)
main.add_command(lint)
main.add_command(list_assignments)
main.add_command(gradebook)
main.add_command(export)
main.add_command(course)


if __name__ == "__main__":
    main()
