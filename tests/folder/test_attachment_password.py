"""A password set on the desk: into a file of the clinic folder, and over nothing."""

import pytest
from clinic_folders import make_folder

from clinicreport.folder.attachment_password import place_for, set_password
from clinicreport.ground.errors import UsageError
from clinicreport.mail.passwords import NoPassword, attachment_password
from clinicreport.settings.config import Mail, Recipient

ONE = Recipient(address="a@clinic.example", role="manager", encrypt=True)
TYPED = "correct horse"


@pytest.mark.parametrize(
    ("own", "general", "name"),
    [
        ("", "", "attachment-password.txt"),
        ("", "general.txt", "general.txt"),
        ("own.txt", "general.txt", "own.txt"),
        ("", "../outside.txt", None),
        ("", "inbox/inside.txt", None),
        ("", "full.txt", None),
        ("", "blank.txt", "blank.txt"),
        ("", "link.txt", None),
        ("", "inbox", None),
    ],
)
def test_where_it_may_be_written(tmp_path, own, general, name):
    folder = make_folder(tmp_path / "clinic")
    for file, content in (("full.txt", "something"), ("blank.txt", " \n")):
        (folder.root / file).write_text(content)
    (folder.root / "link.txt").symlink_to(tmp_path / "elsewhere.txt")
    mail = Mail(attachment_password_file=general)
    one = ONE.model_copy(update={"password_file": own})
    place = place_for(one, mail, folder)
    assert (place and place.name) == name
    if place is None:
        with pytest.raises(UsageError):
            set_password(folder, one, mail, TYPED)
        return
    set_password(folder, one, mail, TYPED)
    assert attachment_password(one, Mail(attachment_password_file=name), folder.root) == TYPED
    assert (folder.root / name).stat().st_mode & 0o777 == 0o600
    said = (folder.root / "clinic.toml").read_text(encoding="utf-8")
    assert ("attachment_password_file" in said) == (own == general == "")


@pytest.mark.parametrize("typed", ["", "short", " with a blank", "with\ta tab", "with\x00nothing"])
def test_one_that_cannot_be_used_is_not_written(tmp_path, typed):
    folder = make_folder(tmp_path / "clinic")
    with pytest.raises(NoPassword):
        set_password(folder, ONE, Mail(), typed)
    assert not (folder.root / "attachment-password.txt").exists()


def test_one_that_clinic_toml_cannot_name_does_not_stay(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    settings = folder.root / "clinic.toml"
    whole = settings.read_bytes()
    settings.write_bytes(whole + b"\nno toml\n")
    with pytest.raises(UsageError):
        set_password(folder, ONE, Mail(), TYPED)
    assert not (folder.root / "attachment-password.txt").exists()
    settings.write_bytes(whole)
    set_password(folder, ONE, Mail(), TYPED)
    assert (folder.root / "attachment-password.txt").read_text() == f"{TYPED}\n"
