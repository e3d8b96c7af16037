"""A new clinic folder, and the commands that a clinic uses, from beginning to end."""

import csv
import email
import email.policy
import json
import os
import subprocess
import sys
import tomllib

import pytest
from click.testing import CliRunner
from clinic_folders import SETTINGS, drop, faulty, log, make_fast, make_folder, rows
from openpyxl import load_workbook

from clinicreport.commands.cli import main
from clinicreport.ground.resources import resource
from clinicreport.protocol import in_force
from clinicreport.settings import config
from clinicreport.settings.config import Config


@pytest.fixture
def fast(monkeypatch):
    make_fast(monkeypatch)


def call(*words, status=0, answers=None):
    result = CliRunner().invoke(
        main, [str(w) for w in words], input=answers, catch_exceptions=False
    )
    assert result.exit_code == status, result.output
    return result


def told(*words, status=0):
    return json.loads(call(*words, "--json", status=status).stdout)


# -------------------------------------------------------------------------------------- init


@pytest.mark.once
def test_init_makes_a_folder_that_runs(tmp_path):
    """As docs/month.md tells a newcomer: init, copy the sample, run; a draft is in the outbox."""
    root = tmp_path / "my clinic"
    call("init", root)
    wanted = {"clinic.toml", "protocol.toml", "session-log.xlsx", "README.md", "acknowledged.csv"}
    assert wanted <= {path.name for path in root.iterdir()}
    sample = root / "samples" / "2026-08.xlsx"
    (root / "inbox" / "2026-08.xlsx").write_bytes(sample.read_bytes())
    result = told("run", root, "--today", "2026-09-15")
    assert result["exit_status"] == 0
    (message,) = result["messages"]
    draft = email.message_from_bytes(
        (root / message["file"]).read_bytes(), policy=email.policy.default
    )
    (attached,) = draft.iter_attachments()
    report = root / "reports" / "2026-08" / "clinic-report-2026-08.xlsx"
    assert attached.get_content() == report.read_bytes()
    assert "Summary" in load_workbook(report, read_only=True).sheetnames
    assert (root / "archive" / "2026-08" / "2026-08.xlsx").read_bytes() == sample.read_bytes()
    marked = list(report.parent.glob("*marked*.xlsx"))
    assert len(marked) == 1
    page = (root / "STATUS.html").read_text(encoding="utf-8")
    assert "clinic-report-2026-08.xlsx" in page
    blank = root / "inbox" / "blank.xlsx"
    blank.write_bytes((root / "session-log.xlsx").read_bytes())
    result = told("run", root, "--today", "2026-09-15", status=1)
    assert "no visits yet" in result["rejected"][0]["reason"]


def test_init_overwrites_nothing_and_fills_what_is_missing(tmp_path):
    root = tmp_path / "clinic"
    call("init", root)
    (root / "clinic.toml").write_text('name = "Mine"', encoding="utf-8")
    (root / "README.md").unlink()
    said = call("init", root).output
    assert (root / "clinic.toml").read_text(encoding="utf-8") == 'name = "Mine"'
    assert (root / "README.md").exists()
    assert "Left as they were: clinic.toml" in said
    file = tmp_path / "file"
    file.write_text("x")
    call("init", file, status=5)


def test_a_dry_run_of_init_makes_nothing(tmp_path):
    call("init", tmp_path / "clinic", "--dry-run")
    assert not (tmp_path / "clinic").exists()


def test_the_templates_of_a_folder_are_valid_and_show_every_setting(tmp_path):
    text = resource("templates/clinic.toml").read_text(encoding="utf-8")
    (tmp_path / "clinic.toml").write_text(text, encoding="utf-8")
    config.load(None, tmp_path)
    in_force.load(resource("templates/protocol.toml"))
    for part in (Config, config.FolderSettings, config.Mail, config.Recipient, config.Ids):
        for name in part.model_fields:
            assert name in text, name


def test_the_remarks_in_the_template_are_the_defaults():
    """Uncommented, each setting that is switched off has the value that holds anyway."""
    lines = resource("templates/clinic.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# [folder]")
    block = []
    for line in lines[start:]:
        if not line.startswith("# "):
            break
        block.append(line[2:])
    assert (
        config.FolderSettings(**tomllib.loads("\n".join(block))["folder"])
        == config.FolderSettings()
    )


# ------------------------------------------------------------------------------------- config


