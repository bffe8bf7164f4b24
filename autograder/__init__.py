"""The staff-only half of the kit: hidden suites, the grader that runs student notebooks, and what it writes."""

__all__ = ["__version__"]

__version__ = "0.1.0"
