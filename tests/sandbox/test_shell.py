"""Cells without a kernel: what they show, where they stop, and what the interactive parts do."""

from __future__ import annotations

import base64
import builtins
import getpass
import json
import sys
import time

import nbformat
import pytest

from autograder.sandbox.shell import cells as shell_module
from autograder.sandbox.shell.cells import activate, create_shell, locate, run_cell
from autograder.sandbox.wire.codec import CodecLimits, decode, encode

PLOT = "import matplotlib.pyplot as plt\n"


@pytest.fixture(scope="module")
def shell():
    kept = (sys.modules["__main__"], sys.stdout, sys.stderr, builtins.input, getpass.getpass)
    made = create_shell()
    activate(made, output_kb=64)
    yield made
    made.loop.close()
    sys.modules["__main__"], sys.stdout, sys.stderr, builtins.input, getpass.getpass = kept
    type(made).clear_instance()
    shell_module._warm = None


@pytest.fixture
def run(shell):
    def run_and_send(source: str, index: int = 0) -> dict:
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = shell.streams  # pytest puts its own there for each test
        try:
            frame = encode(run_cell(shell, source, index))  # every outcome has to cross the wire
        finally:
            sys.stdout, sys.stderr = kept
        return decode(frame.header, frame.buffers, limits=CodecLimits())

    return run_and_send


def text(outcome: dict, name: str = "stdout") -> str:
    return "".join(o["text"] for o in outcome["outputs"] if o["output_type"] == "stream" and o["name"] == name)


def kinds(outcome: dict) -> list[str]:
    return [o["output_type"] for o in outcome["outputs"]]


# ---------------------------------------------------------------- outputs


def test_streams_keep_their_order_and_their_korean_and_adjacent_pieces_are_joined(run):
    outcome = run("import sys\nprint('안녕', end='')\nprint('하세요')\nprint('경고', file=sys.stderr)\nprint('끝')")
    assert [(o["name"], o["text"]) for o in outcome["outputs"]] == [
        ("stdout", "안녕하세요\n"),
        ("stderr", "경고\n"),
        ("stdout", "끝\n"),
    ]
    assert outcome["status"] == "ok" and outcome["line"] == 0 and outcome["ename"] == ""


def test_stream_text_beyond_the_cap_is_left_out_with_a_korean_note(run):
    outcome = run("for i in range(30000):\n    print('가나다라마바사', i)")
    assert 63 * 1024 < len(text(outcome).encode()) <= 64 * 1024
    assert "64 KB를 넘어 나머지는 생략했습니다" in text(outcome, "stderr") and outcome["status"] == "ok"
    assert "생략" not in text(run("print('x' * 64 * 1024, end='')"), "stderr")
    assert "생략" in text(run("print('x' * 64 * 1024)"), "stderr")
    assert "생략" in text(run("import sys\nprint('x' * 65536, end='')\nprint(1, file=sys.stderr)"), "stderr")


def test_progress_bars_are_collapsed_as_they_are_written_so_that_they_do_not_use_up_the_cap(run):
    outcome = run("for i in range(9000):\n    print(f'\\r{i:5d} ' + '#' * 60, end='')\nprint('\\n완료')")
    assert text(outcome) == " 8999 " + "#" * 60 + "\n완료\n" and text(outcome, "stderr") == ""
    wide = run("for i in range(20): print('\\r' + str(i % 10) * 8300, end='')")
    assert text(wide) == "9" * 8300 and text(wide, "stderr") == ""
    assert text(run("print('a\\r\\nb\\r\\r\\nc\\rd')")) == "a\nb\nd\n"
    assert text(run("print('50%', end='\\r')\nprint('100%', end='\\r')")) == "100%"


def test_lone_surrogates_and_str_subclasses_in_streams_become_plain_text(run):
    outcome = run("class S(str): pass\nprint('\\ud800', S('ㄱ'))\nimport sys\nn = sys.stdout.write(S('x'))\nn")
    assert text(outcome) == "? ㄱ\nx" and outcome["outputs"][-1]["data"]["text/plain"] == "1"


def test_rich_results_displays_updates_and_semicolons(run):
    outcome = run(
        "from IPython.display import HTML, Markdown, display, update_display\n"
        "display(HTML('<b>굵게</b>'))\nhandle = display('하나', display_id='x')\nupdate_display('둘', display_id='x')\n"
        "class R:\n    def _repr_html_(self): return '<i>표</i>'\n    def _repr_png_(self): return b'png'\nR()"
    )
    first, second, result = outcome["outputs"]
    assert first["data"]["text/html"] == "<b>굵게</b>" and second["data"]["text/plain"] == "'둘'"
    assert result["output_type"] == "execute_result" and result["execution_count"] == outcome["execution_count"]
    assert result["data"]["text/html"] == "<i>표</i>" and base64.b64decode(result["data"]["image/png"]) == b"png"
    assert run("5;")["outputs"] == []


