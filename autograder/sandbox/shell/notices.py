"""What a sandbox lacks that a student's own kernel has, in Korean, and how the running cell is told of it.

Owns the sentences and which of them an exception calls for. A library may wrap what the machine refused in three
exceptions of its own, so the chain of causes is searched. Whoever replaces a function that the sandbox refuses marks
the exception (`refusing`); the rest is known by its type and its text. Runs inside the sandbox, on the student's side.
"""

from __future__ import annotations

import errno
import functools
import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

__all__ = [
    "AGAIN",
    "NO_CALL",
    "NO_COMPILER",
    "NO_DEBUGGER",
    "NO_FONT",
    "NO_FORK",
    "NO_GPU",
    "NO_LIMITS",
    "NO_LOCALE",
    "NO_MAGIC",
    "NO_MODULE",
    "NO_NETWORK",
    "NO_PLACE",
    "NO_PROGRAMS",
    "NO_PROGRESS",
    "NO_SCREEN",
    "NO_WORKERS",
    "SKIPPED",
    "THREADS",
    "Absent",
    "answered_by",
    "notice_of",
    "refusing",
    "tell",
]

NO_MODULE = "채점 환경에는 {name} 모듈이 설치되어 있지 않습니다."
NO_NETWORK = "채점 환경에는 네트워크가 없어 접속하거나 내려받을 수 없습니다."
NO_PROGRAMS = "채점 환경에서는 다른 프로그램(subprocess, os.system, os.popen)을 실행할 수 없습니다."
NO_FORK = "채점 환경에서는 os.fork()로 새 프로세스를 만들 수 없습니다."
NO_PLACE = (
    "채점 환경에서는 노트북이 있는 폴더의 파일만 쓸 수 있어 {path}에 접근할 수 없습니다. 상대 경로를 사용해 보세요."
)
NO_CALL = "채점 환경에서는 운영체제의 이 기능을 쓸 수 없습니다."
NO_GPU = "채점 환경에는 GPU가 없습니다. torch.cuda.is_available()로 확인하고 장치를 정해 보세요."
NO_MAGIC = "채점 환경에는 {name} 매직 명령이 없습니다."
NO_COMPILER = (
    "[안내] 채점 환경에는 컴파일러가 없으므로 torch.compile은 함수와 모델을 바꾸지 않고 그대로 돌려줍니다. "
    "점수에는 영향이 없습니다."
)
NO_WORKERS = "[안내] 채점 환경에는 작업자 프로세스가 없으므로 DataLoader의 num_workers={workers} 대신 0을 사용합니다."
THREADS = "[안내] 채점 환경에서는 새 프로세스를 만들 수 없으므로 {name} 대신 스레드를 사용합니다."
NO_PROGRESS = "[안내] 채점 환경에는 tqdm이 설치되어 있지 않으므로 진행 막대 없이 실행합니다."
NO_DEBUGGER = "[안내] 채점 환경에서는 디버거를 쓸 수 없으므로 breakpoint()와 pdb.set_trace()를 건너뜁니다."
NO_LIMITS = "채점 환경의 자원 한도는 resource.setrlimit()으로 바꿀 수 없습니다."
NO_LOCALE = "[안내] 채점 환경에 없는 로캘({name}) 대신 C.UTF-8을 사용합니다."
NO_SCREEN = "[안내] 채점 환경에는 화면이 없으므로 matplotlib의 백엔드 {name} 대신 노트북 안에 그립니다."
NO_FONT = (
    "[안내] 채점 환경에는 이 그림의 글꼴이나 글자가 없어 다른 모양으로 보일 수 있습니다. 점수에는 영향이 없습니다."
)
SKIPPED = "{notice} {line}번째 줄을 건너뛰고 셀의 나머지를 실행합니다."
AGAIN = "{line}번째 줄도 같은 이유로 건너뛰었습니다."

_CHAIN = 8
"""How many exceptions of a chain are looked at."""
_MARK = "_not_in_a_sandbox"
_GPU_WORDS = (
    "Torch not compiled with CUDA enabled",
    "Found no NVIDIA driver",
    "No CUDA GPUs are available",
    "has no attribute '_cuda_",
    "object on a CUDA device but torch.cuda.is_available() is False",
    "not linked with support for mps",
)
_NO_FILE_OF_TORCH = "open file failed with strerror: Permission denied"
"""torch opens a checkpoint by itself and does not say which."""
_NO_FOLDER_OF_TORCH = re.compile(r"Parent directory (/.*) does not exist")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]")
_COLAB = "google.colab"

