"""A workbook that opens only with a password (AES, as Excel itself encrypts)."""

from __future__ import annotations

import io

from clinicreport.mail.passwords import NoPassword


def encrypted(workbook: bytes, password: str) -> bytes:
    """The encrypted workbook. Raises NoPassword for an empty one, which Excel would accept."""
    if not password.strip():
        raise NoPassword("a workbook cannot be encrypted with an empty password")
    from msoffcrypto.format.ooxml import OOXMLFile

    result = io.BytesIO()
    OOXMLFile(io.BytesIO(workbook)).encrypt(password, result)
    return result.getvalue()
