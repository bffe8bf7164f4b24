"""What a student's notebook imports: instant checks, the data, the look of the figures.

Nothing of the grader is imported here, and nothing heavy either: torch, matplotlib, scikit-learn and otter-grader are
imported by the functions that need them.
"""

from course.checks import check, ready, summary
from course.data import Digits, digits
from course.plotting import label, style

__all__ = ["Digits", "__version__", "check", "digits", "label", "ready", "style", "summary"]

__version__ = "0.1.0"