_teller: Callable[[str], None] | None = None


def answered_by(teller: Callable[[str], None] | None) -> None:
    """State who shows what `tell` is given: the notebook's shell."""
    global _teller
    _teller = teller


def tell(notice: str) -> None:
    """Show a sentence among the outputs of the running cell, once a cell; nothing where no cell runs."""
    if _teller is not None:
        _teller(f"{notice}\n")


def refusing(
    original: Callable[..., Any], refusals: type[Exception] | tuple[type[Exception], ...], notice: str
) -> Callable[..., Any]:
    """Return a function that does what `original` does, and marks a refusal with the sentence it calls for."""

    @functools.wraps(original)
    def marking(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except refusals as error:
            setattr(error, _MARK, notice)
            raise

    return marking


def notice_of(error: BaseException | None, home: str) -> str:
    """Return the sentence that says what the sandbox lacks, if that is why this was raised; else "".

    Args:
        error: what stopped a statement; an interrupt or an exit never is what a sandbox lacks.
        home: the notebook's folder. A path outside of it is named.
    """
    if not isinstance(error, Exception):
        return ""
    try:
        return next(filter(None, (_notice_of_one(each, home) for each in _chain(error))), "")
    except BaseException:  # an exception that raises when it is asked what it is
        return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it came from, a translated one's original included."""
    following: BaseException | None = error
    for _ in range(_CHAIN):
        if following is None:
            return
        yield following
        following = following.__cause__ or following.__context__


def _notice_of_one(error: BaseException, home: str) -> str:
    marked = vars(error).get(_MARK)
    if isinstance(marked, str):
        return marked
    if isinstance(error, ModuleNotFoundError):
        name = _COLAB if error.name == _COLAB.partition(".")[0] else error.name
        return NO_MODULE.format(name=name) if _is_missing(name) else ""
    if isinstance(error, (PermissionError, FileNotFoundError)):
        path = error.filename
        path = os.fsdecode(path) if isinstance(path, (str, bytes)) else ""
        if _ABSOLUTE.match(path) and not f"{path}/".startswith(f"{home}/"):
            return NO_PLACE.format(path=path[:200])
        return NO_CALL if error.errno == errno.EPERM else ""  # what Landlock refuses is EACCES, and a file
    text = str(error)[:1000]
    if type(error).__name__ == "UsageError" and text.startswith("Line magic function `"):
        return NO_MAGIC.format(name=text.split("`")[1])
    if (folder := _NO_FOLDER_OF_TORCH.match(text)) and not f"{folder[1]}/".startswith(f"{home}/"):
        return NO_PLACE.format(path=folder[1][:200])
    if _NO_FILE_OF_TORCH in text:
        return NO_PLACE.format(path="그 밖의 폴더")
    return NO_GPU if any(words in text for words in _GPU_WORDS) else ""


def _is_missing(name: str | None) -> bool:
    """Whether a module is not installed at all; a wrong name in one that is there is the student's own mistake."""
    if not name:
        return False
    if name == _COLAB or name.startswith(f"{_COLAB}."):
        return True
    try:
        return importlib.util.find_spec(name.partition(".")[0]) is None
    except (ImportError, ValueError):
        return True


class Absent:
    """Stands for what a skipped statement should have bound, until something asks it.

    Definitions below that do not use it are as good as ever; whoever uses it gets the same sentence. Special names are
    answered as any object answers them, so that it can be shown and compared.

    Args:
        notice: the sentence.
        failure: what stopped the statement; a missing module is missed again under its own type.
    """

    def __init__(self, notice: str, failure: BaseException | None) -> None:
        self._notice = notice
        self._module = failure.name if isinstance(failure, ModuleNotFoundError) else None

    def _refuse(self) -> Exception:
        error: Exception = RuntimeError(self._notice)
        if self._module is not None:
            error = ModuleNotFoundError(f"No module named {self._module!r}", name=self._module)
        setattr(error, _MARK, self._notice)
        return error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("_notice", "_module"):
            raise AttributeError(name)
        raise self._refuse()

    def _used(self, *_args: Any, **_options: Any) -> Any:
        raise self._refuse()

    __call__ = __getitem__ = __iter__ = __len__ = __enter__ = __mro_entries__ = _used

    def __repr__(self) -> str:
        return f"<{self._notice}>"
