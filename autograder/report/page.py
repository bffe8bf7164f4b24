"""One self-contained HTML page: template, inline style, and a content security policy that names exactly that style.

Owns: the jinja environment (autoescape on, undefined names are errors) and the policy. No script, no inline style
attribute, no request to anywhere: ``default-src 'none'``, the style by its hash, images only as ``data:``.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.cells import numbered
from autograder.plain import CODE
from autograder.report.sanitize import clean_text
from autograder.report.words import number, seconds_word

__all__ = ["policy", "prose", "render"]

_LONGEST = 400_000


@cache
def policy(style: str) -> str:
    """Return the content security policy of a page whose only style element holds `style` (CSP 3, hash-source)."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def prose(value: object) -> Markup:
    """Return text as escaped HTML, with `code` between backticks set as code and line breaks kept by the style."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(clean_text(value)))))  # noqa: S704 - escaped just here


def render(template: str, **values: Any) -> str:
    """Render a page of this package; every text in `values` is cleaned and escaped unless it is Markup."""
    environment = _environment()
    style = _style()
    return environment.get_template(template).render(style=Markup(style), policy=policy(style), **values)  # noqa: S704


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(numbered=numbered, prose=prose, text=clean_text, number=number, seconds=seconds_word)
    return environment


def _clean(value: Any) -> Any:
    return clean_text(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _style() -> str:
    loader = _environment().loader
    assert loader is not None
    return loader.get_source(_environment(), "style.css")[0].strip()