def test_clear_output_clears_at_once_or_with_the_next_output(run):
    code = "from IPython.display import clear_output\nprint(1)\nclear_output({})\n{}"
    assert text(run(code.format("", "print(2)"))) == "2\n"
    assert text(run(code.format("wait=True", "print(2)"))) == "2\n"
    assert text(run(code.format("wait=True", ""))) == "1\n"


def test_figures_are_shown_inline_as_png_at_show_and_at_the_end_of_the_cell(run):
    outcome = run(PLOT + "plt.plot([1, 2]); plt.show()\nprint('사이')\nplt.figure(); plt.plot([3]);")
    assert kinds(outcome) == ["display_data", "stream", "display_data"]
    for output in (outcome["outputs"][0], outcome["outputs"][2]):
        assert base64.b64decode(output["data"]["image/png"])[1:4] == b"PNG"
    for name in ("inline", "widget", "qt"):
        assert kinds(run(f"%matplotlib {name}\n{PLOT}plt.plot([1]);")) == ["display_data"]


def test_too_many_displays_are_left_out_with_a_korean_note(run):
    outcome = run("for i in range(600): display(i)")
    assert kinds(outcome).count("display_data") == 500 and "생략" in text(outcome, "stderr")
    big = run("from IPython.display import HTML\nfor i in range(20): display(HTML('x' * 2**20))")
    assert kinds(big).count("display_data") == 11 and "생략" in text(big, "stderr")


def test_a_display_with_data_that_json_does_not_hold_still_crosses(run):
    run("from IPython.display import publish_display_data as p")
    for data in ("{'a': float('nan')}", "{'a': object()}"):
        outcome = run(f"p({{'application/json': {data}}})")
        assert kinds(outcome) == ["display_data"] and json.dumps(outcome["outputs"], allow_nan=False)
    assert kinds(run("p({'application/json': {'a': [1, None]}})")) == ["display_data"]


def test_what_is_printed_between_cells_is_kept_nowhere(shell, run):
    run("def leak(x): print('hidden', x); display(x); return x")
    assert shell.user_ns["leak"](3) == 3 and shell.outputs is None and shell.streams[0].outputs is None
    assert run("1")["outputs"][0]["data"]["text/plain"] == "1" and len(run("2")["outputs"]) == 1


def test_outcomes_are_valid_nbformat_outputs(run):
    cells = ["print(1)", "1", "1/0", PLOT + "plt.plot([1])", "x = (", "display(1)"]
    notebook = nbformat.v4.new_notebook()
    for source in cells:
        outcome = run(source)
        cell = nbformat.v4.new_code_cell(source, execution_count=outcome["execution_count"])
        cell.outputs = [nbformat.from_dict(output) for output in outcome["outputs"]]
        notebook.cells.append(cell)
    nbformat.validate(notebook)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("source", "ename", "line"),
    [
        ("a = 1\n1/0", "ZeroDivisionError", 2),
        ("\n\n  \nb = 1\n1/0", "ZeroDivisionError", 5),
        ("def g():\n    raise KeyError('k')\n\ng()", "KeyError", 2),
        ("import json\n\njson.loads('{')", "JSONDecodeError", 3),
        ("x = 1\ny = (", "SyntaxError", 2),
        ("\n\nx = = 1", "SyntaxError", 3),
        ("if True:\nx = 1", "IndentationError", 2),
        ("x = 1\nreturn x", "SyntaxError", 2),
        ("x = 1\nexec('y = (')", "SyntaxError", 2),
        ("%%time\na = 1\n1/0", "ZeroDivisionError", 3),
        ("\n%%time\n\na = 1\n1/0", "ZeroDivisionError", 5),
        ("a = 1\n%time 1/0", "ZeroDivisionError", 2),
        ("a = 1\n%timeit -z", "UsageError", 2),
        ("import asyncio\nawait asyncio.sleep(0)\n1/0", "ZeroDivisionError", 3),
        ("import sys\nsys.exit(3)", "SystemExit", 2),
        ("1\nraise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("raise BaseException('x')", "BaseException", 1),
        ("raise ExceptionGroup('여럿', [ValueError(1)])", "ExceptionGroup", 1),
        ("assert 1 == 2, '다릅니다'", "AssertionError", 1),
    ],
)
def test_an_error_says_what_it_is_and_in_which_line_of_the_cell(run, source, ename, line):
    outcome = run(source)
    assert (outcome["status"], outcome["ename"], outcome["line"]) == ("error", ename, line)
    if ename not in ("UsageError", "ExceptionGroup"):
        error = outcome["outputs"][-1]
        assert error["output_type"] == "error" and error["ename"] == ename and error["traceback"]


