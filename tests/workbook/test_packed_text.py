"""Parts packed in a thread, in runs that stand one behind the other."""

import io
import zipfile

import pytest

from clinicreport.workbook import packed_text
from clinicreport.workbook.packed_text import WAITING, PackedArchive, PackedText


def held(archive: PackedArchive) -> dict[str, str]:
    """Name -> text of each part, in their order, as another program reads them."""
    with zipfile.ZipFile(io.BytesIO(archive.content())) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


def packed() -> tuple[dict[str, str], dict[str, str]]:
    """What an archive of parts with others in them holds, and what it should."""
    archive = PackedArchive()
    early, empty = PackedText(archive, 5), PackedText(archive, 9)
    for number in range(1000):
        early.write(f"row {number}, ")
    for text in (early, empty):
        text.end()
    whole, plain = archive.part("whole.xml", 7), archive.part("plain.xml", 1)
    plain.write("row 1, " * 50)
    plain.finish()
    whole.write("before ")
    whole.take(early)
    whole.take(empty)
    whole.write("é after")
    whole.finish()
    archive.part("empty.xml", 5).finish()
    archive.part("picture.png", 5).add(b"<>")
    archive._parts[-1][1].finish()
    found = held(archive)
    archive.close()
    rows = "".join(f"row {number}, " for number in range(1000))
    return found, {
        "whole.xml": f"before {rows}é after",
        "plain.xml": "row 1, " * 50,
        "empty.xml": "",
        "picture.png": "<>",
    }


def no_thread(*_: object) -> None:
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize("together", [1, packed_text.TOGETHER])
@pytest.mark.parametrize("spare", [False, True])
def test_what_was_packed_before_stands_where_it_belongs(
    monkeypatch: pytest.MonkeyPatch, together: int, *, spare: bool
) -> None:
    monkeypatch.setattr(packed_text, "TOGETHER", together)
    if not spare:
        monkeypatch.setattr("threading.Thread.start", no_thread)
    found, expected = packed()
    assert found == expected
    assert list(found) == list(expected)


@pytest.mark.parametrize("spare", [False, True])
def test_what_goes_wrong_is_raised(monkeypatch: pytest.MonkeyPatch, *, spare: bool) -> None:
    def full(_: bytes) -> int:
        raise MemoryError("full")

    if not spare:
        monkeypatch.setattr("threading.Thread.start", no_thread)
    for pieces in (1, WAITING + 3):  # waiting yet, or not
        archive = PackedArchive()
        with pytest.raises(MemoryError, match="full"):
            for _ in range(pieces):
                archive.do(full, b"")
            archive.content()
        archive.close()
