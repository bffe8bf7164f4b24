"""Builds the zip that makes Gradescope's autograder platform run this grader for one assignment.

Owns what is in the zip: ``setup.sh`` and ``run_autograder``, the grader and the students' package as a wheel without
any suite, this assignment's suite and master notebook and no other's, pinned requirements, and the course secret, so
that scores are the ones ``autograder grade`` gives. The zip is therefore as secret as the suite. The same inputs give
the same bytes. `gradescope_run` is what runs there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

import autograder
from autograder.catalog import load_assignment, read_master
from autograder.errors import AssignmentError, GraderError
from autograder.grading.folders import private_folder
from autograder.grading.identity import SECRET_VARIABLE, course_secret, grader_version, secret_id
from autograder.grading.ledger import Ledger
from autograder.grading.runs import open_run
from autograder.grading.slots import Slots
from autograder.grading.trial import admit, kept_trial
from autograder.integrations.gradescope_results import VISIBILITIES
from autograder.integrations.gradescope_run import CONFIG, asked_minutes, least_minutes
from autograder.model import Assignment

__all__ = ["Exported", "export_zip", "requirements"]

_DISTRIBUTION = "whydl-course-kit"
_UNUSED = {"nbgrader"}
"""Requirements of the kit that grading does not load."""
_NOT_FOR_CPU = re.compile(r"(nvidia|cuda|triton)\b")
"""What torch asks for on a machine with a GPU; its CPU build has no use for it."""
_SKIPPED = {"autograder": frozenset({"__pycache__", "suites"}), "course": frozenset({"__pycache__", "deploy"})}
_MOMENT = (1980, 1, 1, 0, 0, 0)
_README = """이 압축 파일은 Gradescope의 Programming Assignment > Configure Autograder에 올리는 채점기입니다.

과제: {assignment}

비밀로 다루세요. 숨은 테스트, 원본 노트북의 풀이, 과목 비밀값이 들어 있습니다. 저장소나 강의 자료실에 올리지 마세요.

설정
- 컨테이너: 프로세서 1개, 메모리 {memory} 이상. 기본값(0.5개, 0.75GB)으로는 모자랍니다.
- 시간 제한: {minutes}분. 채점기가 이 시간에 맞추어 끝나므로 Gradescope에도 같은 값을 설정하세요.
- 배점(Autograder Points): {points}점. 서술 문항({manual}점)은 Manual Grading으로 따로 채점하세요.
- 제출 횟수를 제한하세요. 여러 번 제출하며 숨은 테스트의 결과를 살피는 것은 채점기가 막지 못합니다.
"""

_MEMORY = "3GB"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Args:
        path: the zip.
        assignment: its assignment.
        minutes: the time limit it is made for.
        memory: the container it needs.
        new_secret: no course secret was there: one was made, in `secret_path`.
        secret_path: where the secret came from, or None if from the environment.
    """

    path: Path
    assignment: Assignment
    minutes: int
    memory: str
    new_secret: bool
    secret_path: Path | None

    def to_dict(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "assignment": self.assignment.id,
            "path": str(self.path),
            "minutes": self.minutes,
            "memory": self.memory,
            "new_secret": self.new_secret,
        }

    @property
    def notes(self) -> tuple[str, ...]:
        """Korean sentences for whoever uploads it: what it holds, what it needs, what is not promised there."""
        made = "과목 비밀값이 없어 새로 만들었습니다. 이 값으로 채점한 점수만 서로 비교할 수 있으니 보관하세요."
        questions = [q for q in self.assignment.questions if q.manual]
        by_hand = ", ".join(q.title for q in questions)
        return (
            "이 파일은 숨은 테스트와 같은 수준의 비밀입니다. 테스트, 원본 노트북, 과목 비밀값이 들어 있습니다.",
            *((f"{made} ({self.secret_path})",) if self.new_secret else ()),
            f"Gradescope 설정: 컨테이너 메모리 {self.memory} 이상, 프로세서 1개 이상, 시간 제한 {self.minutes}분, "
            f"배점 {self.assignment.points:g}점.",
            *((f"자동 채점하지 않는 문항은 Gradescope에서 직접 채점하세요: {by_hand}.",) if questions else ()),
            *(("GPU가 없으므로 GPU 배지는 채점하지 않습니다.",) if self.assignment.runner == "gpu" else ()),
            "Gradescope에서 보장하지 못하는 것:",
            "- 채점기, 테스트, 비밀값, 결과 파일이 학생 코드와 한 컨테이너에 있습니다. 학생 코드는 Landlock과 "
            "seccomp로 가두며, 컨테이너가 이를 허용하지 않으면 채점하지 않고 조교가 채점하라고 표시합니다.",
            "- 컨테이너 전체의 메모리와 시간은 Gradescope가 정합니다. 넘으면 끝난 문항까지의 부분 결과만 남습니다.",
            "- 제출 횟수는 Gradescope에서 제한하세요. 점수를 보며 여러 번 시도하는 것을 채점기가 막지 못합니다.",
        )


