"""Where a question's public check stops with an exception: what a student may be told freely, since nothing is hidden.

Found by a run of its own: the notebook in a fresh sandbox which meets no hidden test, and there the public check, whose
inputs the student has. What it says of line and exception is a claim of a sandbox that knows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from autograder.errors import GraderError
from autograder.judge.budget import Budget
from autograder.judge.left_out import NameMissed
from autograder.judge.notebook import NotebookRun
from autograder.judge.outcomes import Scene, exception_name
from autograder.model import Limits, Question
from autograder.sandbox import StudentError

__all__ = ["PublicStops", "stopped_before", "suspect_of"]

_MEMORY = "메모리 한도를 넘었습니다. 필요 이상으로 큰 텐서나 리스트를 만들지 않는지 확인해 보세요."
_ANYTHING = "같은 입력으로 직접 호출해 보세요."
_SUSPECTS = {
    "NotImplementedError": "아직 작성하지 않은 부분이 남아 있는지 확인해 보세요.",
    "NameError": "변수나 함수 이름을 잘못 쓰지 않았는지, 필요한 셀을 빠뜨리지 않았는지 확인해 보세요.",
    "UnboundLocalError": "값을 넣기 전에 변수를 쓰지 않았는지 확인해 보세요.",
    "TypeError": "인자의 개수와 자료형이 문제의 설명과 같은지 확인해 보세요.",
    "IndexError": "리스트나 텐서의 인덱스 범위를 확인해 보세요.",
    "KeyError": "딕셔너리의 키를 확인해 보세요.",
    "AttributeError": "값의 종류와 속성 이름을 확인해 보세요.",
    "ZeroDivisionError": "0으로 나누는 경우가 없는지 확인해 보세요.",
    "MemoryError": _MEMORY,
    "RecursionError": "함수가 자기 자신을 끝없이 부르지 않는지 확인해 보세요.",
}
_TORCH_SAYS = (
    (r"allocate memory|out of memory|bad_alloc", _MEMORY),
    (r"same device|device type|device-side|CUDA error", "텐서들이 같은 장치(device)에 있는지 확인해 보세요."),
    (
        r"does not require grad|grad can be|backward through the graph|leaf [Vv]ariable|inplace operation",
        "기울기를 구하는 텐서와 그래프(requires_grad, backward, 제자리 연산)를 확인해 보세요.",
    ),
    (
        r"dtype|not implemented for '\w+'|scalar type|result type|data type",
        "텐서의 자료형(dtype)이 연산에 맞는지 확인해 보세요.",
    ),
    (
        r"\bsizes?\b|\bshapes?\b|dimension|\bdim\b|broadcast|must match|cannot be multiplied|out of range",
        "텐서의 모양(shape)이 연산에 맞는지 확인해 보세요.",
    ),
)
"""What a RuntimeError is about, by words of torch's own messages. The text is a claim of the sandbox: it decides which
of these sentences is said, and none of it is shown."""
_NAME = re.compile(r"name '(\w+)'")
_SEEN = "공개 점검도 이곳에서 멈춥니다."
_PROBE = """
def stop(text, path):
    from course.checks import raise_first
    raise_first(text, path, vars(student))
"""


class PublicStops:
    """Runs a notebook once more, on first use, and asks where public checks stop.

    Args:
        notebook: returns a run of the notebook that has not begun.
        files: what lies beside the notebook, by name, with the public checks.
        limits: what the calls may use.
        scene: returns what a message may point at.
    """

    def __init__(
        self,
        notebook: Callable[[], NotebookRun],
        files: Mapping[str, bytes],
        limits: Limits,
        scene: Callable[[NotebookRun], Scene],
    ) -> None:
        self._new = notebook
        self._files = files
        self._limits = limits
        self._scene = scene
        self._notebook: NotebookRun | None = None
        self._failed = False

    def of(self, question: Question) -> str:
        """Return where the question's public check stops, in Korean, or "" where it does not, or nobody can tell."""
        name = f"checks/{question.id}.py"
        if self._failed or name not in self._files:
            return ""
        try:
            notebook = self._ready()
            notebook.begin_question()
            branch = notebook.branch()
            try:
                allowance = Budget(self._limits).allowance()
                branch.seed(0)
                branch.probe(_PROBE, "stop", (self._files[name].decode(), name), {}, allowance=allowance)
            finally:
                branch.close()
        except StudentError as error:
            return _told(error, question, notebook, self._scene(notebook))
        except (
            GraderError,
            NameMissed,
            UnicodeDecodeError,
        ):  # a machine too busy, a check that kills: then it is told without
            return ""
        return ""

    def close(self) -> dict[str, float]:
        """End the run; returns what it has used, nothing if there was none."""
        return {} if self._notebook is None else self._notebook.close()

    def _ready(self) -> NotebookRun:
        if self._notebook is None:
            self._failed = True
            self._notebook = self._new()
            self._notebook.run()
            self._failed = False
        return self._notebook


def stopped_before(scene: Scene) -> str:
    """Return which cell was stopped, in Korean, for a notebook that is too dear to be run once more; "" if none was.

    Nothing hidden was in a sandbox when its cells ran.
    """
    cell = next((scene.cell_name(run.index) for run in scene.cells if run.status in ("timeout", "died", "memory")), "")
    if not cell:
        return ""
    return f"{cell}의 실행이 중단되어, 그 셀에서 만드는 이름을 쓸 수 없었을 수 있습니다. 그 셀의 안내를 먼저 보세요."


def _told(error: StudentError, question: Question, notebook: NotebookRun, scene: Scene) -> str:
    name = exception_name(error.etype)
    missed = _NAME.search(error.detail) if name in ("NameError", "UnboundLocalError") else None
    if stopped := scene.stopped_with(missed.group(1)) if missed else "":
        return f"{stopped}의 실행이 중단되어, 그 셀에서 만드는 이름을 쓸 수 없었습니다. 그 셀의 안내를 먼저 보세요."
    where = "함수를 실행하는 중 "
    if _is_own(error, question, notebook):
        where = f"{scene.cell_name(error.cell)}의 {error.line}번째 줄에서 "
    return f"{where}{name} 예외가 발생했습니다. {_SEEN} {suspect_of(name, error.detail)}"


def _is_own(error: StudentError, question: Question, notebook: NotebookRun) -> bool:
    """Whether an exception arose in a line of the question's own answer."""
    if error.cell is None or not notebook.answers.holds(error.cell, question.solution_cell):
        return False
    return 1 <= error.line <= notebook.lines_in(error.cell)


def suspect_of(name: str, detail: str) -> str:
    """Return what to look at after an exception; after a RuntimeError only what torch itself named."""
    if name == "RuntimeError":
        return next((said for words, said in _TORCH_SAYS if re.search(words, detail)), _ANYTHING)
    return _SUSPECTS.get(name, _ANYTHING)
