"""Reports: what people read of grade records. Feedback for a student, a class report and a CSV for staff.

Pure functions from `autograder.model` values to text; they run nothing, fetch nothing and write no file. Everything
that a student wrote or printed passes `autograder.report.sanitize` first.
"""

from __future__ import annotations

from autograder.report.class_report import class_report_html
from autograder.report.course_report import course_report_html
from autograder.report.feedback import feedback_html
from autograder.report.grades import grades_csv
from autograder.report.sanitize import sanitize_notebook

__all__ = ["class_report_html", "course_report_html", "feedback_html", "grades_csv", "sanitize_notebook"]