def test_a_traceback_names_the_cell_by_its_number_and_shows_its_source(run):
    number = run("def broken(x):\n    return x / 0")["execution_count"]
    lines = "\n".join(run("\n\nbroken(1)")["outputs"][0]["traceback"])
    assert f"셀 {number}, line 2" in lines and f"셀 {number + 1}, line 3" in lines
    assert "return x / 0" in lines and "broken(1)" in lines
    assert "autograder" not in lines and "\x1b" not in lines


def test_the_code_of_timed_and_captured_cells_has_the_cells_own_lines(shell, run):
    number = run("\n%%time\ndef timed():\n\n    return 1 / 0", 11)["execution_count"]
    captured = run("%%capture out\nprint(1)\ndef captured():\n    return 1 / 0", 12)
    assert captured["outputs"] == []
    found = []
    for name in ("timed", "captured"):
        try:
            shell.user_ns[name]()
        except ZeroDivisionError as error:
            found.append(locate(error.__traceback__))
    assert found == [(11, 5), (12, 4)]
    lines = "\n".join(run("timed()")["outputs"][0]["traceback"])
    assert f"셀 {number}, line 5" in lines and "return 1 / 0" in lines


def test_a_later_call_is_located_in_the_deepest_cell_that_wrote_the_code(shell, run):
    run("import json\ndef inner(text):\n    return json.loads(text)", 4)
    run("def outer(text):\n\n    return inner(text)", 9)
    with pytest.raises(ValueError) as caught:
        shell.user_ns["outer"]("{")
    assert locate(caught.tb) == (4, 3)
    assert locate(None) is None


def test_source_of_a_function_can_be_inspected_without_a_file(run):
    assert "return 7" in text(run("import inspect\ndef seven():\n    return 7\nprint(inspect.getsource(seven))"))


@pytest.mark.parametrize(
    "source",
    [
        "def f(n): return f(n + 1)\nf(0)",
        "def a(n): return b(n)\ndef b(n): return a(n + 1)\na(0)",
        "class A:\n    def __getattr__(self, k): return getattr(self, k + 'x')\nA().y",
        "class A:\n    def __repr__(self): return repr(self)\nA()",
    ],
)
def test_a_recursion_error_is_formatted_in_less_than_half_a_second(run, source):
    run("1")
    started = time.process_time()
    outcome = run(source)
    assert time.process_time() - started < 0.5
    assert outcome["ename"] == "RecursionError" or "RecursionError" in str(outcome["outputs"])
    assert len(str(outcome["outputs"])) < 50_000


def test_the_middle_of_a_long_traceback_is_cut_and_its_ends_are_shown(run):
    source = "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(900)) + "def f900():\n    return 1 / 0\n\nf0()"
    started = time.process_time()
    outcome = run(source)
    assert time.process_time() - started < 0.5
    shown = "\n".join(outcome["outputs"][0]["traceback"])
    assert outcome["line"] == 902 and "in f0()" in shown and "in f900()" in shown and "in f450()" not in shown


def test_a_long_or_circular_chain_of_causes_is_cut(run):
    chain = "e = None\nfor i in range(3000):\n    n = ValueError(i); n.__cause__ = e; e = n\nraise e"
    circle = "a = ValueError(1); b = ValueError(2)\na.__cause__ = b; b.__cause__ = a\nraise a"
    context = "a = ValueError(1); b = ValueError(2)\na.__context__ = b; b.__context__ = a\nraise a"
    for source in (chain, circle, context):
        started = time.process_time()
        outcome = run(source)
        assert time.process_time() - started < 0.5
        assert outcome["ename"] == "ValueError" and kinds(outcome) == ["error"]
        assert 1 < "\n".join(outcome["outputs"][0]["traceback"]).count("ValueError: ") <= 5
    shown = run("try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e")
    assert "ZeroDivisionError" in "\n".join(shown["outputs"][0]["traceback"])


