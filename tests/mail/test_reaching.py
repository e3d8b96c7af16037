"""A server that drips is left in time; this computer's name in letters that a server takes."""

import socket
import threading
import time

import pytest
from clinic_folders import drop, log, make_folder, rows, run

from clinicreport.mail import reaching, smtp
from clinicreport.mail.conversation import Stopped
from clinicreport.settings.config import Mail

pytestmark = pytest.mark.usefixtures("fast")

SETTINGS = """
[folder]
settle_polls = 1
settle_seconds = 0.0
[mail]
mode = "send"
allow = ["clinic.example"]
sender = "reports@clinic.example"
server = "localhost"
port = {port}
security = "none"
timeout_seconds = 0.3
[[recipients]]
address = "office@clinic.example"
role = "manager"
"""
GREETED = (b"220 here\r\n", b"250 here\r\n")
TAKEN_UP_TO_DATA = (*GREETED, b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n")


def dripping(answers, drop_of=b"220-still here\r\n"):
    """A server that answers so often, and then drips a line every 0.1 s, which ends no answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _ = listener.accept()
        with line, line.makefile("rwb", buffering=0) as file:
            for number, answer in enumerate(answers):
                if number:
                    file.readline()
                file.write(answer)
            if len(answers) > len(GREETED):
                while file.readline() != b".\r\n":
                    pass
            try:
                while True:
                    file.write(drop_of)
                    time.sleep(0.1)
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return listener


def test_a_server_that_drips_its_greeting_is_left_and_the_message_waits(tmp_path):
    with dripping(()) as listener:
        folder = make_folder(tmp_path, SETTINGS.format(port=listener.getsockname()[1]))
        drop(folder, "october.csv", log())
        begun = time.monotonic()
        done = run(folder)
        assert time.monotonic() - begun < 5
    assert "no answer in time" in done.mail_problems[0]
    (row,) = rows(folder, "SELECT * FROM messages")
    assert row["state"] == "queued"
    assert "no answer in time" in row["reason"]


def test_a_server_that_drips_its_answer_to_the_message_leaves_it_unsure(tmp_path):
    with dripping(TAKEN_UP_TO_DATA, b"250-nearly\r\n") as listener:
        folder = make_folder(tmp_path, SETTINGS.format(port=listener.getsockname()[1]))
        drop(folder, "october.csv", log())
        begun = time.monotonic()
        run(folder)
        assert time.monotonic() - begun < 8
    (row,) = rows(folder, "SELECT * FROM messages")
    assert row["state"] == "unsure"


def test_a_message_has_time_by_its_size():
    mail = Mail(timeout_seconds=10)
    assert reaching.opening_seconds(mail) == 20
    assert reaching.message_seconds(mail, 2_000_000) == 120


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("desk.clinic.example", "desk.clinic.example"),
        ("praxis-müller.local", "[127.0.0.1]"),
        ("desk", "[127.0.0.1]"),
        ("a b.example", "[127.0.0.1]"),
        (UnicodeError("label too long"), "[127.0.0.1]"),
        (OSError("no name"), "[127.0.0.1]"),
    ],
)
def test_the_name_to_greet_with(monkeypatch, name, greeting):
    def found():
        if isinstance(name, Exception):
            raise name
        return name

    monkeypatch.setattr(socket, "getfqdn", found)
    assert reaching.own_name() == greeting


def test_a_certificate_file_that_is_none_is_said(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate", encoding="utf-8")
    for name in ("ca.pem", "gone.pem"):
        mail = Mail(server="localhost", sender="a@b.example", ca_file=name)
        with pytest.raises(Stopped, match=f"{name} cannot be read") as stopped:
            smtp.Connection(mail, tmp_path).__enter__()
        assert stopped.value.alarm
