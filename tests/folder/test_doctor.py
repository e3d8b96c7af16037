"""The doctor says what is wrong around a folder, and what to do; it changes nothing."""

import json
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, TODAY, drop, log, make_folder, request, run
from imap_server import mailbox
from imap_server import settings as mailbox_settings
from mail_server import PASSWORD

from clinicreport.commands.cli import main
from clinicreport.folder import clock, doctor

pytestmark = pytest.mark.usefixtures("fast")


@pytest.fixture
def folder(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log("2026-10"))
    run(folder)
    return folder


def ill(folder, **more):
    return [one.text for one in doctor.look(folder, request(folder), **more) if not one.well]


def test_a_folder_that_is_well(folder):
    assert ill(folder) == []
    said = CliRunner().invoke(main, ["status", str(folder.root), "--doctor", "--today", TODAY])
    assert said.exit_code == 0
    assert "✔ The ledger is whole." in said.stdout
    assert "▲" not in said.stdout


def test_before_the_first_run_nothing_is_made(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    before = sorted(folder.root.rglob("*"))
    assert "ledger" not in " ".join(ill(folder))
    assert sorted(folder.root.rglob("*")) == before


def test_a_damaged_and_a_missing_ledger_name_the_way_out(folder):
    content = folder.ledger.read_bytes()
    folder.ledger.write_bytes(content[:100] + b"\xa5" * (len(content) - 100))
    (text,) = ill(folder)
    assert "run --rebuild" in text
    ran = CliRunner().invoke(
        main, ["status", str(folder.root), "--doctor", "--json", "--today", TODAY]
    )
    assert ran.exit_code == 1
    (point,) = [one for one in json.loads(ran.stdout)["points"] if not one["well"]]
    assert point["text"] == text
    folder.ledger.unlink()
    (text,) = ill(folder)
    assert "ledger.sqlite is missing" in text
    assert "run --rebuild" in text
    run(folder, rebuild=True)
    assert ill(folder) == []


def test_open_files_and_password_files_are_named(tmp_path):
    mail = '[mail]\npassword_file = "smtp.txt"\nattachment_password_file = "none.txt"\n'
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]\n", mail))
    run(folder)
    (folder.root / "smtp.txt").write_text("a secret word")
    (folder.root / "smtp.txt").chmod(0o644)
    folder.ledger.chmod(0o640)
    texts = "\n".join(ill(folder))
    assert "Other accounts of this computer may open ledger.sqlite" in texts
    assert "chmod 600 smtp.txt" in texts
    assert "none.txt that clinic.toml names is not there" in texts
    assert "a secret word" not in texts
    (folder.root / "smtp.txt").chmod(0o600)
    (folder.root / "none.txt").write_text("another word")
    (folder.root / "none.txt").chmod(0o600)
    run(folder)
    assert ill(folder) == []


def test_what_one_run_of_another_account_left_is_named(folder, monkeypatch):
    run(folder)
    theirs = folder.reports / "2026-10"
    owner = folder.root.stat().st_uid
    access = os.access
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    monkeypatch.setattr(os, "access", lambda path, way: path != theirs and access(path, way))
    said = [text for text in ill(folder) if "may not be changed" in text]
    assert said[0].startswith("reports/2026-10 may not be changed: of another account (")
    assert "sudo chown -R ACCOUNT FOLDER" in said[0]


@pytest.mark.parametrize("place", ["OneDrive - Hill Clinic", "Dropbox", "Google Drive"])
def test_a_synced_place_is_said(tmp_path, place):
    folder = make_folder(tmp_path / place / "clinic")
    run(folder)
    (text,) = ill(folder)
    assert place in text
    assert "Move it" in text


def test_a_clock_behind_the_ledger_and_a_full_disk_are_said(folder, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    first, second = ill(folder)
    assert "clock says 2001-01-01" in first
    assert "looked at again by itself" in first
    assert "make room" in second


def test_the_mail_server_is_asked_on_request_alone(tmp_path):
    server = 'server = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "a@clinic.example"\n'
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]\n", "[mail]\n" + server))
    run(folder)
    assert ill(folder) == []
    (text,) = ill(folder, connect=True)
    assert text.startswith("127.0.0.1: ")


def test_the_mailbox_is_asked_too_and_gets_nothing(tmp_path):
    with mailbox(tmp_path) as (post, port, ca_file):
        folder = make_folder(tmp_path / "clinic", mailbox_settings(port, ca_file))
        (folder.root / "smtp-password.txt").write_text(PASSWORD)
        (folder.root / "smtp-password.txt").chmod(0o600)
        run(folder)
        assert ill(folder, connect=True) == []
        post.password = "another"
        (text,) = ill(folder, connect=True)
        assert text.startswith("localhost: login refused: ")
        assert (post.logins, post.drafts()) == (2, [])