def export_zip(
    assignment_id: str,
    root: Path | None,
    output: Path,
    *,
    out: Path = Path("graded"),
    secret: Path | None = None,
    visibility: str = "visible",
    minutes: int | None = None,
) -> Exported:
    """Write the zip for one assignment.

    Args:
        assignment_id: the assignment.
        root: the course folder with ``solutions/``, or None to find it from the working directory.
        output: the zip's path, or a folder to write ``ID-gradescope.zip`` into.
        out: the result folder, whose course secret is used where `secret` names no other; made if there is none.
        secret: a file that holds the course secret, or a result folder that has one.
        visibility: when students see hidden tests' titles and hints, one of Gradescope's words.
        minutes: the container's time limit, as set at Gradescope; None for what the assignment's limits ask for.

    Raises:
        AssignmentError: the assignment or its master notebook cannot be used, or the instructor's own answers do not
            pass the suite; see `autograder.grading.trial.admit`.
        GraderError: ``secret-missing``, ``secret-invalid``, ``minutes-too-few``, ``output-unwritable``.
    """
    assignment = load_assignment(assignment_id, root)
    read_master(assignment)
    if visibility not in VISIBILITIES:
        raise ValueError(visibility)
    minutes = asked_minutes(assignment) if minutes is None else minutes
    if minutes < (least := least_minutes(assignment)):
        message = f"이 과제는 시간 제한이 {least}분 이상이어야 합니다. 학생의 코드가 쓸 수 있는 시간보다 짧습니다."
        raise GraderError("minutes-too-few", message, detail=f"{minutes} < {least}")
    value, origin, new = _secret(out, secret)
    _try_suite(assignment, value, origin.parent if origin else out)
    path = output / f"{assignment.id}-gradescope.zip" if output.is_dir() or not output.suffix else output
    content = _archive(_content(assignment, value, visibility, minutes))
    try:
        private_folder(path.parent)
        _write_private(path, content)
    except OSError as error:
        message = "압축 파일을 쓸 수 없습니다. 경로와 권한을 확인하세요."
        raise GraderError("output-unwritable", message, detail=str(error)) from error
    return Exported(path, assignment, minutes, _MEMORY, new, origin)


def requirements(names: Iterable[str]) -> list[str]:
    """Return ``name==version`` for these distributions and all they need, as they are installed here, sorted.

    Raises:
        GraderError: one of them is not installed (``requirement-missing``).
    """
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pinned: dict[str, str] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(name, frozenset()) for name in names]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        key = canonicalize_name(name)
        if (key, extras) in seen or _NOT_FOR_CPU.match(key):
            continue
        seen.add((key, extras))
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError as error:
            message = f"'{name}' 패키지가 설치되어 있지 않아 버전을 정할 수 없습니다. 채점기를 다시 설치하세요."
            raise GraderError("requirement-missing", message, detail=name) from error
        pinned[key] = found.version.partition("+")[0]
        for text in found.requires or ():
            needed = Requirement(text)
            wanted = needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})
            )
            if wanted:
                waiting.append((needed.name, frozenset(needed.extras)))
    return [f"{name}=={version}" for name, version in sorted(pinned.items())]


def _try_suite(assignment: Assignment, secret: bytes, folder: Path) -> None:
    """Raise if the suite may not grade; in the container it would be every student's zero, and nobody near to see."""
    kept = kept_trial(folder, assignment, secret)
    if kept is not None and kept.passed:
        return
    count = len(os.sched_getaffinity(0))
    with closing(Ledger("sqlite://")) as unused, Slots(count) as slots, ThreadPoolExecutor(count) as executor:
        admit(open_run(assignment, unused, secret), folder, executor, slots.grade, parts=count, again=True)


