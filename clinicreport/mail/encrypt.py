"""A workbook that opens only with a password (AES, as Excel itself encrypts)."""

from __future__ import annotations

import io

from clinicreport.ground.errors import OutputError
from clinicreport.mail.passwords import NoPassword


def encrypted(workbook: bytes, password: str) -> bytes:
    """The encrypted workbook, tried out: it opens with the password and is the same inside.

    Raises NoPassword for an empty password, which Excel would accept, and OutputError where the
    result does not open.
    """
    if not password.strip():
        raise NoPassword("a workbook cannot be encrypted with an empty password")
    from msoffcrypto.exceptions import FileFormatError
    from msoffcrypto.format.ooxml import OOXMLFile

    result = io.BytesIO()
    try:
        OOXMLFile(io.BytesIO(workbook)).encrypt(password, result)
    except FileFormatError as error:
        raise OutputError("the report cannot be encrypted: it is no workbook") from error
    if _opened(result.getvalue(), password) != workbook:
        raise OutputError("the encrypted workbook does not open with its password")
    return result.getvalue()


def _opened(data: bytes, password: str) -> bytes | None:
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = io.BytesIO()
    try:
        book = OOXMLFile(io.BytesIO(data))
        book.load_key(password=password, verify_password=True)
        book.decrypt(plain)
    except (DecryptionError, InvalidKeyError):
        return None
    return plain.getvalue()
