"""Owns when a submission was received, as its source tells it.

``timestamp.txt`` is believed only where nbgrader's collect wrote it, in a course's folders on this disk: in an upload
it is a file like any other, which the student may have written. There the time counts that the learning-management
system wrote into the name, or the archive's or the file's own. A wrong time is no reason to refuse: it is noted.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from autograder.intake.entries import Entry, EntryError
from autograder.intake.findings import Findings

__all__ = ["attempt_time", "parse_timestamp", "received"]

TOLERANCE = timedelta(minutes=5)
"""Two clocks that differ by less are the same: an upload takes minutes, and zip keeps times of two seconds."""

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,6})?\d*\s*(Z|UTC|GMT|KST|[+-]\d{2}:?\d{2})?\Z", re.ASCII
)
_TIMESTAMP_BYTES = 256


def received(
    files: tuple[Entry, ...], graded: Entry | None, attempt: str, findings: Findings, *, collected: bool, now: datetime
) -> str:
    """Return the time of receipt, ISO 8601 with offset, or an empty text if nothing tells it.

    Args:
        files: what the student handed in.
        graded: the notebook that is graded; None if there is none, then the newest file counts.
        attempt: Blackboard's time in the name, or empty.
        findings: takes ``timestamp-invalid`` and ``clock-differs``.
        collected: the files stand where nbgrader's collect or submit put them.
        now: a later time is noted.
    """
    stamp = next((entry for entry in files if entry.name == "timestamp.txt"), None)
    if collected:
        # nbgrader's folders without a time are never late for nbgrader; a copy's mtime must not make them so.
        return _stated(stamp, findings) if stamp is not None else ""

    moment = attempt_time(attempt)
    if moment is None:
        work = [graded] if graded is not None else [entry for entry in files if entry is not stamp]
        times = [entry.modified for entry in work if entry.modified is not None]
        moment = _moment(max(times)) if times else None
    if moment is None:
        return ""

    stated = None if stamp is None else parse_timestamp(_text(stamp))
    if stated is not None and abs(datetime.fromisoformat(stated) - moment) > TOLERANCE:
        findings.add("clock-differs", time=f"{moment:%Y-%m-%d %H:%M} UTC", detail=f"timestamp.txt: {stated}")
    elif moment > now + TOLERANCE:
        findings.add("clock-differs", time=f"{moment:%Y-%m-%d %H:%M} UTC", detail=f"in the future: {moment}")
    return moment.isoformat()


def parse_timestamp(text: str) -> str | None:
    """Return nbgrader's ``timestamp.txt`` as ISO 8601 with offset, or None if it is not one.

    nbgrader writes ``2026-01-01 10:00:00.000000 UTC``; a time without a zone is UTC, as nbgrader reads it.
    """
    match = _TIMESTAMP.match(text.strip())
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{(fraction or '').ljust(7, '0') if fraction else ''}")
        return moment.replace(tzinfo=_zone(zone)).isoformat()
    except ValueError:
        return None


def attempt_time(text: str) -> datetime | None:
    """Return Blackboard's ``2026-11-20-10-00-00`` in UTC; it states no zone and is read in this machine's."""
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _stated(stamp: Entry, findings: Findings) -> str:
    try:
        text = stamp.read(_TIMESTAMP_BYTES).decode("utf-8-sig", "replace")
    except EntryError as error:
        findings.add("timestamp-invalid", detail=f"{error.code}: {error.detail}")
        return ""
    moment = parse_timestamp(text)
    if moment is None:
        findings.add("timestamp-invalid", detail=repr(text[:80]))
    return moment or ""


def _text(stamp: Entry) -> str:
    try:
        return stamp.read(_TIMESTAMP_BYTES).decode("utf-8-sig", "replace")
    except EntryError:
        return ""


def _moment(seconds: float) -> datetime | None:
    try:
        # Whole seconds: the ledger compares times as text.
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(stated: str | None) -> timezone:
    if stated is None or stated in ("Z", "UTC", "GMT"):
        return UTC
    if stated == "KST":
        return timezone(timedelta(hours=9))
    offset = timedelta(hours=int(stated[1:3]), minutes=int(stated[-2:]))
    return timezone(-offset if stated[0] == "-" else offset)