def _secret(out: Path, given: Path | None) -> tuple[bytes, Path | None, bool]:
    """Return the course secret, the file it is from, and whether it was made just now."""
    if given is None:
        if os.environ.get(SECRET_VARIABLE, "").strip():
            return course_secret(out), None, False
        new = not (out / "secret").exists()
        return course_secret(out), out / "secret", new
    path = given / "secret" if given.is_dir() else given
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = "과목 비밀값 파일을 읽을 수 없습니다. --secret에 파일이나 채점 결과 폴더를 지정하세요."
        raise GraderError("secret-missing", message, detail=str(error)) from error
    if len(value) < 16:
        raise GraderError("secret-invalid", "과목 비밀값이 너무 짧습니다. 16자 이상이어야 합니다.", detail=str(path))
    return value.encode(), path, False


def _content(assignment: Assignment, secret: bytes, visibility: str, minutes: int) -> dict[str, bytes]:
    """Return the zip's files by name."""
    assert assignment.master is not None
    package = Path(autograder.__file__).parent
    own = metadata.distribution(_DISTRIBUTION).requires or []
    direct = {re.split(r"[\s<>=!~;\[]", text, maxsplit=1)[0] for text in own if "extra ==" not in text} - _UNUSED
    pins = requirements(sorted(direct))
    torch = next((pin for pin in pins if pin.startswith("torch==")), None)
    if torch is None:
        raise AssignmentError("requirement-missing", "torch가 설치되어 있지 않습니다. 채점기를 다시 설치하세요.")
    name, wheel = _wheel({"autograder": package, "course": _course_package()})
    config = {
        "assignment": assignment.id,
        "suite_hash": assignment.suite_hash,
        "grader_version": grader_version(),
        "secret_id": secret_id(secret),
        "visibility": visibility,
        "minutes": minutes,
    }
    templates = files("autograder.integrations") / "gradescope_files"
    readme = _README.format(
        assignment=f"{assignment.id} ({assignment.title})",
        memory=_MEMORY,
        minutes=minutes,
        points=f"{assignment.points:g}",
        manual=f"{assignment.manual_points:g}",
    )
    return {
        "setup.sh": (templates / "setup.sh").read_bytes(),
        "run_autograder": (templates / "run_autograder").read_bytes(),
        "README.txt": readme.encode(),
        CONFIG: (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode(),
        "secret": secret + b"\n",
        "torch.txt": f"{torch}\n".encode(),
        "requirements.txt": "".join(f"{pin}\n" for pin in pins if pin != torch).encode(),
        name: wheel,
        **_tree(f"suites/{assignment.id}", assignment.suite_dir, frozenset({"__pycache__"})),
        **_tree(f"solutions/{assignment.id}", assignment.master.parent, frozenset({"__pycache__"})),
    }


def _course_package() -> Path:
    import course

    return Path(course.__file__).parent


def _wheel(packages: Mapping[str, Path]) -> tuple[str, bytes]:
    """Return name and bytes of a wheel of these packages, without suites and without requirements of its own."""
    version = autograder.__version__
    stem = f"{_DISTRIBUTION.replace('-', '_')}-{version}"
    content: dict[str, bytes] = {}
    for name, folder in packages.items():
        content |= _tree(name, folder, _SKIPPED[name])
    info = f"{stem}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {_DISTRIBUTION}\nVersion: {version}\nRequires-Python: >=3.11\n"
    content[f"{info}/METADATA"] = about.encode()
    content[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in content.items()]
    content[f"{info}/RECORD"] = "".join(f"{line}\n" for line in [*lines, f"{info}/RECORD,,"]).encode()
    return f"{stem}-py3-none-any.whl", _archive(content)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _tree(prefix: str, folder: Path, skipped: frozenset[str]) -> dict[str, bytes]:
    """Return the files below a folder by name, hidden ones and `skipped` folders left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not skipped & set(parts) and not any(part.startswith(".") for part in parts):
            found["/".join((prefix, *parts))] = path.read_bytes()
    return found


def _archive(content: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files whose bytes depend on nothing else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = 3
            mode = 0o755 if name in ("setup.sh", "run_autograder") else 0o600 if name == "secret" else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content[name], zipfile.ZIP_DEFLATED, 6)
    return buffer.getvalue()


def _write_private(path: Path, content: bytes) -> None:
    """Write whole or not at all, readable by its owner only."""
    descriptor, name = tempfile.mkstemp(prefix=".gradescope-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
