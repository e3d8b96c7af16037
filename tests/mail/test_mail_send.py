"""Sending, at a real server with TLS and login that is down, slow, full of doubts, or fine."""

import datetime as dt
import os
import socket
import sys
import threading
from collections import Counter

import pytest
from clinic_folders import drop, log, make_folder, request, rows, run
from killed import killed_at, needs_a_server
from mail_server import PASSWORD, TOKEN, Office, free_port, serving, settings

from clinicreport.folder import clock, mailing, postman
from clinicreport.folder.open_folder import opened
from clinicreport.mail import smtp

pytestmark = pytest.mark.usefixtures("fast")


def clinic(place, server, name="clinic", **more):
    folder = make_folder(place / name, settings(server, **more))
    (folder.root / "smtp-password.txt").write_text(f"{PASSWORD}\n", encoding="utf-8")
    drop(folder, "october.csv", log())
    return folder


def messages(folder):
    return rows(folder, "SELECT * FROM messages ORDER BY id")


def states(folder):
    return [row["state"] for row in messages(folder)]


def only(folder):
    (row,) = messages(folder)
    return row


@pytest.mark.parametrize("kind", ["starttls", "tls"])
def test_sent_once_over_tls_with_login(tmp_path, kind):
    with serving(tmp_path, kind) as server:
        folder = clinic(tmp_path, server, kind=kind)
        done = run(folder)
        assert done.mail_problems == []
        run(folder)
        (message,) = server.office.arrived
    row = only(folder)
    assert (row["state"], row["message_id"]) == ("sent", message["Message-ID"])
    assert message.envelope_to == ["office@clinic.example"]
    assert message["Subject"] == "Clinic report 2026-10"
    assert message["From"] == "reports@clinic.example"
    assert message["Date"]
    assert message["X-Unsent"] is None
    (attached,) = message.iter_attachments()
    report = folder.reports / "2026-10" / "clinic-report-2026-10.xlsx"
    assert attached.get_filename() == "clinic-report-2026-10.xlsx"
    assert attached.get_content() == report.read_bytes()
    assert [path.name for path in folder.sent.iterdir()] == ["2026-10-manager-office-1.eml"]
    assert not list(folder.outbox.glob("*.eml"))


def test_xoauth2_with_a_token_command(tmp_path):
    command = f"[{sys.executable!r}, '-c', 'print(\"{TOKEN}\")']"
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, login="xoauth2", token_command=command)
        run(folder)
        assert len(server.office.arrived) == 1
    assert states(folder) == ["sent"]
    assert TOKEN not in folder.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "says"),
    [("import sys; sys.exit(3)", "status 3"), ("print('stale')", "does not accept the user")],
)
def test_xoauth2_refused_or_without_a_token(tmp_path, code, says):
    command = f'["{sys.executable}", "-c", "{code}"]'
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server, login="xoauth2", token_command=command)
        done = run(folder)
        assert server.office.arrived == []
    assert says in " ".join(done.mail_problems)
    assert states(folder) == ["queued"]


def test_a_certificate_of_another_authority_or_name_stops_everything(tmp_path):
    with serving(tmp_path, name="other.example") as server:
        folder = clinic(tmp_path, server)
        done = run(folder)
        assert "certificate" in done.mail_problems[0]
        assert server.office.logins == 0
    with serving(tmp_path) as server:
        unknown = clinic(tmp_path, server, "unknown")
        (tmp_path / "ca.pem").rename(tmp_path / "unused.pem")
        with serving(tmp_path):  # writes the certificate of yet another authority
            done = run(unknown)
        assert "certificate" in done.mail_problems[0]
        assert server.office.logins == 0
    assert states(folder) == states(unknown) == ["queued"]


def test_a_server_without_tls_gets_neither_password_nor_message(tmp_path):
    with serving(tmp_path, "plain") as server:
        folder = clinic(tmp_path, server)
        done = run(folder)
        assert "does not offer" in done.mail_problems[0]
        assert (server.office.arrived, server.office.logins) == ([], 0)


