"""Who may open a folder on Windows: what icacls writes, in words, and what is printed then."""

import subprocess
import types
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic_folders import make_folder, request

from clinicreport.commands.cli import main
from clinicreport.folder import doctor, windows_rights

OWNER = "S-1-5-21-1004336348-1177238915-682003330-1001"
INHERITED = (
    "clinic\r\nD:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)"
    "(A;OICIIOID;SDGXGWGR;;;AU)\r\n"
)
CLOSED = f"clinic\r\nD:PAI(A;OICI;FA;;;{OWNER})(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)\r\n"


@pytest.mark.parametrize(
    ("saved", "groups"),
    [
        (INHERITED, ["Users", "Authenticated Users"]),
        (CLOSED, []),
        ("clinic\r\nD:(A;OICI;FR;;;WD)\r\n", ["Everyone"]),
        ("clinic\r\nD:(A;OICI;FR;;;S-1-1-0)\r\n", ["Everyone"]),
        ("clinic\r\nD:(D;OICI;FR;;;WD)(A;;FA;;;SY)\r\n", []),  # denied, not allowed
        ("clinic\r\nD:(A;;FR;;;S-1-5-21-1-2-3-513)\r\n", ["Domain Users"]),
        (f'clinic\r\nD:(XA;;FX;;;BU;(@User.Title=="x"))(A;;FA;;;{OWNER})\r\n', ["Users"]),
        ("", None),
    ],
)
def test_groups_of_everybody(saved, groups):
    assert windows_rights.wide_groups(saved) == groups


@pytest.fixture
def icacls(monkeypatch):
    """The tool, which writes what it is told to, as UTF-16 without a mark."""
    answers = [INHERITED]

    def run(words, **_):
        tool, _place, save, target = words
        assert (Path(tool).name, save) == ("icacls.exe", "/save")
        if not answers:
            raise subprocess.CalledProcessError(5, "icacls")
        Path(target).write_bytes(answers[-1].encode("utf-16-le"))

    monkeypatch.setattr(windows_rights.subprocess, "run", run)
    monkeypatch.setenv("USERDOMAIN", "HILL")
    monkeypatch.setenv("USERNAME", "anna")
    for module in (doctor, import_module("clinicreport.commands.init")):
        monkeypatch.setattr(module, "sys", types.SimpleNamespace(platform="win32"))
    return answers


def test_init_prints_the_command_that_closes_the_folder(tmp_path, icacls):
    root = tmp_path / "clinic"
    said = CliRunner().invoke(main, ["init", str(root)]).output
    assert "lets others open the folder (Users, Authenticated Users)" in said
    assert (
        f'icacls "{root}" /inheritance:r /grant:r "HILL\\anna:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" '
        '"*S-1-5-32-544:(OI)(CI)F"'
    ) in said
    assert f'icacls "{root}" /grant "STAFF:(OI)(CI)M" "TASK-ACCOUNT:(OI)(CI)M"' in said
    icacls.append(CLOSED)
    assert "icacls" not in CliRunner().invoke(main, ["init", str(root)]).output


def points(folder):
    return [(point.well, point.text) for point in doctor.look(folder, request(folder))]


def test_the_doctor_looks_at_the_rights_of_folder_and_passwords(tmp_path, icacls):
    folder = make_folder(tmp_path / "clinic")
    settings = folder.root / "clinic.toml"
    settings.write_text(
        settings.read_text().replace("[mail]", '[mail]\npassword_file = "secret.txt"')
    )
    (folder.root / "secret.txt").write_text("x")
    told = points(folder)
    assert any(not well and "lets others open the folder" in text for well, text in told)
    assert any(not well and "secret.txt (Users, Authen" in text for well, text in told)
    icacls.append(CLOSED)
    told = points(folder)
    assert (True, "Windows gives the folder to named accounts and groups alone.") in told
    assert any(well and "secret.txt is for named" in text for well, text in told)
    icacls.clear()
    told = points(folder)
    assert any(not well and "did not tell who may open the folder" in text for well, text in told)
    assert any(not well and "it cannot be told who" in text for well, text in told)
    assert not any("owner alone" in text for _, text in told)
