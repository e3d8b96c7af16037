"""Workbooks encrypted with a password, opened in memory."""

from __future__ import annotations

import io
import re
import struct
from typing import Any

from clinicreport.reading import LockedError, RefusedError
from clinicreport.reading.ole import encryption_info

# Excel encrypts a workbook that is only protected against changes with this password, and opens
# it without asking.
_WITHOUT_ASKING = "VelvetSweatshop"

NEEDED = (
    "is protected by a password: give it with --password-file, or save a copy without a password"
)


OLD_WAY = (
    "is protected by a password and encrypted in an old way that this program does not know: open "
    "it in Excel with its password and save it as a new .xlsx file"
)
_STANDARD, _EXTENSIBLE, _AGILE = 2, 3, 4  # minor versions of the description of an encryption
_RC4 = 0x6801
_CIPHER = re.compile(rb"cipherAlgorithm\s*=\s*[\"']([^\"']*)")


def _is_old_way(data: bytes) -> bool:
    """Whether an encrypted xlsx says that it is encrypted with anything but AES."""
    told = encryption_info(data)
    if len(told) < 24:
        return False
    (minor,) = struct.unpack_from("<H", told, 2)
    if minor == _AGILE:
        return any(cipher.upper() != b"AES" for cipher in _CIPHER.findall(told))
    if minor == _STANDARD:
        (cipher,) = struct.unpack_from("<I", told, 20)
        return bool(cipher == _RC4)
    return bool(minor == _EXTENSIBLE)


def decrypt(data: bytes, password: str | None) -> bytes:
    """The bytes of the workbook inside. Raises RefusedError."""
    if password == "":
        raise LockedError(
            "is protected by a password, and the one given is empty: write the "
            "password into the password file"
        )
    try:
        import msoffcrypto
        from msoffcrypto.exceptions import DecryptionError, FileFormatError
    except ImportError:
        raise RefusedError(
            "is protected by a password, and the package msoffcrypto-tool is not "
            "installed: install it, or save a copy without a password"
        ) from None
    if _is_old_way(data):
        raise RefusedError(OLD_WAY)
    try:
        book = msoffcrypto.OfficeFile(io.BytesIO(data))
    except (FileFormatError, DecryptionError):
        newer = encryption_info(data)  # an older workbook says itself that it is encrypted
        raise RefusedError("is damaged: ask for it again" if newer else OLD_WAY) from None
    opened = _try(book, password or _WITHOUT_ASKING)
    if opened is None and password:
        opened = _try(book, _WITHOUT_ASKING)
    if opened is None:
        raise LockedError(
            "is protected by another password than the one given: check the password file"
            if password
            else NEEDED
        )
    return opened


def _try(book: Any, password: str) -> bytes | None:
    """The decrypted bytes; none where the password is wrong. Raises RefusedError."""
    opened = _decrypted(book, password, verify=True)
    if opened is None and book.format == "ooxml":
        # The package takes the right password for a wrong one where it was hashed with SHA-1, as
        # Excel 2010 does. Whether an archive comes out is then the test.
        opened = _decrypted(book, password, verify=False)
    return opened


def _decrypted(book: Any, password: str, *, verify: bool) -> bytes | None:
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    plain = io.BytesIO()
    try:
        try:
            book.load_key(password=password, verify_password=verify)
        except TypeError:  # formats that cannot tell whether a password is right
            book.load_key(password=password)
        book.decrypt(plain)
    except InvalidKeyError:
        return None
    except DecryptionError as error:
        if "Unsupported" in str(error):
            raise RefusedError(OLD_WAY) from None
        return None
    return plain.getvalue()
