"""Small text tables (CSV) that Excel opens as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def table_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as text, marked as UTF-8 so that Excel sees it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that a spreadsheet program does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
