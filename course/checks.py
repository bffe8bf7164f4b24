"""Instant checks in the student's notebook, on otter-grader's exception-based test files.

``check("q1")`` runs ``checks/q1.py`` next to the notebook against what the notebook defines, shows the findings in
Korean, and returns the points earned as the cell's last value. It never raises and never prints a traceback. It writes
no file, needs no network and no staff file, and leaves the random state of torch and NumPy as it was.

These are aids for the student; grading happens elsewhere, with other tests.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import inspect
import io
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from course.case import Case, Recorder
from course.compare import CheckError, close, number, require, sequence, tensor
from course.result import CheckResult, Line, Score
from course.shown import shell, show

__all__ = [
    "Check",
    "CheckError",
    "check",
    "close",
    "number",
    "ready",
    "require",
    "sequence",
    "summary",
    "tensor",
    "test_case",  # noqa: F822
]

_START = Path.cwd()
_latest: dict[str, Score] = {}
_NOT_WRITTEN = "아직 작성하지 않았습니다."
_LOOK = (
    "새 셀에서 `check.case`를 실행하면 처음 실패한 점검의 입력, 나의 값, 기대한 값이 나옵니다. "
    "`check.case.args`와 `check.case.value`로 하나씩 살펴보고, `check.case.again()`으로 다시 불러 보세요."
)

_SUSPECTS: tuple[tuple[type[BaseException], str, str], ...] = (
    (RuntimeError, r"cannot be multiplied|size mismatch", "행렬 곱의 방향이 어긋났습니다. 전치(.T)를 확인하세요."),
    (RuntimeError, r"must match the size|not broadcastable", "두 텐서의 모양이 어긋났습니다. 층 번호를 확인하세요."),
    (RuntimeError, r"in-?place", "입력 텐서를 그 자리에서 바꾸는 연산(+=, relu_ 등)이 있을 수 있습니다."),
    (
        RuntimeError,
        r"does not require grad",
        "기울기를 추적하지 않는 텐서입니다. detach와 no_grad를 확인하세요.",
    ),
    (RuntimeError, r"same dtype|expected .* but (got|found)", "dtype이 서로 다른 텐서를 함께 계산했습니다."),
    (IndexError, r"", "층 번호의 범위를 확인하세요. L개의 층은 0번부터 L-1번까지입니다."),
    (KeyError, r"", "딕셔너리의 키 이름을 서명과 비교해 보세요."),
    (NameError, r"", "이름의 철자를 확인하고, 그 이름을 정의한 셀을 먼저 실행하세요."),
    (TypeError, r"positional argument|keyword argument", "함수의 매개변수가 서명과 다릅니다."),
    (TypeError, r"NoneType", "앞에서 부른 함수가 값을 반환하지 않았을 수 있습니다."),
    (RecursionError, r"", "함수가 자기 자신을 끝없이 부르고 있습니다."),
)


class Check:
    """``check("q1")`` runs the public checks of one question; ``check.case`` is the latest failure, to look at."""

    case: Case | None = None
    """What the first failed test case of the latest run was about; None if it found nothing."""

    def __call__(self, question: str, namespace: Mapping[str, Any] | None = None) -> Score:
        """Run the public checks of one question and show the findings.

        Args:
            question: question id, for example ``"q1"``; its file is ``checks/q1.py`` next to the notebook.
            namespace: where the student's functions stand; the notebook's own if None.

        Returns:
            The points earned in the public checks: a float (nbgrader reads it as partial credit), 0.0 if nothing
            could be checked.
        """
        self.case = None
        score, self.case = _checked(question, namespace)
        return score

    def __repr__(self) -> str:
        return 'check("q1")처럼 문제 번호를 넣어 부르세요.'


check = Check()


def _checked(question: str, namespace: Mapping[str, Any] | None) -> tuple[Score, Case | None]:
    case = None
    try:
        result, case = _run(question, _notebook_namespace() if namespace is None else namespace)
    except Exception as error:
        result = _not_possible(
            str(question),
            f"점검을 마치지 못했습니다({type(error).__name__}). 커널을 다시 시작하고 위에서부터 실행해 보세요.",
        )
    with contextlib.suppress(Exception):
        _show(result)
    score = Score(result.score, result.possible)
    if result.lines:
        _latest[result.question] = score
    return score, case


def raise_first(text: str, path: str, namespace: Mapping[str, Any]) -> None:
    """Run public checks until the first exception that is no finding of theirs, and raise it; the grader's way to ask.

    Args:
        text: a file of checks.
        path: its name.
        namespace: where the student's functions stand.

    Raises:
        Exception, SystemExit: what the student's code raised; NameError where a function is missing.
    """
    for case in _otter().ExceptionTestFile.from_string(text, path=path).test_cases:
        for name in inspect.signature(case.body.test_func).parameters:
            if name != "env" and not callable(namespace.get(name)):
                raise NameError(f"name '{name}' is not defined")
        with contextlib.suppress(CheckError), _quiet_random_state():
            case.body.call_func(dict(namespace))


def ready(**functions: str | tuple[str, ...]) -> bool:
    """Return whether the functions an experiment needs are written; if not, say which and return False.

    Args:
        **functions: question id to the name of its function, or to several names, for example
            ``ready(q1="act_and_grad", q2=("forward", "loss"))``.
    """
    namespace = _notebook_namespace()
    missing = [
        f"문제 {question.removeprefix('q')}({name})"
        for question, names in functions.items()
        for name in ((names,) if isinstance(names, str) else names)
        if not callable(namespace.get(name)) or _is_stub(namespace[name])
    ]
    if missing:
        print(f"먼저 {', '.join(missing)}의 코드를 완성하세요. 이 셀은 건너뜁니다.")
    return not missing


def summary() -> None:
    """Print the latest score of every question checked in this session, and their sum."""
    if not _latest:
        print('아직 점검한 문제가 없습니다. check("q1")부터 실행해 보세요.')
        return
    for question, score in sorted(_latest.items(), key=lambda item: _in_order(item[0])):
        state = "모두 통과" if score >= score.possible else "확인 필요"
        print(f"{question}: {score:g} / {score.possible:g}점 ({state})")
    total, possible = sum(_latest.values()), sum(score.possible for score in _latest.values())
    print(f"공개 점검 합계: {total:g} / {possible:g}점. 최종 점수는 공개하지 않은 시험으로 정해집니다.")


def _in_order(question: str) -> list[tuple[int, str]]:
    """A key that puts q2 before q10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]+)", question)]