def test_server_down_then_up_with_growing_pauses(tmp_path, monkeypatch):
    moment = [dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    port = free_port()
    with serving(tmp_path, port=port) as server:
        folder = clinic(tmp_path, server)
    pauses = []
    for _ in range(9):
        done = run(folder)
        assert "cannot be reached" in done.mail_problems[0]
        waits = dt.datetime.fromisoformat(only(folder)["next_utc"]) - moment[0]
        pauses.append(waits.total_seconds() / 60)
        tries = only(folder)["tries"]
        run(folder)  # not due yet: nothing is tried
        assert only(folder)["tries"] == tries
        moment[0] += waits
    assert pauses == [5, 10, 20, 40, 80, 160, 240, 240, 240]
    with serving(tmp_path, port=port, office=server.office) as server:
        folder.root.joinpath("clinic.toml").write_text(settings(server), encoding="utf-8")
        run(folder)
        assert len(server.office.arrived) == 1
    assert states(folder) == ["sent"]


def test_after_five_days_it_fails_and_says_so(tmp_path, monkeypatch):
    moment = [dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    with serving(tmp_path) as server:
        folder = clinic(tmp_path, server)
    for _ in range(12):  # tries enough, and 5 days
        run(folder)
        moment[0] += dt.timedelta(hours=12)
    row = only(folder)
    assert row["state"] == "failed"
    assert "5 days" in row["reason"]


def test_a_clock_that_jumps_back_does_not_stop_mail_for_years(tmp_path, monkeypatch):
    moment = [dt.datetime(2036, 1, 1, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    port = free_port()
    with serving(tmp_path, port=port) as server:
        folder = clinic(tmp_path, server)
    run(folder)
    moment[0] = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    with serving(tmp_path, port=port) as server:
        folder.root.joinpath("clinic.toml").write_text(settings(server), encoding="utf-8")
        run(folder)
        assert len(server.office.arrived) == 1


def test_greylisting_waits_and_then_arrives_once(tmp_path):
    office = Office()
    office.rcpt["office@clinic.example"] = ["451 4.7.1 Greylisted, try again later"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server)
        done = run(folder)
        assert "later" in done.mail_problems[0]
        assert states(folder) == ["queued"]
        run(folder, retry=True)
    assert states(folder) == ["sent"]
    assert len(office.arrived) == 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "xoauth2"),
        ("550 5.7.30 Basic authentication is not supported for Client Submission.", "xoauth2"),
        ("534 5.7.9 Application-specific password required.", "application password"),
        ("535 5.7.8 Username and Password not accepted.", "check mail.user"),
    ],
)
def test_a_refused_login_stops_and_is_explained_once(tmp_path, answer, says):
    office = Office()
    office.refuse_login = answer
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, recipients=("office", "second"))
        done = run(folder)
        logins = office.logins
        run(folder)
        assert office.logins == logins  # no storm
    assert says in done.mail_problems[0]
    assert states(folder) == ["queued", "queued"]
    assert office.arrived == []
    assert PASSWORD not in folder.log.read_text(encoding="utf-8")


def test_one_of_several_recipients_is_refused(tmp_path):
    office = Office()
    office.rcpt["second@clinic.example"] = ["550 5.1.1 User unknown"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, recipients=("office", "second", "third"))
        done = run(folder)
        run(folder)
    assert states(folder) == ["sent", "failed", "sent"]
    assert "correct the address" in done.mail_problems[0]
    assert sorted(message.envelope_to[0] for message in office.arrived) == [
        "office@clinic.example",
        "third@clinic.example",
    ]


def test_a_sender_that_may_not_send_stops_everything(tmp_path):
    office = Office()
    office.mail_from = ["550 5.7.60 Client does not have permissions to send as this sender"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, recipients=("office", "second"))
        done = run(folder)
    assert "send as" in done.mail_problems[0]
    assert states(folder) == ["queued", "queued"]


@pytest.mark.parametrize("answer", ["451 4.3.0 try later", "421 4.3.2 shutting down"])
def test_refused_for_now_at_the_end_is_certain(tmp_path, answer):
    office = Office()
    office.end = [answer]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server)
        run(folder)
        assert states(folder) == ["queued"]
        run(folder, retry=True)
    assert states(folder) == ["sent"]
    assert len(office.arrived) == 1


