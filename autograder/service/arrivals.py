"""What arrives: folders of the exchange become receipts with a private copy, and copies become submissions to grade.

A student's folder is read once. What is graded is the copy, so that nothing handed in can be changed afterwards.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.errors import GraderError, IntakeError
from autograder.intake import read_notebook, read_source
from autograder.intake.findings import verdict
from autograder.integrations.exchange import Inbound, parse_folder
from autograder.model import Assignment, GradeRecord, Submission
from autograder.service.publish import inbox_of
from autograder.service.receipt import Receipt
from autograder.service.receipts import Receipts, new_ref
from autograder.service.settings import Settings

__all__ = ["Arrivals"]

_log = logging.getLogger(__name__)


class Arrivals:
    """The way in, of one course.

    Args:
        settings: the course.
        receipts: where what arrived is written down.
    """

    def __init__(self, settings: Settings, receipts: Receipts) -> None:
        self.settings = settings
        self.receipts = receipts
        self._inbound = Inbound(settings.exchange, settings.course_id, settings.owner_check, settings.unix_prefix)
        self._known = receipts.folders()

    def sweep(self) -> int:
        """Take what is complete in the exchange and not written down yet; returns how many folders."""
        taken = 0
        for folder in self._inbound.complete(self._known):
            if self._take(folder):
                self._known.add(folder)
                taken += 1
        return taken

    def submission(self, receipt: Receipt, assignment: Assignment) -> Submission:
        """Return what was handed in: from the private copy, or what the ledger's result was made of.

        Raises:
            IntakeError: neither is there any more (``content-missing``).
        """
        copy = inbox_of(self.settings, receipt)
        if copy.is_dir():
            found = next(iter(read_source(copy, assignment)), None) or _nothing(receipt, assignment, copy)
            return replace(found, student=receipt.student, received_at=receipt.received_at, source=receipt.folder)
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

    def drop_unfinished_copies(self) -> None:
        """Delete copies that a killed service left half made, or made and not written down."""
        known = {receipt.ref for receipt in self.receipts.rows()}
        for folder in _folders(self.settings.results / "inbox"):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    def _take(self, folder: str) -> bool:
        claim = parse_folder(folder)
        assert claim is not None
        ref = new_ref()
        inbox = self.settings.results / "inbox"
        partial, place = inbox / f".{ref}", inbox / ref
        try:
            delivery = self._inbound.take(folder, partial / claim.student / claim.assignment)
        except IntakeError as error:
            shutil.rmtree(partial, ignore_errors=True)
            if error.code == "folder-not-ready":
                return False
            # Whose it is has not been established, or it is no one's: only staff are shown it.
            whose = claim.student if error.code == "delivery-too-large" else ""
            self.receipts.add_refused(folder, whose, claim.assignment, error.code, error.message, error.detail)
            _log.warning("refused %s: %s", folder, error)
            return True
        except GraderError as error:  # trouble of ours: it is looked at again
            shutil.rmtree(partial, ignore_errors=True)
            _log.error("%s: %s", folder, error)
            return False
        partial.rename(place)
        self.receipts.add(ref, delivery)
        _log.info("received %s", folder)
        return True

    def _summary(self, receipt: Receipt) -> GradeRecord | None:
        whole = self.receipts.get(receipt.ref)
        return whole.summary if whole else None


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
