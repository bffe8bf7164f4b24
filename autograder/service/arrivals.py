"""What arrives: folders of the exchange become receipts with a private copy, and copies become submissions to grade.

A student's folder is read once. What is graded is the copy, so that nothing handed in can be changed afterwards. Only
what is released is taken; of several folders of one student for one assignment only the newest is copied. Whoever hands
in much delays nobody: everybody's folders are taken in turns, and each has a bound of their own (`_Bound`).
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment_file import read_assignment_file
from autograder.catalog import suites_dir
from autograder.errors import AssignmentError, GraderError, IntakeError
from autograder.intake import read_notebook, read_source
from autograder.intake.findings import verdict
from autograder.integrations.exchange import Complete, Delivery, Inbound, Wanted
from autograder.model import Assignment, GradeRecord, Submission
from autograder.service.publish import inbox_of
from autograder.service.receipt import UNRELEASED, Receipt, ReceiptState
from autograder.service.receipts import Receipts, new_ref
from autograder.service.settings import Settings
from autograder.sinks.log import logger

__all__ = ["Arrivals"]

_log = logger(__name__)
_BUDGET_SECONDS = 1.0
"""Of one sweep; then the exchange is looked at anew, so that who has just come has a turn."""
_YOUNG_SECONDS = 60.0
"""A folder that is not complete is looked at in every sweep so long, then in one of `_SELDOM`."""
_SELDOM = 20
_AT_ONCE = 8
"""Folders of one student that are each written down and answered with a receipt, one after the other; of more at the
same time the older ones are written down together, and wait for no answer of their own."""
_TOGETHER = 100
"""Folders that are written down together in one student's turn; more of them have the next turns."""
_BURST = 8.0
"""What one student may take of the sweeps at once, in folders; it grows again by one a second."""
_FOLDER_BYTES = 4 * 2**20
"""So many bytes count as one folder more."""