def test_a_lost_answer_is_unsure_and_never_repeated_unasked(tmp_path):
    office = Office()
    office.end = ["drop"]
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server, recipients=("office", "second"))
        done = run(folder)
        assert "answer was lost" in " ".join(done.mail_problems)
        assert states(folder) == ["unsure", "queued"]
        done = run(folder, retry=True)
        assert "--retry-unsure" in " ".join(done.mail_problems)
        assert states(folder) == ["unsure", "sent"]
        assert Counter(office.ids().values()) == {1: 2}
        with opened(folder, request(folder)) as open_clinic:
            assert mailing.settle_unsure(open_clinic, lambda _: False, repeat=True) == 0
        assert states(folder)[0] == "unsure"
        with opened(folder, request(folder)) as open_clinic:
            assert mailing.settle_unsure(open_clinic, lambda _: True, repeat=True) == 1
            postman.send_waiting(open_clinic, now=True)
    assert states(folder) == ["sent", "sent"]
    assert sorted(office.ids().values()) == [1, 2]  # the same identity, as asked for


def test_no_answer_in_time_at_the_end_is_unsure(tmp_path):
    office = Office()
    office.end, office.stall = ["stall"], 2.0
    with serving(tmp_path, office=office) as server:
        folder = clinic(tmp_path, server)
        text = folder.root.joinpath("clinic.toml")
        text.write_text(text.read_text().replace("timeout_seconds = 5", "timeout_seconds = 0.5"))
        run(folder)
    assert states(folder) == ["unsure"]


def test_a_line_that_breaks_inside_the_message_is_a_message_not_sent(tmp_path):
    """The server saw no end of it, so it cannot have taken it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _ = listener.accept()
        file = line.makefile("rwb", buffering=0)
        file.write(b"220 here\r\n")
        for answer in (b"250 here\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
            file.readline()
            file.write(answer)
        file.read(1000)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        file.close()
        line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with serving(tmp_path, "plain", port=free_port()) as server:
        server.port = listener.getsockname()[1]
        folder = clinic(tmp_path, server, kind="none", login="none")
        big = os.urandom(3_000_000)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("clinicreport.books.report.report_workbook.content", lambda _: big)
            run(folder)
        assert states(folder) == ["queued"]
        folder.root.joinpath("clinic.toml").write_text(
            settings(server, kind="none", login="none").replace(
                f"port = {listener.getsockname()[1]}", f"port = {server.controller.port}"
            )
        )
        run(folder, retry=True)
        assert len(server.office.arrived) == 1
    assert states(folder) == ["sent"]
    listener.close()


def test_too_large_for_the_server_or_for_the_settings(tmp_path):
    with serving(tmp_path, data_size_limit=500) as server:
        folder = clinic(tmp_path, server)
        done = run(folder)
        assert "too large" in done.mail_problems[0]
        assert server.office.arrived == []
        small = clinic(tmp_path, server, "small", largest_megabytes="0.001")
        run(small)
    assert states(folder) == states(small) == ["failed"]
    assert "another way" in only(small)["reason"]


def test_dots_at_line_starts_arrive_as_they_were(tmp_path):
    assert smtp.dotted(b".one\r\n..two\nthree") == b"..one\r\n...two\r\nthree\r\n"


SENDING = (
    "send: begun",
    "send: transmitted",
    "send: sending",
    "send: accepted",
    "send: recorded",
    "outbox: planned",
    "outbox: composed",
    "message: flushed",
    "message: renamed",
)


@pytest.mark.once
@needs_a_server
@pytest.mark.parametrize("point", SENDING)
def test_killed_while_sending(ground, point):
    """Exactly once, but for the named window, which is unsure and never twice."""
    place = ground / point.replace(": ", "-")
    place.mkdir()
    with serving(place) as server:
        folder = clinic(place, server, recipients=("office", "second"))
        assert killed_at(folder, point)
        run(folder, retry=True)
        run(folder, retry=True)
        arrived = server.office.ids()
    ended = {row["message_id"]: row["state"] for row in messages(folder)}
    assert len(ended) == 2
    assert set(arrived.values()) <= {1}
    window = {"send: sending", "send: accepted"}
    unsure = [key for key, state in ended.items() if state == "unsure"]
    assert len(unsure) == (1 if point in window else 0)
    assert all(arrived[key] == 1 for key, state in ended.items() if state == "sent")
    assert set(ended.values()) <= {"sent", "unsure"}
