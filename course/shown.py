"""How the course shows something in a notebook: HTML where there is a shell that displays it, plain text elsewhere."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["shell", "show"]


def shell() -> Any:
    """Return the running IPython shell, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def show(html: str, plain: str) -> None:
    """Display one thing in both forms; what comes from a student has to be escaped in `html` already."""
    if shell() is None:
        print(plain)
        return
    from IPython.display import display

    display({"text/html": html, "text/plain": plain}, raw=True)