class Arrivals:
    """The way in, of one course.

    Args:
        settings: the course.
        receipts: where what arrived is written down.
        announce: told the ref of each new receipt and names of files that were not wanted, once it is written down.
    """

    def __init__(
        self,
        settings: Settings,
        receipts: Receipts,
        announce: Callable[[str, Sequence[str]], None] = lambda _ref, _left: None,
    ) -> None:
        self.settings = settings
        self.receipts = receipts
        self.unfinished = False
        self._announce = announce
        self._inbound = Inbound(settings.exchange, settings.course_id, settings.owner_check, settings.unix_prefix)
        self._known = receipts.folders()
        self._bounds: defaultdict[str, _Bound] = defaultdict(_Bound)
        self._incomplete: dict[str, float] = {}
        self._replaced: set[str] = set()
        self._sweeps = 0

    def sweep(self) -> int:
        """Take what is complete in the exchange and not written down yet; returns how many folders.

        `unfinished` says afterwards whether time was up before everything was looked at.
        """
        begun = time.monotonic()
        self.unfinished = False
        lanes = self._lanes()
        released = self._inbound.released() if lanes else frozenset()
        taken = 0
        while lanes:
            for lane in list(lanes):
                works = lanes[lane]
                if not self._bounds[lane].free():
                    del lanes[lane]
                    continue
                taken += self._work(works.popleft(), released)
                if not works:
                    del lanes[lane]
            if time.monotonic() - begun > _BUDGET_SECONDS:  # after everybody's turn
                break
        self.unfinished = bool(lanes)
        return taken

    def take_released(self) -> None:
        """Take what was handed in for an assignment before it was released, once it is."""
        codes = (UNRELEASED, "assignment-unknown")
        waiting = [r for r in self.receipts.rows(states=(ReceiptState.REFUSED,)) if r.code in codes]
        released = self._inbound.released() if waiting else frozenset()
        done: set[tuple[str, str]] = set()
        for receipt in waiting:  # newest first
            key = receipt.student, receipt.assignment
            if receipt.assignment in released and key not in done and not inbox_of(self.settings, receipt).is_dir():
                delivery = self._copied(receipt.folder, receipt.ref, receipt.assignment)
                if isinstance(delivery, Delivery):
                    done.add(key)
                    self._drop(self.receipts.admit(receipt, delivery))
                    self._announce(receipt.ref, delivery.left)
                elif delivery is not None:
                    self.receipts.refuse(receipt, delivery.code, delivery.message, delivery.detail)

    def submission(self, receipt: Receipt, assignment: Assignment) -> Submission:
        """Return what was handed in: from the private copy, or what the ledger's result was made of.

        Raises:
            IntakeError: neither is there any more (``content-missing``).
        """
        copied = self.read_copy(self.settings, receipt, assignment)
        if copied is not None:
            return replace(copied, student=receipt.student, received_at=receipt.received_at, source=receipt.folder)
        record = receipt.summary or self._summary(receipt)
        stored = self.settings.results / "submissions" / f"{record.digest if record else ''}.ipynb"
        if record is None or not stored.is_file():
            raise IntakeError(
                "content-missing", "다시 채점할 제출물의 내용이 남아 있지 않습니다.", detail=receipt.folder
            )
        notebook, verdicts = read_notebook(stored.read_bytes())
        return Submission(
            student=record.student,
            assignment=assignment.id,
            digest=record.digest,
            notebook=notebook,
            source=record.source,
            received_at=record.received_at,
            verdicts=verdicts,
        )

    @staticmethod
    def read_copy(settings: Settings, receipt: Receipt, assignment: Assignment) -> Submission | None:
        """Return what intake reads in the private copy, its source the copy's file; None if there is no copy."""
        copy = inbox_of(settings, receipt)
        if not copy.is_dir():
            return None
        return next(iter(read_source(copy, assignment)), None) or _nothing(receipt, assignment, copy)

    def drop_unfinished_copies(self) -> None:
        """Delete copies that a killed service left half made, or made and not written down."""
        known = {receipt.ref for receipt in self.receipts.rows()}
        for folder in _folders(self.settings.results / "inbox"):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def _lanes(self) -> dict[str, deque[list[Complete]]]:
        """Return whose complete folders there are, by student the works of each, of every work the folders.

        Students in the order in which they came, a work's folders newest first.
        """
        self._sweeps += 1
        now = time.monotonic()
        names = self._inbound.names(self._known)
        still: dict[str, float] = {}
        works: dict[tuple[str, str, str, bool], list[Complete]] = {}
        for name in names:
            since = self._incomplete.get(name, now)
            old = now - since > _YOUNG_SECONDS
            found = None if old and self._sweeps % _SELDOM else self._inbound.look(name)
            if found is None:
                still[name] = since
            else:
                claim, replaced = found.claim, name in self._replaced
                works.setdefault((found.lane, claim.student, claim.assignment, replaced), []).append(found)
        self._incomplete = still
        for folders in works.values():
            folders.sort(key=lambda folder: folder.order, reverse=True)
        lanes: dict[str, deque[list[Complete]]] = {}
        for (lane, *_), folders in sorted(works.items(), key=lambda work: work[1][-1].changed):
            lanes.setdefault(lane, deque()).append(folders)
        return lanes

    def _work(self, folders: list[Complete], released: frozenset[str]) -> int:
        """Take the newest folder of a work that can be taken; returns how many folders are written down."""
        claim, lane = folders[0].claim, folders[0].lane
        if folders[0].name in self._replaced:
            self._bounds[lane].use()
            return self._pass_over(folders)
        if claim.assignment not in released:
            return self._refuse_unreleased(folders[:_TOGETHER])
        done = 0
        for place, folder in enumerate(folders[:_AT_ONCE]):
            ref = new_ref()
            delivery = self._copied(folder.name, ref, claim.assignment)
            self._bounds[lane].use()
            if delivery is None:
                continue  # it is looked at again
            done += 1
            if isinstance(delivery, Delivery):
                self._bounds[lane].use(self._size(delivery, ref))
                superseded = self.receipts.add(ref, delivery)
                self._known.add(folder.name)
                self._drop(superseded)
                _log.info("received %s", folder.name)
                self._announce(ref, delivery.left)
                return done + self._pass_over(folders[place + 1 :])
            self._known.add(folder.name)
        return done

    def _pass_over(self, folders: list[Complete]) -> int:
        """Write down folders that a later one of the same work replaces, so many as have a turn together."""
        self._replaced.update(folder.name for folder in folders[_TOGETHER:])
        folders = folders[:_TOGETHER]
        seen = list(self._seen(folders))
        self.receipts.add_superseded(seen)
        self._known.update(folder.name for folder in folders)
        self._replaced.difference_update(folder.name for folder in folders)
        for delivery in seen[:_AT_ONCE]:
            self._announce_folder(delivery.folder)
        return len(folders)

    def _refuse_unreleased(self, folders: list[Complete]) -> int:
        assignment, lane = folders[0].claim.assignment, folders[0].lane
        seen = list(self._seen(folders))
        known = (suites_dir() / assignment / "assignment.toml").is_file()
        code = UNRELEASED if known else "assignment-unknown"
        reason = (
            f"'{assignment}' 과제는 아직 배포되지 않았습니다. 배포되면 저절로 받아 채점합니다."
            if known
            else f"'{assignment}' 과제를 찾을 수 없습니다. 과제가 등록되면 자동으로 채점합니다."
        )
        self._bounds[lane].use()
        refs = self.receipts.add_unwanted(seen, code, reason)
        self._known.update(folder.name for folder in folders)
        for ref in refs[:_AT_ONCE]:
            self._announce(ref, ())
        _log.warning("refused %s and %d more: %s", folders[0].name, len(folders) - 1, code)
        return len(folders)

    def _seen(self, folders: list[Complete]) -> Iterator[Delivery]:
        """Yield what is known of folders that are not copied; those that are not whose they say are refused."""
        for folder in folders:
            try:
                yield self._inbound.peek(folder.name)
            except IntakeError as error:
                self._refuse(folder.name, folder.claim.assignment, error)

    def _copied(self, folder: str, ref: str, assignment: str) -> Delivery | IntakeError | None:
        """Copy a folder into the inbox; return why it was refused instead, or None where it is to be looked at again.

        A refusal is written down.
        """
        inbox = self.settings.results / "inbox"
        partial, place = inbox / f".{ref}", inbox / ref
        student = folder.partition("+")[0]
        try:
            delivery = self._inbound.take(folder, partial / student / assignment, _wanted(assignment))
        except IntakeError as error:
            shutil.rmtree(partial, ignore_errors=True)
            if error.code == "folder-not-ready":
                return None
            self._refuse(folder, assignment, error)
            return error
        except GraderError as error:  # trouble of ours: it is looked at again
            shutil.rmtree(partial, ignore_errors=True)
            _log.error("%s: %s", folder, error)
            return None
        partial.rename(place)
        return delivery

    def _refuse(self, folder: str, assignment: str, error: IntakeError) -> None:
        _log.warning("refused %s: %s", folder, error)
        if error.code == "delivery-too-large":  # whose it is has been established: its student is told
            try:
                refs = self.receipts.add_unwanted([self._inbound.peek(folder)], error.code, error.message)
            except IntakeError:
                pass
            else:
                self._announce(refs[0], ())
                return
        # Whose it is has not been established, or it is no one's: only staff are shown it.
        self.receipts.add_refused(folder, "", assignment, error.code, error.message, error.detail)

    def _announce_folder(self, folder: str) -> None:
        receipt = self.receipts.of_folder(folder)
        if receipt is not None:
            self._announce(receipt.ref, ())

    def _size(self, delivery: Delivery, ref: str) -> float:
        copy = self.settings.results / "inbox" / ref / delivery.student / delivery.assignment
        return sum((copy / name).stat().st_size for name in delivery.files) / _FOLDER_BYTES

    def _drop(self, superseded: Sequence[Receipt]) -> None:
        """Delete the copies of what will not be graded; the originals stay in the exchange."""
        for receipt in superseded:
            shutil.rmtree(self.settings.results / "inbox" / receipt.ref, ignore_errors=True)

    def _summary(self, receipt: Receipt) -> GradeRecord | None:
        whole = self.receipts.get(receipt.ref)
        return whole.summary if whole else None


