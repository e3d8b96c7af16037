"""Settings written whole: never over what somebody else has written meanwhile."""

import pytest

from clinicreport.settings import earlier_settings
from clinicreport.settings.earlier_settings import ChangedMeanwhileError, put_settings, undo


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b'name = "by hand"\n')
    with pytest.raises(ChangedMeanwhileError, match="changed it meanwhile"):
        put_settings(path, b'name = "as read"\n', 'name = "new"\n')
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b'name = "by hand"\n'


def test_nor_in_the_last_moment(tmp_path, monkeypatch):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"a = 1\n")
    whole = earlier_settings.put_whole

    def slow(target, chunks, *step):
        if target == path:
            path.write_bytes(b"a = 2\n")
        return whole(target, chunks, *step)

    monkeypatch.setattr(earlier_settings, "put_whole", slow)
    with pytest.raises(ChangedMeanwhileError):
        put_settings(path, b"a = 1\n", "a = 3\n")
    assert path.read_bytes() == b"a = 2\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_byte_order_mark_stays(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\n")
    put_settings(path, path.read_bytes(), "a = 2\r\n")
    assert path.read_bytes() == b"\xef\xbb\xbfa = 2\r\n"
    undo(path)
    assert path.read_bytes() == b"\xef\xbb\xbfa = 1\r\n"
