"""Secrets under which a suite is tried before it grades; they live below, where the local runner reaches them too."""

from autograder.judge.secrets import trial_secret

__all__ = ["trial_secret"]
