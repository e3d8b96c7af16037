"""A start as a process of its own: what it leaves, after a kill too."""

import os
import subprocess
import sys
import urllib.request

import pytest
from clinic_folders import make_folder

from clinicreport.desk import running


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def started(folder):
    """A desk in a process of its own, and the address that it says."""
    words = [sys.executable, "-m", "clinicreport", "desk", str(folder.root), "--no-browser"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ)
    process.stdout.readline()
    return process, process.stdout.readline().strip()


def test_a_start_is_found_and_after_a_kill_a_new_one_takes_its_place(home):
    folder = make_folder(home / "clinic")
    process, address = started(folder)
    try:
        with urllib.request.urlopen(address) as page:
            assert b"Go on to the desk" in page.read()
        found = running.find_running(folder.root)
        assert found.process == process.pid
        again, second = started(folder)
        assert again.wait(20) == 0  # it says how to come in, and is over
        assert second.startswith(f"http://127.0.0.1:{found.port}/{found.prefix}/enter?key=")
        assert second != address
    finally:
        process.kill()
        process.wait()
    assert running.state_file(folder.root).exists()
    assert running.find_running(folder.root) is None


def test_the_month_is_shown_before_what_computes_a_report_is_loaded():
    words = (
        "import sys, clinicreport.desk.app; print('pydantic' in sys.modules); "
        "import clinicreport.desk.month_page; print({'numpy', 'pandas'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "False\nset()\n"


def test_the_settings_of_the_option_are_those_that_are_answered_into(home, cli, monkeypatch):
    folder, own = make_folder(home / "clinic"), home / "own.toml"
    own.write_text('name = "Other"\n')
    told = []
    monkeypatch.setattr(
        "clinicreport.desk.start.run_desk",
        lambda folder, request, **more: told.append((request(folder).config, more["config_file"])),
    )
    cli("desk", folder.root, "--config", own, "--no-browser")
    ((config, file),) = told
    assert (config.name, file) == ("Other", own)