def __getattr__(name: str) -> Any:
    # Check files import `test_case` from here. It is otter's own class: of the full package where that is loaded (then
    # otter may be the one that reads the file), else of the one module that is needed.
    if name == "test_case":
        return _otter().test_case
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _otter() -> ModuleType:
    """Return ``otter.test_files.exception_test``, without running ``otter/__init__`` (2.7 s) if nobody has yet."""
    if "otter.test_files" in sys.modules:
        return importlib.import_module("otter.test_files.exception_test")
    spec = importlib.util.find_spec("otter")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("otter")
    package = ModuleType("course._otter")
    package.__path__ = [str(Path(spec.origin).parent / "test_files")]
    sys.modules.setdefault(package.__name__, package)
    return importlib.import_module("course._otter.exception_test")


def _run(question: str, namespace: Mapping[str, Any]) -> tuple[CheckResult, Case | None]:
    if not isinstance(question, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", question):
        return _not_possible(str(question), '문제 번호를 따옴표로 감싸서 적어 주세요. 예: check("q1")'), None
    path = next((p for base in (Path.cwd(), _START) if (p := base / "checks" / f"{question}.py").is_file()), None)
    if path is None:
        reason = f"checks/{question}.py 파일이 없습니다. 노트북과 같은 폴더에 checks 폴더가 있는지 확인하세요."
        return _not_possible(question, reason), None
    try:
        tests = _otter().ExceptionTestFile.from_string(path.read_text(encoding="utf-8"), path=str(path))
    except ModuleNotFoundError as error:
        return _not_possible(question, f"{error.name} 패키지를 찾을 수 없습니다. 설치한 뒤 다시 실행하세요."), None
    lines: list[Line] = []
    notes: set[str] = set()
    told: tuple[str, ...] = ()
    kept: Case | None = None
    for case in tests.test_cases:
        recorder = Recorder()
        problem, said = _outcome(case.body, namespace, recorder)
        notes.update(said)
        advice = (problem.symptom, problem.suspect, problem.next_step) if problem else ()
        shown = ("위와 같습니다.",) if advice and advice == told else advice
        lines.append(Line(case.name, problem is None, float(case.points), *shown))
        told = advice
        if problem is not None and kept is None and recorder.called and problem.symptom != _NOT_WRITTEN:
            kept = recorder.case(question, case.name, problem)
    score = sum(line.points for line in lines if line.passed)
    closing = _LOOK if kept else ""
    return CheckResult(question, lines, score, float(tests.possible), sorted(notes), closing), kept


def _outcome(body: Any, namespace: Mapping[str, Any], recorder: Recorder) -> tuple[CheckError | None, set[str]]:
    """Run one test case; return what is wrong (None: nothing) and the warnings that the code gave."""
    asked = [name for name in inspect.signature(body.test_func).parameters if name != "env"]
    missing = [name for name in asked if not callable(namespace.get(name))]
    if missing:
        return CheckError(
            f"함수를 찾을 수 없습니다: {', '.join(missing)}",
            "함수를 정의한 셀을 실행하지 않았거나 이름이 다릅니다.",
            "위의 풀이 셀을 먼저 실행하세요.",
        ), set()
    said = io.StringIO()
    with _quiet_random_state(), warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(said):
        warnings.simplefilter("always")
        recorded = {name: recorder.wrapped(name, namespace[name]) for name in asked}
        problem = _problem(lambda: body.call_func({**namespace, **recorded}))
    # What goes to stderr would cost all points in nbgrader, so it is shown beside the findings instead.
    notes = {f"{w.category.__name__}: {w.message}" for w in caught if not issubclass(w.category, DeprecationWarning)}
    return problem, notes | ({said.getvalue()[-300:]} if said.getvalue().strip() else set())


def _problem(call: Callable[[], None]) -> CheckError | None:
    try:
        call()
    except CheckError as mistake:
        return mistake
    except NotImplementedError:
        return CheckError(_NOT_WRITTEN, next_step="`raise NotImplementedError`를 지우고 코드를 작성하세요.")
    except (Exception, SystemExit) as error:
        return _explain(error)
    return None


def _explain(error: BaseException) -> CheckError:
    """Say where in the notebook an exception arose, and what it usually means."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_cell(f.filename)]
    where = f"셀의 {frames[-1].lineno}번째 줄({frames[-1].name} 함수)에서 " if frames else "점검하는 동안 "
    text = str(error).strip().split("\n")[0][:200]
    symptom = f"{where}오류가 발생했습니다. {type(error).__name__}" + (f": {text}" if text else "")
    suspect = next(
        (korean for kind, pattern, korean in _SUSPECTS if isinstance(error, kind) and re.search(pattern, text)), ""
    )
    return CheckError(symptom, suspect, "그 줄에 쓰인 텐서들의 shape과 dtype을 출력해 보세요.")


def _is_cell(filename: str) -> bool:
    # ipykernel compiles cells under a temporary folder, IPython as <ipython-input-...>, plain exec as <string>.
    return filename.startswith(("<ipython", "<cell", "<string>")) or "ipykernel_" in filename


def _is_stub(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and "NotImplementedError" in code.co_names


@contextlib.contextmanager
def _quiet_random_state() -> Iterator[None]:
    """Run the body with fixed seeds and give torch and NumPy (where loaded) their random states back afterwards."""
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    before_torch = torch.random.get_rng_state() if torch else None
    before_numpy = numpy.random.get_state() if numpy else None
    try:
        if torch:
            torch.manual_seed(0)
        if numpy:
            numpy.random.seed(0)
        yield
    finally:
        if torch:
            torch.random.set_rng_state(before_torch)
        if numpy:
            numpy.random.set_state(before_numpy)


def _notebook_namespace() -> Mapping[str, Any]:
    notebook = shell()
    return notebook.user_ns if notebook is not None else vars(sys.modules["__main__"])


def _not_possible(question: str, reason: str) -> CheckResult:
    return CheckResult(question, (), 0.0, 0.0, (reason,))


def _show(result: CheckResult) -> None:
    show(result.html(), result.text())
