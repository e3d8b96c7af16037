"""The month's page names its buttons where the status names commands."""

from types import SimpleNamespace

import pytest
from clinic_folders import drop as put
from clinic_folders import faulty, log, make_fast, request, run

from clinicreport.desk.button_words import by_button
from clinicreport.desk.month_page import month_page
from clinicreport.folder.corrections import what_to_do
from clinicreport.mail.passwords import NoPassword, attachment_password
from clinicreport.settings.config import Mail, Recipient


def told(folder):
    page = month_page(folder, request(folder))
    return [line.words for part in (*page.needs, *page.rest) for line in part.lines]


def test_an_empty_folder_says_where_to_drop_a_log(clinic):
    (line,) = told(clinic)
    assert line == "Drop a session log on this page, or choose it and press “Look at it”"


def test_rejected_files_and_stale_reports_name_their_buttons(clinic, monkeypatch):
    make_fast(monkeypatch)
    put(clinic, "october.csv", log())
    put(clinic, "notes.csv", b"nothing\n")
    run(clinic)
    settings = clinic.root / "clinic.toml"
    settings.write_text(settings.read_text().replace("Hill Clinic", "Dale Clinic"))
    lines = told(clinic)
    assert any("press “Try rejected files again”" in line for line in lines)
    assert any("“Make it again” beside its report" in line for line in lines)
    assert not [line for line in lines if "clinicreport run" in line]


def test_a_held_log_names_its_buttons():
    for beside in ((), ("july.csv",)):
        log = SimpleNamespace(
            name="a.csv", old="b.csv", months=["2026-10"], found=SimpleNamespace(beside=beside)
        )
        words = by_button(what_to_do(log))
        assert "clinicreport" not in words
        assert words.count("press “") == 3
        assert words.endswith("nothing from 2026-10 on is mailed.")


def test_mail_that_is_held_leads_to_what_is_open_and_no_other_does(clinic, monkeypatch):
    make_fast(monkeypatch)
    settings = clinic.root / "clinic.toml"
    settings.write_text(settings.read_text().replace('"manager"', '"manager"\nencrypt = true'))
    put(clinic, "september.csv", log("2026-09"))
    put(clinic, "october.csv", faulty())
    run(clinic)
    page = month_page(clinic, request(clinic))
    found = [line for part in page.needs for line in part.lines if "no. " in line.words]
    assert [line.words.partition(": held: ")[1] for line in found] == [": held: "] * 2
    assert [(line.buttons, line.number) for line in found] == [("mail", 1), ("held mail", 2)]


def test_a_missing_password_is_set_on_a_page(tmp_path):
    with pytest.raises(NoPassword) as said:
        attachment_password(Recipient(address="a@clinic.example", role="manager"), Mail(), tmp_path)
    assert by_button(str(said.value)).endswith("there is no password for it: set one under “Mail”")
