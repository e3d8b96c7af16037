"""What counts is what lies there afterwards, not what the system said."""

import pytest
from windows_fakes import AtWindowsError, done_and_said_to_fail

from clinicreport.ground.held_files import remove, remove_tree, rename, replace


@pytest.fixture
def made(tmp_path):
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).write_text(name)
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "e").touch()
    return tmp_path


def test_what_was_done_is_done_whatever_was_said(made, monkeypatch):
    done_and_said_to_fail(monkeypatch)
    for _ in range(2):  # each change is the second one once
        rename(made / "a", made / "new")
        rename(made / "new", made / "a")
        replace(made / "b", made / "c")
        replace(made / "c", made / "b")
        remove(made / "d", missing_ok=True)
        (made / "d").touch()
    remove(made / "d")
    remove_tree(made / "inside")
    assert {path.name: path.read_text() for path in made.iterdir()} == {"a": "a", "b": "b"}


def test_what_a_scanner_took_away_was_not_put_in_its_place(made, monkeypatch):
    """The old file is still there under the name that the new one was to have."""

    def taken(path, target):
        (made / "a").unlink()
        raise AtWindowsError(5, path, target)

    monkeypatch.setattr("os.replace", taken)
    with pytest.raises(FileNotFoundError):
        replace(made / "a", made / "b")
    assert (made / "b").read_text() == "b"


def test_a_file_of_a_share_that_went_is_not_taken_for_deleted(made, monkeypatch):
    def gone(path, *_):
        if made.exists():
            made.rename(made.with_name("away"))
        raise AtWindowsError(5, path)

    monkeypatch.setattr("os.unlink", gone)
    with pytest.raises(OSError, match="denied"):
        remove(made / "a")
    with pytest.raises(FileNotFoundError):
        replace(made / "none", made / "b")