def test_config_shows_each_setting_and_where_it_came_from(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    more = tmp_path / "more.toml"
    more.write_text('[mail]\nsubject = "Report {month}"', encoding="utf-8")
    shown = told("config", folder.root, "--config", more)
    assert shown["name"] == {"value": "Hill Clinic", "from": "clinic.toml"}
    assert shown["mail.subject"] == {"value": "Report {month}", "from": "more.toml"}
    assert shown["mail.login"] == {"value": "none", "from": "built-in"}
    more.write_text('[mail]\nsubjekt = "x"', encoding="utf-8")
    refused = call("config", folder.root, "--config", more, status=2)
    assert 'mail.subjekt: unknown key; did you mean "subject"?' in refused.output


# ---------------------------------------------------------------------------------- run, status


def test_exit_statuses_and_json(tmp_path, fast, monkeypatch):
    folder = make_folder(tmp_path / "clinic")
    assert told("run", folder.root)["archived"] == []
    drop(folder, "october.csv", log())
    result = told("run", folder.root)
    assert [one["file"] for one in result["archived"]] == ["october.csv"]
    assert result["reports"][0]["month"] == "2026-10"
    drop(folder, "broken.csv", b"")
    assert told("run", folder.root, status=1)["rejected"][0]["file"] == "broken.csv"
    call("run", tmp_path, status=2)
    call("run", tmp_path / "nowhere", status=2)
    call("run", folder.root, "--replaces", "x.csv", status=2)
    from clinicreport.folder import lock

    with lock.locked(folder.root):
        assert "another clinicreport" in call("run", folder.root, status=5).output
        assert "another clinicreport" in call("watch", folder.root, status=5).output
    monkeypatch.chdir(folder.root)
    call("run")


def test_a_dry_run_says_what_would_happen(tmp_path, fast):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    drop(folder, "broken.csv", b"")
    said = call("run", folder.root, "--dry-run").output
    assert "october.csv: 6 visits, would go under 2026-10" in said
    assert "would reject: broken.csv" in said
    assert not folder.ledger.exists()
    assert len(list(folder.inbox.iterdir())) == 2


def test_status_says_what_came_failed_and_waits_and_what_never_came(tmp_path, fast):
    folder = make_folder(tmp_path / "clinic")
    assert "Nothing came yet" in call("status", folder.root).output
    assert not folder.ledger.exists()
    drop(folder, "august.csv", log("2026-08"))
    drop(folder, "october.csv", faulty("2026-10"))
    drop(folder, "broken.csv", b"")
    call("run", folder.root, "--today", "2026-11-24", status=1)
    drop(folder, "new.csv", log("2026-11"))
    found = told("status", folder.root, "--today", "2026-11-24")
    assert found["missing_months"] == ["2026-09"]
    assert found["inbox"] == ["new.csv"]
    assert [one["file"] for one in found["logs"]] == ["august.csv", "october.csv"]
    assert [one["state"] for one in found["messages"]] == ["drafted", "held"]
    assert found["rejected"][0]["path"] == "rejected/broken.csv"
    words = call("status", folder.root, "--today", "2026-12-10").output
    assert "2026-09: no log" in words
    assert "2026-11: no log" in words
    assert "2026-11: no log" not in call("status", folder.root, "--today", "2026-12-09").output
    page = folder.status_page.read_text(encoding="utf-8")
    assert "2026-09: no log" in page
    assert "Please look at" in page
    history = call("status", folder.root, "--history").output
    for kind in ("received", "archived", "rejected", "reported", "held", "drafted"):
        assert f" {kind} " in history
    assert len(told("status", folder.root, "--last", "2")["events"]) == 2


def test_names_in_the_status_page_are_no_markup(tmp_path, fast):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "<script>alert(1)<script>.csv", log())
    call("run", folder.root)
    page = folder.status_page.read_text(encoding="utf-8")
    assert "<script" not in page


