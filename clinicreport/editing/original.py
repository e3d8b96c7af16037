"""An input's bytes once more: what they are, and whether a password protects them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from clinicreport.ground.held_files import opened
from clinicreport.reading import RefusedError, guard, sniff
from clinicreport.reading.password import decrypt

# Excel encrypts a workbook that is only protected against changes with this password.
_WITHOUT_ASKING = "VelvetSweatshop"


@dataclass(frozen=True, slots=True)
class Original:
    """One input. ``data`` is readable; ``password`` is what protected it, if anything did."""

    path: Path
    sha256: str
    data: bytes
    editable: bool  # an xlsx or xlsm
    password: str | None = None

    def protected(self, content: bytes) -> bytes:
        """The content of a copy, encrypted where the original was."""
        if self.password is None:
            return content
        from msoffcrypto.format.ooxml import OOXMLFile

        sink = io.BytesIO()
        OOXMLFile(io.BytesIO(content)).encrypt(self.password, sink)
        return sink.getvalue()


def open_original(path: Path, password: str | None) -> Original | str:
    """The input, or in a sentence why there can be no copy of it."""
    try:
        with opened(path) as file:
            data = file.read()
    except OSError as error:
        return f"it could not be opened ({error.strerror})"
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        kind = sniff.kind(data)
        key = None
        if kind == "encrypted":
            data, key = _opened(data, password)
            kind = sniff.kind(data)
        elif kind == "xls" and _locked(data):
            _, key = _opened(data, password)
        return Original(path, sha256, data, kind == "zip" and _is_xlsx(data), key)
    except RefusedError as error:
        return f"it {error}"


def _opened(data: bytes, password: str | None) -> tuple[bytes, str]:
    """The decrypted bytes, and the password that opened them. Raises RefusedError."""
    try:
        return decrypt(data, None), _WITHOUT_ASKING
    except RefusedError:
        return decrypt(data, password), password or ""


def _locked(data: bytes) -> bool:
    """Whether an old workbook is encrypted."""
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # noqa: BLE001 (the reader has accepted the file; then it is not encrypted)
        return False


def _is_xlsx(data: bytes) -> bool:
    package = guard.Package(data)
    types, mimetype = package.read("[Content_Types].xml"), package.read("mimetype")
    return sniff.package_kind(types, mimetype, list(package)) in ("xlsx", "xlsm")
