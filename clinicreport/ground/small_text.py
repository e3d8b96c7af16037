"""Text of a small file that a person or another program wrote."""

from __future__ import annotations

import codecs


def decoded(data: bytes) -> str:
    """The text, with or without a mark: UTF-8, or UTF-16 as PowerShell writes it.

    Raises UnicodeDecodeError.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    if b"\0" in data[:2]:
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le")
    return data.decode("utf-8-sig")
