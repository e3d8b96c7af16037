"""What failed for good is said until somebody settles it; what is asked for is sent, and no more."""

import pytest
from click.testing import CliRunner
from clinic_folders import drop, log, make_folder, rows, run
from mail_server import PASSWORD, Office, serving, settings

from clinicreport.commands.cli import main
from clinicreport.mail import smtp

pytestmark = pytest.mark.usefixtures("fast")

SMALL = "largest_megabytes"


def clinic(place, server, *recipients, **more):
    folder = make_folder(place / "clinic", settings(server, recipients=recipients, **more))
    (folder.root / "smtp-password.txt").write_text(PASSWORD, encoding="utf-8")
    drop(folder, "october.csv", log())
    return folder


def call(folder, *words, **more):
    return CliRunner().invoke(
        main, [*map(str, words), "--folder", str(folder.root)], catch_exceptions=False, **more
    )


def states(folder):
    return [row["state"] for row in rows(folder, "SELECT * FROM messages ORDER BY id")]


def report(folder):
    return folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"


def status(folder):
    command = ["run", str(folder.root)]
    return CliRunner().invoke(main, command, catch_exceptions=False).exit_code


@pytest.mark.parametrize("mode", ["send", "drafts"])
def test_too_large_is_status_4_until_it_is_settled(tmp_path, mode):
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, "office", **{SMALL: "0.001"})
        text = folder.root / "clinic.toml"
        text.write_text(text.read_text().replace('mode = "send"', f'mode = "{mode}"'))
        assert [status(folder), status(folder)] == [4, 4]
        (problem,) = run(folder).mail_problems
        assert "too large" in problem
        assert "mail --settled" in problem
        assert states(folder) == ["failed"]
        assert call(folder, "mail", "--settled", input="n\n").exit_code == 4
        assert call(folder, "mail", "--settled", input="y\n").exit_code == 0
        assert status(folder) == 0
        assert states(folder) == ["not-sent"]


def test_refused_for_good_is_status_4_until_the_new_address_has_it(tmp_path):
    office = Office()
    office.rcpt["office@clinic.example"] = ["550 5.1.1 User unknown"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, "office", "second")
        assert [status(folder), status(folder)] == [4, 4]
        sent = call(folder, "mail", report(folder), "--send", "--to", "office@clinic.example")
        assert sent.exit_code == 0
        assert status(folder) == 0
    assert states(folder) == ["sent", "sent"]
    assert set(office.ids().values()) == {1}


def test_a_fault_while_sending_leaves_the_message_with_its_reason(tmp_path, monkeypatch):
    def broken(*_):
        raise UnicodeEncodeError("ascii", "geheim", 0, 1, "hush")

    monkeypatch.setattr(smtp.Connection, "send", broken)
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, "office")
        assert status(folder) == 4
    (row,) = rows(folder, "SELECT * FROM messages")
    assert row["state"] == "queued"
    assert "sending stopped (UnicodeEncodeError at" in row["reason"]
    assert "geheim" not in folder.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "answer", "more"),
    [
        (["--again"], "", {}),
        (["--again"], "n\n", {}),
        (["--again", "--to", "second@clinic.example"], "y\n", {"second": 1}),
        (["--again", "--to", "second@clinic.example", "--yes"], "", {"second": 1}),
        (["--again"], "y\n", {"office": 1, "second": 1}),
        ([], "", {}),
    ],
)
def test_again_sends_what_was_named_after_a_yes(tmp_path, words, answer, more):
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, "office", "second")
        run(folder)
        told = call(folder, "mail", report(folder), "--send", *words, input=answer)
        got = [message.envelope_to[0].partition("@")[0] for message in server.office.arrived]
    assert {name: got.count(name) - 1 for name in set(got) if got.count(name) > 1} == more
    if words:
        assert "second@clinic.example (manager): the clinic report: sent already" in told.output
    if words and not more:
        assert told.exit_code == 2
        assert "--to ADDRESS" in told.output


def test_a_draft_is_sent_to_its_recipient_alone(tmp_path):
    """What the hint says can be followed, and nobody else gets anything once more."""
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, "office", "second")
        text = folder.root / "clinic.toml"
        as_it_was = text.read_text()
        text.write_text(as_it_was.replace('mode = "send"', 'mode = "drafts"'))
        run(folder)
        told = call(folder, "mail", report(folder), "--send")
        assert "--to office@clinic.example and add --again" in told.output
        words = ["--to", "office@clinic.example", "--again"]
        call(folder, "mail", report(folder), "--send", *words, input="y\n")
        assert [one.envelope_to for one in server.office.arrived] == [["office@clinic.example"]]


def test_what_waits_for_others_is_not_sent_along(tmp_path):
    office = Office()
    office.rcpt["second@clinic.example"] = ["451 later"]
    office.rcpt["office@clinic.example"] = ["451 later"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, "office", "second")
        run(folder)
        assert states(folder) == ["queued", "queued"]
        call(folder, "mail", report(folder), "--send", "--to", "office@clinic.example")
        assert states(folder) == ["sent", "queued"]
        call(folder, "mail", "--send", "--to", "office@clinic.example")
        assert states(folder) == ["sent", "queued"]
        call(folder, "mail", "--send")
        assert states(folder) == ["sent", "sent"]
        again = call(folder, "mail", report(folder), "--send", "--again", "--yes")
        assert again.exit_code == 0
    assert len(office.arrived) == 4
    assert set(office.ids().values()) == {1}  # each with an identity of its own


def test_again_without_a_report_is_refused_before_anything_is_asked(tmp_path):
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, "office")
        run(folder)
        told = call(folder, "mail", "--send", "--again", "--yes")
        assert (told.exit_code, len(server.office.arrived)) == (2, 1)
        assert "name the report" in told.output


def test_without_send_what_waits_for_the_server_stays_there(tmp_path):
    office = Office()
    office.rcpt["office@clinic.example"] = ["451 later"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, "office")
        run(folder)
        call(folder, "mail", report(folder))
        call(folder, "mail", report(folder), "--again")
        assert (states(folder), office.arrived) == (["queued"], [])
