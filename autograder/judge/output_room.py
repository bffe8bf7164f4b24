"""What all cells of a notebook may show together; kept by the judge, whatever a sandbox thinks of it."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["NOTEBOOK_BYTES", "OutputRoom"]

NOTEBOOK_BYTES = 32 << 20
"""As JSON in UTF-8: records and the ledger keep it, and pages are made of it."""
_NOTE = f"[노트북 전체의 출력이 {NOTEBOOK_BYTES >> 20} MB를 넘어 나머지는 생략했습니다.]\n"


class OutputRoom:
    """The room that is left for outputs of one notebook."""

    def __init__(self, size: int = NOTEBOOK_BYTES) -> None:
        self._left = size

    def take(self, outputs: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
        """Return a cell's outputs as far as there is room, and whether something was left out.

        Of a display that is too large its plain text is kept.
        """
        kept, cut = [], False
        for output in outputs:
            for smaller in (output, _as_text(output)):
                size = 0 if smaller is None else len(json.dumps(smaller, ensure_ascii=False).encode("utf-8", "replace"))
                if smaller is not None and size <= self._left:
                    self._left -= size
                    kept.append(smaller)
                    break
                cut = True
        if cut:
            kept.append({"output_type": "stream", "name": "stderr", "text": _NOTE})
        return kept, cut


def _as_text(output: dict[str, Any]) -> dict[str, Any] | None:
    text = output.get("data", {}).get("text/plain")
    return {**output, "data": {"text/plain": text}, "metadata": {}} if text else None
