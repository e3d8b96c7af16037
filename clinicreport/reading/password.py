"""Workbooks encrypted with a password, opened in memory."""

from __future__ import annotations

import io
from typing import Any

from clinicreport.reading import RefusedError

# Excel encrypts a workbook that is only protected against changes with this password, and opens
# it without asking.
_WITHOUT_ASKING = "VelvetSweatshop"

NEEDED = (
    "is protected by a password: give it with --password-file, or save a copy without a password"
)


def decrypt(data: bytes, password: str | None) -> bytes:
    """The bytes of the workbook inside. Raises RefusedError."""
    if password == "":
        raise RefusedError(
            "is protected by a password, and the one given is empty: write the "
            "password into the password file"
        )
    try:
        import msoffcrypto
        from msoffcrypto.exceptions import FileFormatError
    except ImportError:
        raise RefusedError(
            "is protected by a password, and the package msoffcrypto-tool is not "
            "installed: install it, or save a copy without a password"
        ) from None
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
    except FileFormatError:
        raise RefusedError("is damaged: ask for it again") from None
    opened = _try(book, password or _WITHOUT_ASKING)
    if opened is None and password:
        opened = _try(book, _WITHOUT_ASKING)
    if opened is None:
        raise RefusedError(
            "is protected by another password than the one given: check the password file"
            if password
            else NEEDED
        )
    return opened


def _try(book: Any, password: str) -> bytes | None:
    """The decrypted bytes; none where the password is wrong."""
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    plain = io.BytesIO()
    try:
        try:
            book.load_key(password=password, verify_password=True)
        except TypeError:  # formats that cannot tell whether a password is right
            book.load_key(password=password)
        book.decrypt(plain)
    except (InvalidKeyError, DecryptionError):
        return None
    return plain.getvalue()
