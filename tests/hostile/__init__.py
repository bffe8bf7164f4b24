"""Hostile submissions through the real grader, see ``tests/corpus/hostile``."""
