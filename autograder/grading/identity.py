"""What a result depends on besides the submission and the suite: the grader's own code and the course secret.

The secret seeds the hidden inputs (HMAC of secret, assignment and test): the same for every student and every regrade
of a course, unknown to students, and the same on every machine that is given the same secret.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

import autograder
from autograder import code_hash
from autograder.errors import GraderError
from autograder.grading.folders import private_folder

__all__ = ["SECRET_VARIABLE", "course_secret", "grader_version", "known_secret", "secret_id"]

SECRET_VARIABLE = "AUTOGRADER_SECRET"  # noqa: S105 (the variable's name, not a secret)


def course_secret(folder: Path) -> bytes:
    """Return the course secret: ``$AUTOGRADER_SECRET`` if set, else the file ``secret`` in `folder`, made on first use.

    Raises:
        GraderError: the secret is shorter than 16 characters (``secret-invalid``).
    """
    value = os.environ.get(SECRET_VARIABLE, "").strip()
    if not value:
        path = folder / "secret"
        private_folder(folder)
        if not path.exists():
            _make_secret(path)
        value = path.read_text(encoding="utf-8").strip()
    if len(value) < 16:
        raise GraderError("secret-invalid", f"과목 비밀값이 너무 짧습니다. {SECRET_VARIABLE}에 16자 이상을 지정하세요.")
    return value.encode()


def known_secret(folder: Path) -> bytes | None:
    """Return the course secret as `course_secret` would, or None where there is none yet; nothing is made."""
    value = os.environ.get(SECRET_VARIABLE, "").strip()
    if not value:
        try:
            value = (folder / "secret").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
    return value.encode() or None


def _make_secret(path: Path) -> None:
    """Make the file whole or not at all, once: of several processes that start together, the first one's holds."""
    descriptor, name = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def secret_id(secret: bytes) -> str:
    """Return a fingerprint that tells two secrets apart and gives neither away."""
    return hashlib.sha256(b"course-secret\0" + secret).hexdigest()[:16]


def grader_version() -> str:
    """Return the package's version and the hash of the code that this process runs, for the ledger's key and records.

    It stays what it was when the process started, whatever becomes of the files: see `autograder.code_hash`.
    """
    return f"{autograder.__version__}+{code_hash.LOADED}"