def test_huge_or_hostile_messages_do_not_break_the_outcome(run):
    big = run("raise ValueError('가' * 5_000_000)")
    assert len(str(big["outputs"])) < 200_000
    for method in ("__str__(self): raise SystemExit", "_render_traceback_(self): return [object()]"):
        outcome = run(f"class E(Exception):\n    def {method}\nraise E")
        assert (outcome["ename"], outcome["line"], kinds(outcome)) == ("E", 3, ["error"]), method
    odd = run("class M(type):\n    __name__ = 5\nclass E(Exception, metaclass=M): pass\nraise E")
    assert odd["status"] == "error" and isinstance(odd["ename"], str)
    assert run("1")["status"] == "ok"


# ---------------------------------------------------------------- what nobody is there to answer


def test_shell_commands_print_one_korean_message_and_the_cell_goes_on(run):
    outcome = run("!ls\n%pip install numpy\n%conda list\nfiles = !ls\nprint(list(files), 'after')")
    assert outcome["status"] == "ok" and text(outcome) == "[] after\n"
    assert text(outcome, "stderr").count("셸 명령") == 1
    for source in ("%%bash\nls", "%%sh\nls", "!!ls", "%%script python\n1", "%ls"):
        outcome = run(source)
        assert outcome["status"] == "ok" and text(outcome, "stderr").count("셸 명령") == 1, source


@pytest.mark.parametrize("call", ["input('이름: ')", "import getpass; getpass.getpass()"])
def test_input_is_an_error_that_says_what_to_do_in_korean(run, call):
    outcome = run(call)
    assert outcome["ename"] == "StdinNotImplementedError" and "변수에 직접" in outcome["outputs"][0]["evalue"]
    assert "_refuse_input" not in "\n".join(outcome["outputs"][0]["traceback"])


@pytest.mark.parametrize("source", ["exit()", "quit()", "exit", "x = 1\nquit()"])
def test_exit_and_quit_are_contained(run, source):
    outcome = run(source)
    assert outcome["status"] == "ok" and "이어서 실행합니다" in text(outcome, "stderr")


def test_magics_that_need_no_process_work(run):
    assert "Wall time" in text(run("%time x = 1"))
    assert "Wall time" in text(run("%%time\nx = 1"))
    assert "per loop" in text(run("%timeit -n1 -r1 x"))
    assert run("%%capture out\nprint('안')")["outputs"] == [] and text(run("print(out.stdout)")) == "안\n\n"
    assert run("%pdb on\n1/0")["ename"] == "ZeroDivisionError"


def test_names_futures_and_the_event_loop_last_from_cell_to_cell(run):
    assert run("from __future__ import annotations\nimport asyncio\ny = 3")["status"] == "ok"
    assert run("await asyncio.sleep(0)\nasyncio.get_running_loop() and y")["outputs"][0]["data"]["text/plain"] == "3"
    following = run("_ + y")["outputs"][0]
    assert following.get("data", following)["text/plain"] == "6"
    assert run("import pickle\nclass P: pass\npickle.loads(pickle.dumps(P())) is not None")["status"] == "ok"


def test_an_interrupt_outside_the_cells_own_code_is_an_error_of_the_cell(shell, run, monkeypatch):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(shell.events, "trigger", interrupt)
    outcome = run("1")
    monkeypatch.undo()
    assert outcome["status"] == "error" and outcome["ename"] == "KeyboardInterrupt"
    assert run("await __import__('asyncio').sleep(0)\n1")["status"] == "ok"


def test_a_cell_interrupted_while_it_awaits_does_not_go_on_in_a_later_cell(run):
    outcome = run(
        "import asyncio\ndef stop():\n    raise KeyboardInterrupt\nasyncio.get_running_loop().call_soon(stop)\n"
        "await asyncio.sleep(0)\nawait asyncio.sleep(0)\nwent_on = True"
    )
    assert outcome["ename"] == "KeyboardInterrupt"
    later = run("import gc\nfor i in range(9): await asyncio.sleep(0)\ngc.collect()\nprint('went_on' in globals())")
    assert later["status"] == "ok" and [o.get("text") for o in later["outputs"]] == ["False\n"]


def test_an_empty_cell_has_no_number_and_a_cell_that_closes_stdout_hurts_nobody(run):
    before = run("1")["execution_count"]
    empty = run(" \n")
    assert (empty["status"], empty["execution_count"], empty["outputs"]) == ("ok", None, [])
    run("import sys\nsys.stdout.close()")
    after = run("print('그대로', flush=True)")
    assert (text(after), after["status"], after["execution_count"]) == ("그대로\n", "ok", before + 2)
