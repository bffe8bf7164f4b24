"""The views of a whole class in a result folder, made anew from the ledger: grades.csv, reports, notices."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from autograder.catalog import course_root, load_assignment
from autograder.grading.answers import read_answers
from autograder.grading.ledger import Ledger
from autograder.grading.notices import Notice, class_notices, template_digest, write_notices
from autograder.grading.records import file_stem, write_atomically
from autograder.grading.whose import current_records
from autograder.model import GradeRecord

__all__ = ["write_class_views"]


def write_class_views(out: Path, ledger: Ledger, root: Path | None = None) -> dict[str, list[Notice]]:
    """Write grades.csv and the class reports from the ledger: each student's latest submission of each assignment.

    Returns what staff should see of the class, by assignment; it is in the reports and in ``notices.json`` too.
    """
    from autograder.report import class_report_html, course_report_html, grades_csv
    from autograder.report.class_report import Links

    graded = [load_assignment(i, root) for i in ledger.assignments()]
    answers = read_answers(out)
    records = {a.id: current_records(ledger, a.id, answers) for a in graded}
    _drop_superseded(out, ledger, records)
    everybody = {record.student for own in records.values() for record in own}
    base = root or course_root()
    notices = {
        a.id: class_notices(
            records[a.id], a, names=everybody, template=template_digest(a, base) if base is not None else None
        )
        for a in graded
    }
    write_notices(out, notices)
    write_atomically(out / "grades.csv", grades_csv([r for rs in records.values() for r in rs], graded))
    names = {a.id: "report.html" if len(graded) == 1 else f"report-{a.id}.html" for a in graded}

    def links(record: GradeRecord) -> Links:
        stem = quote(file_stem(record.student, record.assignment))
        return Links(f"feedback/{stem}.html", f"records/{stem}.json")

    several = len(graded) > 1
    if several:
        addresses = {assignment: quote(name) for assignment, name in names.items()}
        page = course_report_html(records, graded, addresses, feedback=lambda record: links(record).feedback)
        write_atomically(out / "report.html", page)
    for assignment in graded:
        page = class_report_html(
            records[assignment.id],
            assignment,
            notices=notices[assignment.id],
            record_path=lambda r: str(out / "records" / f"{file_stem(r.student, r.assignment)}.json"),
            links=links,
            course="report.html" if several else "",
        )
        write_atomically(out / names[assignment.id], page)
    return notices


def _drop_superseded(out: Path, ledger: Ledger, records: dict[str, list[GradeRecord]]) -> None:
    """Delete the files of names whose work is another student's by now; the ledger keeps their records."""
    for assignment, current in records.items():
        shown = {record.student for record in current}
        for student in {student for student, _, _ in ledger.works(assignment)} - shown:
            stem = file_stem(student, assignment)
            (out / "records" / f"{stem}.json").unlink(missing_ok=True)
            (out / "feedback" / f"{stem}.html").unlink(missing_ok=True)