@dataclass(slots=True)
class _Bound:
    """What one student may still take of the sweeps: a bucket of folders that fills by one a second."""

    left: float = _BURST
    at: float = 0.0

    def free(self) -> bool:
        now = time.monotonic()
        self.left = min(_BURST, self.left + (now - self.at))
        self.at = now
        return self.left >= 1.0

    def use(self, folders: float = 1.0) -> None:
        self.left -= folders


def _wanted(assignment: str) -> Wanted:
    """Return what an assignment takes; of one whose file is wrong only the notebooks, whatever they are called."""
    try:
        content = read_assignment_file(suites_dir() / assignment / "assignment.toml")
    except AssignmentError:
        return Wanted()
    return Wanted(content.notebook, content.extra_files)


def _nothing(receipt: Receipt, assignment: Assignment, copy: Path) -> Submission:
    """Return the submission that a folder without any notebook is."""
    names = ", ".join(sorted(path.name for path in copy.iterdir()))
    return Submission(
        student=receipt.student,
        assignment=assignment.id,
        digest=hashlib.sha256(f"nothing\n{names}".encode()).hexdigest(),
        notebook=None,
        source=receipt.folder,
        verdicts=(verdict("notebook-missing", expected=assignment.notebook, detail=names),),
    )


def _folders(path: Path) -> Iterator[Path]:
    return (p for p in path.iterdir() if p.is_dir()) if path.is_dir() else iter(())
