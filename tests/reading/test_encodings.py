"""What bytes mean: marks, UTF-16 and UTF-32 without one, code pages, lines that disagree."""

from __future__ import annotations

import pytest

from clinicreport.reading import RefusedError
from clinicreport.reading.encodings import RULE, decode

LOG = "Patient;Datum;Schmerz vorher;Bemerkung\r\nP-001;2026-10-05;8;müde\r\n"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_wide_encodings_with_a_mark_and_without(codec: str, mark: str):
    data = (mark + LOG).encode(codec)
    found = decode(data)
    assert (found.text, found.codec, found.guessed, found.torn) == (LOG, codec, "", False)
    assert found.mark + found.text.encode(found.codec) == data


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_an_end_within_a_character(codec: str):
    found = decode(LOG[: LOG.index("ü") + 1].encode(codec)[:-1])
    assert (found.torn, found.text) == (True, LOG[: LOG.index("ü")])


@pytest.mark.parametrize(
    ("words", "codec", "name"),
    [
        ("müde schläft Übelkeit größer", "cp1252", "Windows-1252"),
        ("müde schläft Übelkeit", "mac_roman", "Mac Roman"),
        ("Durée après séance", "mac_roman", "Mac Roman"),
        ("duración sesión años", "mac_roman", "Mac Roman"),
        ("Durée d’exposition, après", "cp1252", "Windows-1252"),
        ("30 °C – “warm” 5 µg", "cp1252", "Windows-1252"),
        ("müde schläft", "cp850", "DOS code page 850"),
        ("ból pleców, źle śpi, łokieć", "cp1250", "Windows-1250"),
        ("Пациент боль до сеанса", "cp1251", "Windows-1251"),
        ("Пациент боль до сеанса", "koi8_r", "KOI8-R"),
        ("боль в спине", "cp866", "DOS code page 866"),
        ("πόνος στη μέση", "cp1253", "Windows-1253"),
        ("痛み 腰のいたみ", "cp932", "Shift-JIS"),
        ("痛み 腰のいたみ", "euc_jp", "EUC-JP"),
        ("痛み", "iso2022_jp", "ISO-2022-JP"),
        ("疼痛 减轻", "gb18030", "GB 18030"),
    ],
)
def test_a_guess_is_named(words: str, codec: str, name: str):
    text = f"patient_id,date,nrs_before,notes\nP-001,2026-10-05,8,{words}\n"
    found = decode(text.encode(codec))
    assert found.text == text
    assert found.guessed.startswith(name)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a,b\n1,für\n", "a;ж\n", "\ufeffa,ü\n"])
def test_utf_8_is_no_guess(text: str):
    assert decode(text.encode()).guessed == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"id;x\n1;m\xc3\xbcde\n2;\xfcbel\n", "line 2 is UTF-8, line 3 is not"),
        (b"id;x\n1;\xfcbel\n2;dur\xc3\xa9e\n", "line 3 is UTF-8, line 2 is not"),
        (b"\xef\xbb\xbfid;x\n1;m\xc3\xbcde\n2;\xfcbel\n", "line 2 is UTF-8, line 3 is not"),
        (b"\xef\xbb\xbfid;x\n2;\xfcbel\n", "its mark is UTF-8, line 2 is not"),
        ("1;боль\n".encode() + "2;спина\n".encode("cp1251"), "line 1 is UTF-8, line 2 is not"),
    ],
)
def test_lines_that_disagree(data: bytes, words: str):
    with pytest.raises(RefusedError, match=words) as refused:
        decode(data)
    assert refused.value.rule == RULE


def test_two_letters_that_happen_to_be_utf_8_are_no_other_encoding():
    text = "id,notes\n1,前\n2,疼痛 减轻\n"
    assert b"\xc7\xb0" in text.encode("gb18030")
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n1,2\n" + bytes(5000), "not fully copied"),
        (b"a,b\n1,\x002\n3,4\n", r"zero bytes \(first in line 2\)"),
        (bytes(range(256)) * 20, "zero bytes"),
        ("Ж".encode("utf-16-le") * 40 + b"\x00\xd8" * 30, "."),
        (b"\xff\xfe" + b"a\x00\x00\xdcb\x00\n\x00", "says that it is UTF-16"),
    ],
)
def test_what_is_no_text_is_said_to_be_none(data: bytes, words: str):
    with pytest.raises(RefusedError, match=words):
        decode(data)
