"""No name, path or exception makes a line of a log, or colours one, whoever handles it and however a program ends."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.sinks.echo import say, say_csv, say_json
from autograder.sinks.log import PlainFormatter, clean_log, logger

FORGED = "kim\n2026-01-01 00:00:00 I autograder.service: received lee\x1b[2K\x9b1A\u202e\u2028\ud800"
STEERS = set("\x1b\x9b\u202e\u2028\ud800\x07\r")


@pytest.fixture
def stream() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of ours, and what a handler of somebody else's makes of it."""
    found, text = logger("autograder.tests.log"), io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    found.addHandler(handler)
    found.propagate = False
    yield found, text
    found.removeHandler(handler)


def test_a_message_is_one_line(stream: tuple[logging.Logger, io.StringIO]) -> None:
    log, text = stream
    log.warning("refused %s", FORGED)

    assert text.getvalue().count("\n") == 1
    assert not STEERS & set(text.getvalue())
    assert "kim\\n2026-01-01" in text.getvalue() and "\\x1b[2K\\x9b1A\\u202e\\u2028\\ud800" in text.getvalue()


def test_each_line_of_a_traceback_is_quoted(stream: tuple[logging.Logger, io.StringIO]) -> None:
    log, text = stream
    try:
        raise ValueError(FORGED) from RuntimeError(FORGED)
    except ValueError:
        log.exception("sweep failed")

    first, *rest = text.getvalue().rstrip("\n").split("\n")
    assert first == "ERROR sweep failed"
    assert rest and all(line.startswith("  | ") for line in rest)
    assert not STEERS & set(text.getvalue())


def test_a_message_that_comes_as_it_is_keeps_its_lines_quoted(stream: tuple[logging.Logger, io.StringIO]) -> None:
    """nbgrader logs tracebacks as messages."""
    log, text = stream
    log.error(f"Traceback\n{FORGED}")

    first, *rest = text.getvalue().rstrip("\n").split("\n")
    assert first == "ERROR Traceback" and all(line.startswith("  | ") for line in rest) and len(rest) == 2


def test_a_message_that_cannot_be_made_is_told_all_the_same(stream: tuple[logging.Logger, io.StringIO]) -> None:
    class Hostile:
        def __str__(self) -> str:
            raise RuntimeError(FORGED)

    log, text = stream
    log.warning("%s", Hostile())
    log.warning("%d %d", FORGED)  # noqa: PLE1206 - that is the point

    assert text.getvalue().count("\n") == 2 and not STEERS & set(text.getvalue())


def test_the_formatter_of_a_process_cleans_what_other_libraries_log() -> None:
    """A request's path, in tornado's access log for one."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(PlainFormatter("%(message)s"))
    other = logging.Logger("tornado.access")
    other.addHandler(handler)
    try:
        raise OSError(FORGED)
    except OSError:
        other.error("404 GET /%s", FORGED, exc_info=True, stack_info=True)

    first, *rest = text.getvalue().rstrip("\n").split("\n")
    assert first.startswith("404 GET /kim\\n2026") and all(line.startswith("  | ") for line in rest)
    assert not STEERS & set(text.getvalue())


def test_a_logger_of_nbgraders_is_cleaned_with_what_its_handlers_get_from_others() -> None:
    text = io.StringIO()
    parent = logging.Logger("nbgrader")
    parent.addHandler(logging.StreamHandler(text))
    clean_log(parent)
    clean_log(parent)
    child = logging.Logger("nbgrader.child")
    child.parent = parent
    parent.error("%s", FORGED)
    child.error("%s", FORGED)

    assert text.getvalue().count("\n") == 2 and not STEERS & set(text.getvalue())
    assert len(parent.filters) == 1


def test_a_line_of_a_program_is_one_line_and_json_is_its_value(capsys: pytest.CaptureFixture[str]) -> None:
    say("{student}: {points:g}", student=FORGED, points=3.0)
    say("{why}", error=True, why=OSError(2, FORGED))
    say_json([FORGED])
    say_csv("\ufeffa\r\n")

    out, err = capsys.readouterr()
    assert out.split("\n")[0].endswith("\\ud800: 3") and err.count("\n") == 1
    assert not (STEERS - {"\r"}) & set(out + err)
    assert out.endswith("\ufeffa\r\n")


@pytest.mark.parametrize(
    "arguments",
    [["check", FORGED, FORGED], [FORGED], ["grade", "x", "y", "--device", FORGED], ["check", f"--{FORGED}"]],
    ids=["unexpected", "command", "choice", "option"],
)
def test_what_a_shell_made_of_a_folder_of_submissions_is_cleaned_in_refusals(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, [text.replace("\ud800", "") for text in arguments])

    assert done.exit_code == 2
    assert not STEERS & set(done.output)
    assert "\n2026-01-01" not in done.output


_ENDINGS = {
    "uncaught": "raise ValueError({text})",
    "interrupted meanwhile": "try:\n    raise ValueError({text})\nfinally:\n    raise KeyboardInterrupt",
    "in a thread": "import threading; t = threading.Thread(target=lambda: int({text})); t.start(); t.join()",
    "a thread's name": "import threading; t = threading.Thread(target=lambda: 1/0, name={text}); t.start(); t.join()",
    "ignored": "class A:\n    def __del__(self): raise ValueError({text})\nA()",
    "warning": "import warnings; warnings.warn({text})",
    "log without a handler": "import logging; logging.getLogger('x').error('%s', {text})",
    "log of a library": "import logging; logging.getLogger('x').exception({text})",
}


@pytest.mark.parametrize("ending", _ENDINGS.values(), ids=_ENDINGS)
def test_nothing_that_python_itself_prints_steers_a_terminal(ending: str) -> None:
    code = "from autograder.sinks.echo import guard_process; guard_process()\n" + ending.format(text=ascii(FORGED))
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=False
    )

    told = done.stderr.replace("\\u2028", "")
    assert "2026-01-01" in told
    assert not STEERS & set(done.stderr)
    assert not any(line.startswith("2026-01-01") for line in done.stderr.split("\n"))
