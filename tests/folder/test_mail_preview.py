"""What a recipient would get is what they get; and what a preview rests on."""

from email import message_from_bytes, policy

import pytest
from clinic_folders import SETTINGS, drop, log, make_fast, make_folder, request, rows, run

from clinicreport.folder import mailing
from clinicreport.folder.mail_preview import basis, shown
from clinicreport.folder.open_folder import opened

PEOPLE = """
[[recipients]]
address = "b.example@clinic.example"
role = "therapist"
therapist = "{therapist}"

[[recipients]]
address = "doctor@clinic.example"
role = "outside"
"""


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    make_fast(monkeypatch)
    monkeypatch.setattr("clinicreport.books.share.shared_workbook.content", lambda _: b"PK shared")
    monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", "correct horse")


def reported(place, therapist="B. Example"):
    settings = SETTINGS.replace("[mail]", '[mail]\nmode = "off"') + PEOPLE.format(
        therapist=therapist
    )
    folder = make_folder(place / "clinic", settings)
    drop(folder, "october.csv", log())
    run(folder)
    return folder


def looked(folder):
    with opened(folder, request(folder)) as clinic:
        (report,) = clinic.ledger.last_reports()
        people = clinic.request.config.recipients
        return shown(clinic, report, people), basis(clinic, report, people)


def basis_of(folder):
    with opened(folder, request(folder)) as clinic:
        (report,) = clinic.ledger.last_reports()
        return basis(clinic, report, clinic.request.config.recipients)


def test_what_is_shown_is_what_lies_in_the_drafts(tmp_path):
    folder = reported(tmp_path)
    before, first = looked(folder)
    assert [one.line.code for one in before] == ["would-go"] * 3
    assert rows(folder, "SELECT * FROM messages") == []
    assert looked(folder)[1] == first
    with opened(folder, request(folder)) as clinic:
        people = clinic.request.config.recipients
        mailing.order(clinic, clinic.ledger.last_reports(), people, send=False, again=False)
    for one, row in zip(before, rows(folder, "SELECT * FROM messages ORDER BY id"), strict=True):
        read = message_from_bytes((folder.root / row["path"]).read_bytes(), policy=policy.default)
        assert read["To"].addresses[0].addr_spec == one.line.address
        assert read["Subject"] == one.message.subject
        text = read.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert text == one.message.text
        (attached,) = read.iter_attachments()
        assert attached.get_filename() == one.message.attachment
    after, second = looked(folder)
    assert second != first
    assert [one.line.code for one in after] == ["drafted"] * 3
    assert [one.message.text for one in after] == [one.message.text for one in before]


def test_who_would_get_nothing_is_said_before(tmp_path):
    found, _ = looked(reported(tmp_path, "C. Example"))
    assert [one.line.code for one in found] == ["would-go", "nothing", "would-go"]
    assert "no visit of the month's courses names C. Example" in found[1].line.state
    assert found[1].message is None


def test_whatever_changes_meanwhile_changes_the_basis(tmp_path, monkeypatch):
    folder = reported(tmp_path)
    settings = folder.root / "clinic.toml"
    head = "rule,patient,date,who,why,place,message,finding"
    line = "bad-score,,,M. Example,so it is,,,f0123456789abcde-f01234567"
    report = next(folder.reports.rglob("clinic-report*.xlsx"))
    own = folder.root / "mail" / "report.txt"
    own.parent.mkdir()
    seen = [looked(folder)[1]]
    for change in (
        lambda: settings.write_text(settings.read_text().replace("Hill Clinic", "Dale Clinic")),
        lambda: folder.acknowledged.write_text(f"{head}\r\n{line}\r\n", encoding="utf-8"),
        lambda: report.write_bytes(b"changed by hand"),
        lambda: own.write_text("{{ greeting }}", encoding="utf-8"),
        lambda: monkeypatch.delenv("CLINICREPORT_ATTACHMENT_PASSWORD"),
    ):
        change()
        seen.append(basis_of(folder))
    assert len(set(seen)) == 6
