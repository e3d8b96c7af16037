"""The gate before mail: who gets what, what holds it back, and that no patient is named outside."""

import csv
import email
import email.policy
import io
import json

import msoffcrypto
import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, drop, faulty, log, make_folder, rows, run
from openpyxl import load_workbook

from clinicreport.commands.cli import main
from clinicreport.folder import gate
from clinicreport.ground.errors import OutputError, UsageError
from clinicreport.mail import body, encrypt, headline
from clinicreport.mail.passwords import NoPassword
from clinicreport.mail.refusals import explain
from clinicreport.settings import config

pytestmark = pytest.mark.usefixtures("fast")

SECRET = "an attachment password"
THERAPIST = """
[[recipients]]
address = "b.example@clinic.example"
role = "therapist"
therapist = "b. example"
"""
OUTSIDE = """
[[recipients]]
address = "reader@clinic.example"
role = "outside"
"""


def messages(folder):
    return rows(folder, "SELECT * FROM messages ORDER BY id")


def states(folder):
    return {row["address"].partition("@")[0]: row["state"] for row in messages(folder)}


def acknowledge(folder, *lines, head="rule,patient,date,who,why"):
    folder.acknowledged.write_text("\n".join([head, *lines]), encoding="utf-8")


def read(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def opened(data, password):
    book = msoffcrypto.OfficeFile(io.BytesIO(data))
    assert book.is_encrypted()
    book.load_key(password=password, verify_password=True)
    plain = io.BytesIO()
    book.decrypt(plain)
    return plain.getvalue()


# ------------------------------------------------------------------------------------ drafts


def test_a_draft_opens_ready_to_send_and_has_its_attachment_beside_it(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    (draft,) = folder.outbox.glob("*.eml")
    message = read(draft)
    assert message["X-Unsent"] == "1"
    assert [message[name] for name in ("Date", "Message-ID", "Bcc", "Cc")] == [None] * 4
    assert message["To"] == "office@clinic.example"
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    (attached,) = message.iter_attachments()
    assert attached.get_content() == report.read_bytes()
    assert draft.with_suffix(".xlsx").read_bytes() == report.read_bytes()
    plain = message.get_body(("plain",)).get_content()
    assert "7.0 at the start, 4.0 latest" in plain
    assert "2 of 2 (100.0 %; 95 % 34.2 % to 100.0 %)" in plain
    page = message.get_body(("html",)).get_content()
    assert page.count("bgcolor=") >= 4
    assert "<img" not in page
    assert "<svg" not in page
    assert b"\r\n" in draft.read_bytes()


def test_the_next_run_makes_no_second_draft_even_if_the_first_is_gone(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    for path in folder.outbox.glob("*.*"):
        path.unlink()
    run(folder)
    assert not list(folder.outbox.glob("*.eml"))


def test_a_recipient_added_later_gets_no_old_months(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    text = folder.root / "clinic.toml"
    text.write_text(SETTINGS + SETTINGS[SETTINGS.index("[[") :].replace("office", "new"))
    run(folder)
    assert states(folder) == {"office": "drafted"}


def test_mode_off_makes_reports_and_no_mail(tmp_path):
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]", '[mail]\nmode = "off"'))
    drop(folder, "october.csv", log())
    assert run(folder).reports
    assert messages(folder) == []


# -------------------------------------------------------------------------- error findings


def test_an_error_finding_holds_mail_back_until_it_is_acknowledged(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    done = run(folder)
    assert states(folder) == {"office": "held"}
    assert "1 error finding" in done.messages[0]["reason"]
    lines = (folder.reports / "2026-10" / "to-acknowledge.csv").read_text(encoding="utf-8-sig")
    assert "bad-score,P-7,2026-10-07,,," in lines
    acknowledge(folder, "bad-score,P-7,2026-10-07,M. Example,")  # no reason given
    assert "why missing" in run(folder).mail_problems[0]
    assert states(folder) == {"office": "held"}
    acknowledge(folder, "bad-score,P-7,2026-10-05,M. Example,another day")
    run(folder)
    assert states(folder) == {"office": "held"}
    acknowledge(folder, "bad-score,P-7,2026-10-07,M. Example,asked the patient again")
    run(folder)
    assert states(folder) == {"office": "drafted"}
    (draft,) = folder.outbox.glob("*.eml")
    text = read(draft).get_body(("plain",)).get_content()
    assert "1 error finding was acknowledged first" in text


def test_a_corrected_log_releases_the_new_report_alone(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    drop(folder, "october.csv", log(patients=("P-7",)))
    run(folder)
    assert [(row["state"], row["report"]) for row in messages(folder)] == [
        ("replaced", 1),
        ("drafted", 2),
    ]
    (draft,) = folder.outbox.glob("*.eml")
    assert "It replaces the one of" in read(draft).get_body(("plain",)).get_content()
    assert "(version 2)" in read(draft)["Subject"]


@pytest.mark.parametrize(
    ("text", "order", "days"),
    [
        ("2026-10-07", None, ["2026-10-07"]),
        ("07.10.2026", None, ["2026-10-07"]),
        ("7/10/26", "dmy", ["2026-10-07"]),
        ("10/7/2026 00:00", "mdy", ["2026-10-07"]),
        ("7/10/2026", None, ["2026-07-10", "2026-10-07"]),
        ("31/10/2026", None, ["2026-10-31"]),
        ("soon", None, []),
    ],
)
def test_days_as_excel_may_have_written_them(text, order, days):
    assert gate.days_meant(text, order) == days


def test_an_id_that_looks_like_a_formula_is_written_harmlessly_and_still_acknowledged(tmp_path):
    finding = gate.ErrorFinding("bad-score", "=1+1", "2026-10-07", "F7", "")
    (line,) = gate.to_acknowledge([finding]).decode("utf-8-sig").splitlines()[1:]
    assert line.startswith("bad-score,'=1+1,2026-10-07,")
    path = tmp_path / "acknowledged.csv"
    path.write_text("rule,patient,date,who,why\nbad-score,'=1+1,2026-10-07,M. Example,seen")
    assert gate.acknowledged(path).covers(finding)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_acknowledgements_with_other_separators_and_encodings(tmp_path, mark):
    path = tmp_path / "acknowledged.csv"
    rows_ = [
        ["rule", "patient", "date", "who", "why"],
        ["bad-score", "P-7", "7.10.2026", "J. Müller", "geprüft"],
    ]
    path.write_bytes("\r\n".join(mark.join(row) for row in rows_).encode("cp1252"))
    found = gate.acknowledged(path)
    assert (found.entries, found.faults) == ({("bad-score", "P-7", "2026-10-07")}, [])


# ------------------------------------------------------------------------------------- roles


def roles(folder_root, monkeypatch, password=SECRET):
    folder = make_folder(folder_root, SETTINGS + THERAPIST + OUTSIDE)
    if password is not None:
        monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", password)
    own = log(patients=("P-1",), therapist="B. Example").decode()
    other = log(patients=("P-2",), therapist="C. Example").decode().splitlines()[1:]
    drop(folder, "october.csv", (own + "\r\n".join(other)).encode())
    return folder


def test_each_role_gets_what_it_may(tmp_path, monkeypatch):
    folder = roles(tmp_path / "clinic", monkeypatch)
    run(folder)
    assert states(folder) == {"office": "drafted", "b.example": "drafted", "reader": "drafted"}
    outside = read(next(folder.outbox.glob("*outside*.eml")))
    (shared,) = outside.iter_attachments()
    assert shared.get_filename() == "shared-report-2026-10.xlsx"
    book = load_workbook(io.BytesIO(shared.get_content()))
    assert "Sessions" not in book.sheetnames
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [text for text in texts if "P-1" in text or "P-2" in text or "Example" in text]
    assert "evaluable" not in outside.get_body(("plain",)).get_content()
    (draft,) = folder.outbox.glob("*therapist*.eml")
    (attached,) = read(draft).iter_attachments()
    assert attached.get_filename() == "patients-2026-10.xlsx"
    plain = opened(attached.get_content(), SECRET)
    assert b"P-1" in plain
    assert b"P-2" not in plain
    with pytest.raises(Exception, match="verification failed"):
        opened(attached.get_content(), "another")
    manager = next(folder.outbox.glob("*manager*.eml"))
    (report,) = read(manager).iter_attachments()
    assert b"P-2" in report.get_content()


@pytest.mark.parametrize("password", [None, "", "   ", "short"])
def test_without_a_good_password_patient_pages_do_not_leave(tmp_path, monkeypatch, password):
    folder = roles(tmp_path / "clinic", monkeypatch, password)
    run(folder)
    assert states(folder)["b.example"] == "held"
    assert not list(folder.outbox.glob("*therapist*"))
    monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", SECRET)
    run(folder)
    assert states(folder)["b.example"] == "drafted"


def test_an_empty_password_is_refused_where_the_file_is_made():
    with pytest.raises(NoPassword):
        encrypt.encrypted(b"", "")


def test_an_encrypted_workbook_that_does_not_open_is_not_sent():
    with pytest.raises(OutputError):
        encrypt.encrypted(b"PK\x03\x04 no workbook", SECRET)


def test_a_therapist_without_patients_gets_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", SECRET)
    folder = make_folder(tmp_path / "clinic", SETTINGS + THERAPIST)
    drop(folder, "october.csv", log(therapist="C. Example"))
    run(folder)
    assert states(folder)["b.example"] == "not-sent"


def test_a_manager_can_want_it_encrypted(tmp_path, monkeypatch):
    monkeypatch.setenv("CLINICREPORT_ATTACHMENT_PASSWORD", SECRET)
    folder = make_folder(tmp_path / "clinic", SETTINGS + "encrypt = true\n")
    drop(folder, "october.csv", log())
    run(folder)
    (draft,) = folder.outbox.glob("*.eml")
    (attached,) = read(draft).iter_attachments()
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    assert opened(attached.get_content(), SECRET) == report.read_bytes()


def test_no_patient_in_subjects_file_names_or_log(tmp_path, monkeypatch):
    folder = roles(tmp_path / "clinic", monkeypatch)
    drop(folder, "P-1.csv", log("2026-09", patients=("P-1",)))  # a file that is called as a patient
    run(folder)
    drop(folder, "P-1.csv", b"PK\x03\x04")
    run(folder)
    for path in folder.outbox.rglob("*"):
        assert "P-1" not in path.name
        if path.suffix == ".eml":
            message = read(path)
            assert "P-1" not in message["Subject"]
            assert all("P-1" not in a.get_filename() for a in message.iter_attachments())
            assert "P-1" not in message.get_body(("plain",)).get_content()
    assert "P-1" not in folder.log.read_text(encoding="utf-8")


# ------------------------------------------------------------------------- settings, command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "Hill\\r\\nBcc: x@clinic.example"', "name: a line break"),
        ('[mail]\nsender_name = "A\\nB"', "mail.sender_name: a line break"),
        ('[mail]\nsubject = "Report\\r\\nX: y"', "mail.subject: a line break"),
        ('[mail]\nsubject = "{patient}"', "only {month}"),
        ('[mail]\nsubject = "{month.__class__}"', "only {month}"),
        ('[mail]\nsender = "a@b.example, c@d.example"', "not a mail address"),
        ('[mail]\npassword = "x"', "unknown key"),
        (
            '[mail]\nsecurity = "none"\nserver = "smtp.clinic.example"\nsender = "a@b.example"',
            "only for a server on this computer",
        ),
        ('[mail]\nmode = "send"', "needs a server"),
        ('[[recipients]]\naddress = "a@other.example"\nrole = "manager"', "not on the list"),
        (
            '[mail]\nallow = ["c.example"]\n[[recipients]]\naddress = "a@c.example"\nrole = "boss"',
            "role",
        ),
        (
            '[mail]\nallow = ["c.example"]\n[[recipients]]\naddress = "a@c.example"\n'
            'role = "therapist"',
            "needs therapist",
        ),
        ('[[recipients]]\nadress = "a@c.example"\nrole = "manager"', 'did you mean "address"'),
    ],
)
def test_settings_that_could_send_to_the_wrong_people_are_refused(tmp_path, text, says):
    (tmp_path / "clinic.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        config.load(None, tmp_path)
    assert says in str(refused.value)


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def test_the_command_previews_drafts_and_repeats_only_when_told(tmp_path):
    settings = SETTINGS.replace("[mail]", '[mail]\nmode = "off"')
    folder = make_folder(tmp_path / "clinic", settings)
    drop(folder, "october.csv", log())
    run(folder)
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    shown = call("mail", report, "--dry-run")
    assert "office@clinic.example (manager): the clinic report: would go" in shown.output
    assert messages(folder) == []
    assert call("mail", report).exit_code == 0
    assert call("mail", report).exit_code == 0
    assert len(list(folder.outbox.glob("*.eml"))) == 1
    call("mail", report, "--again")
    assert len(list(folder.outbox.glob("*.eml"))) == 2
    refused = call("mail", report, "--to", "stranger@clinic.example")
    assert refused.exit_code == 2
    assert "not on the list" in refused.output
    changed = folder.root / "changed.xlsx"
    changed.write_bytes(report.read_bytes() + b"x")
    assert call("mail", changed).exit_code == 2


def test_what_was_drafted_is_not_sent_too_unless_told(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    told = call("mail", report, "--send")
    assert told.exit_code == 4
    assert "add --again" in told.output
    assert states(folder) == {"office": "drafted"}


def test_by_hand_too_an_error_finding_holds_it_back(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    told = json.loads(call("mail", report, "--json", "--again").stdout)
    assert [one["state"] for one in told["messages"]] == ["held"]
    assert not list(folder.outbox.glob("*.eml"))


def test_sending_without_a_server_says_so(tmp_path):
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]", '[mail]\nmode = "off"'))
    drop(folder, "october.csv", log())
    run(folder)
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    told = call("mail", report, "--send")
    assert told.exit_code == 4
    assert "no mail server" in told.output


# --------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.296, "29.6 %"), (0.3, "30.0 %"), (0.4999, "49.99 %"), (0.5, "50.0 %"), (0.125, "12.5 %")],
)
def test_no_share_is_lifted_over_a_threshold(share, shown):
    rows = dict(headline.figure_rows({"started": 1, "evaluable": 0, "adherence": share}))
    assert rows["Weeks in the protocol's band"] == shown


def test_a_message_says_the_rows_and_warns_where_many_were_set_aside():
    figures = {"started": 1, "evaluable": 0}
    assert "Rows in the logs" not in dict(headline.figure_rows(figures))
    few = figures | {"rows": {"rows": 20, "used": 19, "set_aside": 1}}
    told = "20 rows = 19 used + 1 set aside."
    assert dict(headline.figure_rows(few))["Rows in the logs"] == told
    many = figures | {"rows": {"rows": 1200, "used": 1000, "set_aside": 200}}
    said = dict(headline.figure_rows(many))["Rows in the logs"]
    assert said.startswith("1,200 rows = 1,000 used + 200 set aside. 200 of 1,200 rows were")


def test_text_from_the_clinic_is_no_markup(tmp_path):
    letter = body.Letter(
        "<b>Hill & Co</b>",
        "2026-10",
        "",
        "the clinic report",
        1,
        "",
        "",
        "a.xlsx",
        False,
        0,
        {"started": 0, "evaluable": 0},
    )
    assert "&lt;b&gt;Hill &amp; Co&lt;/b&gt;" in body.html_text(letter, tmp_path)
    assert "nobody can be evaluated yet" in body.text(letter, tmp_path)


def test_a_clinics_own_words_take_the_place_of_the_template(tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "report.txt").write_text("Guten Tag, $month", encoding="utf-8")
    letter = body.Letter(
        "", "2026-10", "", "", 1, "", "", "", False, 0, {"started": 0, "evaluable": 0}
    )
    assert body.text(letter, tmp_path) == "Guten Tag, 2026-10"


def test_an_answer_that_is_not_known_is_quoted():
    assert "572 odd" in explain(572, b"odd\r\nthing")


def whole_line(folder, number=1):
    """A line of to-acknowledge.csv, who and why filled in, as a spreadsheet would."""
    text = (folder.reports / "2026-10" / "to-acknowledge.csv").read_text(encoding="utf-8-sig")
    head, *lines = list(csv.reader(io.StringIO(text)))
    line = lines[number - 1]
    line[head.index("who")], line[head.index("why")] = "M. Example", "asked again"
    text = io.StringIO()
    csv.writer(text).writerow(line)
    return text.getvalue().strip(), ",".join(head)


@pytest.mark.parametrize("head", ["rule,patient,date,who,why", None])
def test_a_whole_line_holds_while_the_cell_holds_what_it_held(tmp_path, head):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    line, whole = whole_line(folder)
    acknowledge(folder, line, head=head or whole)
    run(folder)
    assert states(folder) == {"office": "drafted"}
    drop(folder, "october.csv", faulty().replace(b"6-7", b"7-8"))
    run(folder)
    assert [row["state"] for row in messages(folder)] == ["replaced", "held"]


def test_an_acknowledged_row_without_a_day_frees_no_other(tmp_path):
    def of(day):
        return log(patients=("P-7",)).replace(b"2026-10-07", day)

    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", of(b"soon"))
    run(folder)
    line, whole = whole_line(folder)
    assert line.startswith("bad-date,P-7,,")
    acknowledge(folder, "bad-date,P-7,,M. Example,looked at")
    assert "names no finding" in run(folder).mail_problems[0]
    assert states(folder) == {"office": "held"}
    acknowledge(folder, line, head=whole)
    run(folder)
    assert states(folder) == {"office": "drafted"}
    drop(folder, "october.csv", of(b"later"))
    run(folder)
    assert [row["state"] for row in messages(folder)] == ["replaced", "held"]


def test_status_says_what_became_of_the_findings(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    drop(folder, "october.csv", log(patients=("P-7",)))
    run(folder)
    assert "1 mended" in folder.status_page.read_text(encoding="utf-8")
