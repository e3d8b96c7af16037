"""Settings written whole: never over what somebody else has written meanwhile."""

import pytest

from clinicreport.ground.errors import UsageError
from clinicreport.settings import earlier_settings
from clinicreport.settings.earlier_settings import (
    ChangedMeanwhileError,
    put_settings,
    steps_back,
    undo,
)


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


class KilledError(BaseException):
    """The program ends here."""


def killed(path, text, monkeypatch, point):
    """Settings are written up to a point: of a name, before it is put or moved."""
    for name in ("put_whole", "replace"):
        whole = getattr(earlier_settings, name)

        def until(first, *more, whole=whole):
            if first.name == point:
                raise KilledError
            return whole(first, *more)

        monkeypatch.setattr(earlier_settings, name, until)
    with pytest.raises(KilledError):
        put_settings(path, path.read_bytes(), text)
    monkeypatch.undo()


@pytest.mark.parametrize("point", ["clinic.toml", "clinic.toml.before-1"])
@pytest.mark.parametrize("more", [False, True])
def test_after_a_stop_in_between_each_undo_takes_a_change_back(tmp_path, monkeypatch, point, more):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"a = 0\n")
    for number in (1, 2):
        put_settings(path, path.read_bytes(), f"a = {number}\n")
    killed(path, "a = 9\n", monkeypatch, point)
    assert path.read_bytes() == b"a = 2\n"
    if more:
        put_settings(path, path.read_bytes(), "a = 3\n")
    for number in range(2 if more else 1, -1, -1):
        undo(path)
        assert path.read_bytes() == f"a = {number}\n".encode()
    assert steps_back(path) == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_step_back_that_is_shown_changes_something(tmp_path, monkeypatch):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"a = 0\n")
    killed(path, "a = 9\n", monkeypatch, "clinic.toml")
    assert steps_back(path) == 0
    with pytest.raises(UsageError, match="nothing was written into it"):
        undo(path)
    put_settings(path, path.read_bytes(), "a = 1\n")
    assert steps_back(path) == 1


def test_the_same_text_is_no_change(tmp_path):
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 0\n")
    put_settings(path, path.read_bytes(), "a = 0\n")
    assert list(tmp_path.iterdir()) == [path]
