"""What a course says of itself: its name for people and its time zone, in ``course.toml`` of the course folder.

Owns that file, and how a time is shown: always in the course's zone and with the zone's name. The file is read anew at
every asking; a course without one is in Korea.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib.util
import os
import time
import tomllib
import zoneinfo
from pathlib import Path

import msgspec

from autograder.errors import AssignmentError
from autograder.korean import fill
from autograder.toml_lines import toml_lines

__all__ = [
    "COURSE_FILE",
    "DEFAULT_TIMEZONE",
    "CourseFile",
    "course_timezone",
    "live_at",
    "live_in",
    "read_course_file",
    "table_time",
    "time_words",
]

COURSE_FILE = "course.toml"
DEFAULT_TIMEZONE = "Asia/Seoul"
_SYSTEM_ZONES = Path("/usr/share/zoneinfo")


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file.

    Args:
        title: what people read where the course is named; the course id if empty.
        timezone: IANA name of the zone in which times are meant and shown.
    """

    title: str = ""
    timezone: str = DEFAULT_TIMEZONE


def read_course_file(root: Path | None) -> CourseFile:
    """Return what a course folder says, the defaults for a folder without the file or no folder at all.

    Raises:
        AssignmentError: the file cannot be read or says what cannot be (``course-file-invalid``; the message names the
            line).
    """
    path = None if root is None else root / COURSE_FILE
    if path is None or not path.is_file():
        return CourseFile()
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise _wrong("읽을 수 없습니다. UTF-8로 저장한 TOML 파일이어야 합니다", str(error)) from error
    try:
        found = msgspec.convert(values, CourseFile)
    except msgspec.ValidationError as error:
        unknown = sorted(set(values) - set(CourseFile.__struct_fields__))
        place = toml_lines(text).line(unknown[0]) if unknown else 0
        what = (
            fill("'{name}'{name:이라는/라는} 설정은 없습니다", name=unknown[0])
            if unknown
            else "설정의 값은 모두 문자열이어야 합니다"
        )
        raise _wrong((f"{place}번째 줄: " if place else "") + what, str(error)) from error
    if found.timezone not in _zones():
        line = toml_lines(text).line("timezone")
        raise _wrong(
            fill(
                "{line}번째 줄: 시간대 '{zone}'{zone:은/는} 없습니다. 'Asia/Seoul'처럼 적으세요",
                line=line,
                zone=found.timezone,
            ),
            found.timezone,
        )
    return found


def course_timezone(root: Path | None) -> str:
    """Return the zone of a course, the default where its file is wrong: for showing what has to be shown anyway."""
    try:
        return read_course_file(root).timezone
    except AssignmentError:
        return DEFAULT_TIMEZONE


def time_words(stamp: str | float, timezone: str = DEFAULT_TIMEZONE) -> str:
    """Return a time as a sentence has it, "11월 30일 23:59 KST", with the year if it is not this one; "" for none.

    Args:
        stamp: ISO 8601, in UTC if it states no offset, or seconds since the epoch.
        timezone: IANA name of the zone it is shown in.
    """
    then = _moment(stamp, timezone)
    if then is None:
        return ""
    year = "" if then.year == dt.datetime.now(then.tzinfo).year else f"{then.year}년 "
    return f"{year}{then.month}월 {then.day}일 {then:%H:%M} {_zone_name(then)}"


def table_time(stamp: str | float, timezone: str = DEFAULT_TIMEZONE) -> str:
    """Return a time as tables and files have it, "2026-11-30 23:59:00 KST"; "" for none. Arguments as `time_words`."""
    then = _moment(stamp, timezone)
    return "" if then is None else f"{then:%Y-%m-%d %H:%M:%S} {_zone_name(then)}"


def live_at(root: Path | None) -> None:
    """Let this process live in its course's zone; a wrong file is told by whatever needs it, and changes nothing here.

    Where the course says nothing and ``TZ`` does, that holds: it is how a zip's own time is read.
    """
    if os.environ.get("TZ") and not (root and (root / COURSE_FILE).is_file()):
        return
    with contextlib.suppress(AssignmentError):
        live_in(read_course_file(root).timezone)


def live_in(timezone: str) -> None:
    """Let this process and its children have their local time in a zone: log lines, and times that state no zone."""
    place = timezone
    if not (_SYSTEM_ZONES / timezone).is_file():  # a slim container: glibc would silently take UTC
        package = importlib.util.find_spec("tzdata")
        folder = Path(package.origin).parent if package and package.origin else None
        if folder and (folder / "zoneinfo" / timezone).is_file():
            place = f":{folder / 'zoneinfo' / timezone}"
    os.environ["TZ"] = place
    time.tzset()


@functools.cache
def _zones() -> set[str]:
    """Return the names of all zones; asking the system reads hundreds of files."""
    return zoneinfo.available_timezones()


def _moment(stamp: str | float, timezone: str) -> dt.datetime | None:
    zone = zoneinfo.ZoneInfo(timezone)
    try:
        if not isinstance(stamp, str):
            return dt.datetime.fromtimestamp(stamp, zone)
        then = dt.datetime.fromisoformat(stamp)
        return (then if then.tzinfo else then.replace(tzinfo=dt.UTC)).astimezone(zone)
    except (ValueError, OverflowError, OSError):
        return None


def _zone_name(then: dt.datetime) -> str:
    name = then.tzname() or "UTC"
    return name if name.isalpha() else f"UTC{name}"


def _wrong(what: str, detail: str) -> AssignmentError:
    return AssignmentError("course-file-invalid", f"과목 폴더의 {COURSE_FILE} {what}.", detail=detail)
