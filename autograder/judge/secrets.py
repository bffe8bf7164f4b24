"""Fixed secrets for trials of a suite: the same everywhere, known to all, and so never used for a grade.

Hidden inputs are drawn from the course secret. A test that stands near a threshold shows only under some draws, so a
suite is tried under many; which ones must not change from run to run, or a finding could not be seen again.
"""

from __future__ import annotations

import hashlib

__all__ = ["trial_secret"]


def trial_secret(number: int) -> bytes:
    """Return the trial secret of this number, from 0.

    >>> trial_secret(3) == trial_secret(3) != trial_secret(4)
    True
    """
    return hashlib.sha256(b"trial secret %d" % number).digest()