def test_watch_works_until_it_is_stopped(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    process = subprocess.Popen(
        [sys.executable, "-m", "clinicreport", "watch", str(folder.root), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        drop(folder, "october.csv", log())
        assert json.loads(process.stdout.readline())["archived"][0]["file"] == "october.csv"
        drop(folder, "november.csv", log("2026-11"))
        assert json.loads(process.stdout.readline())["archived"][0]["file"] == "november.csv"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_log_rotates(tmp_path, fast):
    folder = make_folder(
        tmp_path / "clinic",
        SETTINGS.replace("[folder]", "[folder]\nlog_kilobytes = 10\nlog_files = 2"),
    )
    folder.log.write_text("x" * 20_000, encoding="utf-8")
    drop(folder, "october.csv", log())
    call("run", folder.root)
    assert folder.log.stat().st_size < 10_000
    assert (folder.root / "clinicreport.log.1").stat().st_size == 20_000


# ------------------------------------------------------------------------------------- purge


def everything(folder):
    """All bytes of the folder, those inside workbooks too."""
    import io
    import zipfile

    parts = {}
    for path in folder.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            parts[path.relative_to(folder.root).as_posix()] = data
            if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
                with zipfile.ZipFile(io.BytesIO(data)) as book:
                    for name in book.namelist():
                        parts[f"{path.name}!{name}"] = book.read(name)
    return parts


def with_patient(folder):
    drop(folder, "september.csv", log("2026-09", patients=("P-1", "XQ-77")))
    drop(folder, "october.csv", faulty().replace(b"P-7", b"XQ-77"))
    call("run", folder.root)
    folder.acknowledged.write_text(
        "rule,patient,date,who,why\nbad-score,XQ-77,2026-10-07,M. Example,asked again\n"
        "bad-score,P-1,2026-10-07,M. Example,asked again\n",
        encoding="utf-8",
    )
    call("run", folder.root)


def test_a_patient_is_removed_everywhere_on_record(tmp_path, fast):
    folder = make_folder(tmp_path / "clinic")
    with_patient(folder)
    assert any(b"XQ-77" in data for data in everything(folder).values())
    asked = ("purge", folder.root, "--patient", "XQ-77", "--who", "M. Example", "--why", "asked")
    assert "Nothing was removed" in call(*asked, answers="n\n").output
    call(*asked, "--dry-run")
    assert any(b"XQ-77" in data for data in everything(folder).values())
    call(*asked, "--yes")
    left = [name for name, data in everything(folder).items() if b"XQ-77" in data]
    assert left == []
    with folder.acknowledged.open(encoding="utf-8-sig") as file:
        assert [row["patient"] for row in csv.DictReader(file)] == ["P-1"]
    history = call("status", folder.root, "--history").output
    assert "a patient was removed from 2 files; asked for by M. Example: asked" in history
    assert (folder.reports / "2026-09" / "clinic-report-2026-09.xlsx").exists()
    drop(folder, "september.csv", log("2026-09", patients=("P-1", "XQ-77")))
    result = told("run", folder.root, status=1)
    assert "removed on purpose" in result["rejected"][0]["reason"]
    assert "Nothing of that" in call(*asked[:2], "--patient", "P-99", *asked[4:]).output


def test_a_purge_that_is_stopped_is_finished_by_the_next_run(tmp_path, fast, monkeypatch):
    from clinicreport.folder import steps

    folder = make_folder(tmp_path / "clinic")
    with_patient(folder)

    class Stopped(BaseException):
        pass

    def stop(name):
        if name == "purge: emptied":
            raise Stopped

    monkeypatch.setattr(steps, "hook", stop)
    with pytest.raises(Stopped):
        call("purge", folder.root, "--patient", "XQ-77", "--who", "M", "--why", "w", "--yes")
    monkeypatch.setattr(steps, "hook", lambda _: None)
    call("run", folder.root)
    assert [name for name, data in everything(folder).items() if b"XQ-77" in data] == []


def test_a_workbook_keeps_everybody_else(tmp_path):
    """The real reader and a real workbook with a register."""
    from clinicreport.folder import patients_rows
    from clinicreport.settings.request import make_request

    path = tmp_path / "2026-09.xlsx"
    path.write_bytes(resource("samples/three-months/2026-09.xlsx").read_bytes())
    request = make_request(today="2026-11-24")
    path.write_bytes(patients_rows.without_patient(path, "H-050", request))
    assert patients_rows.without_patient(path, "H-050", request) is None
    assert patients_rows.without_patient(path, "H-052", request) is not None
    before = load_workbook(resource("samples/three-months/2026-09.xlsx"))
    after = load_workbook(path)
    for sheet in before.sheetnames:
        for row in before[sheet].iter_rows():
            gone = row[0].value == "H-050"
            for cell in row:
                assert after[sheet][cell.coordinate].value == (None if gone else cell.value)


def test_what_is_older_goes_with_its_reports_and_mail(tmp_path, fast):
    folder = make_folder(tmp_path / "clinic")
    for month in ("2025-12", "2026-01", "2026-02"):
        drop(folder, f"{month}.csv", log(month))
        call("run", folder.root)
    call("purge", folder.root, "--older-than", "2026-02", "--who", "M", "--why", "limit", "--yes")
    assert [path.name for path in folder.archive.glob("2*")] == ["2026-02"]
    assert [path.name for path in folder.reports.iterdir()] == ["2026-02"]
    assert len(list(folder.outbox.glob("*.eml"))) == 1
    assert [
        row["name"] for row in rows(folder, "SELECT name FROM files WHERE state = 'purged'")
    ] == [
        "",
        "",
    ]
    call("run", folder.root)
    call("purge", folder.root, "--older-than", "soon", "--who", "M", "--why", "w", status=2)
    call("purge", folder.root, "--who", "M", "--why", "w", status=2)
