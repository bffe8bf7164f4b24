"""What the service is told by its environment, checked once at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderError
from autograder.grading.runs import Figures
from autograder.integrations.exchange import OwnerCheck

__all__ = ["Settings", "read_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """One course's service.

    Args:
        root: the course folder: ``solutions/``, ``submitted/``, ``autograded/``, ``feedback/``, ``gradebook.db`` and
            ``graded/``, the result folder that the command line and the nbgrader plug-in use too.
        course_id: nbgrader's course id.
        exchange: the exchange's root.
        staff_group: JupyterHub group of those who see the class.
        student_group: JupyterHub group of those who take the course.
        attempts_per_hour: submissions of one student graded within an hour.
        slots: submissions graded at the same time.
        owner_check: see `OwnerCheck`.
        unix_prefix: what unix user names have before JupyterHub's.
        figures: when the outputs of cells are made that are not run before the score.
        prefix: the path below which the service is reached, with a slash at both ends; it stands on receipts.
    """

    root: Path
    course_id: str
    exchange: Path
    staff_group: str
    student_group: str
    attempts_per_hour: int = 20
    slots: int = 1
    owner_check: OwnerCheck = OwnerCheck.AUTO
    unix_prefix: str = ""
    figures: Figures = Figures.AFTER
    prefix: str = "/services/autograder/"

    @property
    def results(self) -> Path:
        """The result folder."""
        return self.root / "graded"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings: ``AUTOGRADER_COURSE_ROOT``, ``_COURSE_ID``, ``_EXCHANGE``, ``_STAFF_GROUP``,
    ``_STUDENT_GROUP``; optional ``_ATTEMPTS_PER_HOUR`` (20), ``_SLOTS`` (cores), ``_OWNER_CHECK`` (auto, on, off),
    ``_FIGURES`` (after, now, never) and ``_UNIX_PREFIX``; and JupyterHub's own ``JUPYTERHUB_SERVICE_PREFIX``.

    Raises:
        GraderError: ``service-setting`` names the variable that is missing or makes no sense.
    """

    def wanted(name: str) -> str:
        value = environment.get(f"AUTOGRADER_{name}", "").strip()
        if not value:
            raise _wrong(name, "값이 없습니다")
        return value

    def count(name: str, default: int) -> int:
        value = environment.get(f"AUTOGRADER_{name}", "").strip() or str(default)
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 10_000:
            raise _wrong(name, "1 이상의 정수여야 합니다")
        return int(value)

    root = Path(wanted("COURSE_ROOT")).absolute()
    if not (root / "solutions").is_dir():
        raise _wrong("COURSE_ROOT", "solutions/가 있는 과목 폴더여야 합니다")
    check = environment.get("AUTOGRADER_OWNER_CHECK", "").strip() or OwnerCheck.AUTO.value
    if check not in set(OwnerCheck):
        raise _wrong("OWNER_CHECK", "auto, on, off 가운데 하나여야 합니다")
    figures = environment.get("AUTOGRADER_FIGURES", "").strip() or Figures.AFTER.value
    if figures not in set(Figures):
        raise _wrong("FIGURES", "after, now, never 가운데 하나여야 합니다")
    return Settings(
        root=root,
        course_id=wanted("COURSE_ID"),
        exchange=Path(wanted("EXCHANGE")).absolute(),
        staff_group=wanted("STAFF_GROUP"),
        student_group=wanted("STUDENT_GROUP"),
        attempts_per_hour=count("ATTEMPTS_PER_HOUR", 20),
        slots=count("SLOTS", len(os.sched_getaffinity(0))),
        owner_check=OwnerCheck(check),
        figures=Figures(figures),
        unix_prefix=environment.get("AUTOGRADER_UNIX_PREFIX", "").strip(),
        prefix=environment.get("JUPYTERHUB_SERVICE_PREFIX", "").strip() or "/services/autograder/",
    )


def _wrong(name: str, why: str) -> GraderError:
    return GraderError(
        "service-setting",
        f"채점 서비스를 시작할 수 없습니다. 환경 변수 AUTOGRADER_{name}: {why}. "
        "JupyterHub 설정의 서비스 항목을 확인하세요.",
    )
