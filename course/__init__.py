"""What a student's notebook imports: instant checks, the data, figures, the course's story.

Nothing of the grader is imported here, and nothing heavy either: torch, matplotlib, scikit-learn and otter-grader are
imported by the functions that need them.
"""

from course.checks import check, ready, summary
from course.data import Digits, digits
from course.plotting import label, style
from course.predictions import outcome, predict
from course.story import changed, fast, open_problem
from course.timeline import timeline

__all__ = [
    "Digits",
    "__version__",
    "changed",
    "check",
    "digits",
    "fast",
    "label",
    "open_problem",
    "outcome",
    "predict",
    "ready",
    "style",
    "summary",
    "timeline",
]

__version__ = "0.1.0"
