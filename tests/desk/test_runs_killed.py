"""The program is killed while a dropped log is being used: opened again, the desk comes to the same
end, and nothing is there twice."""

import os
import signal

import pytest
from clinic_folders import end_state, log, make_fast, make_folder, memory_place
from desk_browser import make_desk
from killed import _started, needs_a_server

from clinicreport.desk import kept, runs
from clinicreport.folder import steps

pytestmark = needs_a_server


def dropped(folder):
    path, file = kept.arriving(folder.root)
    with file:
        file.write(log())
    return kept.keep(folder.root, path, "october.csv").sha


def use_up_to(folder, sha, point):
    def hook(passed):
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    steps.hook = hook
    make_fast(pytest.MonkeyPatch())
    runs.use_kept(make_desk(folder), "use", sha)


@pytest.fixture(scope="module")
def undisturbed():
    with memory_place() as place:
        folder = make_folder(place / "clinic")
        with pytest.MonkeyPatch.context() as patch:
            make_fast(patch)
            runs.use_kept(make_desk(folder), "use", dropped(folder))
        yield end_state(folder)


@pytest.mark.parametrize(
    "point",
    ["use: written", "use: renamed", "receive: staged", "archive: moved", "file: settled"],
)
def test_what_was_to_be_used_is_used_once(clinic, undisturbed, point, monkeypatch):
    sha = dropped(clinic)
    child = _started(use_up_to, clinic, sha, point)
    child.join()
    assert child.exitcode == -signal.SIGKILL
    make_fast(monkeypatch)
    desk = make_desk(clinic)
    runs.go_on(desk)
    while desk.jobs.busy:
        desk.jobs.wait(1)
    assert desk.jobs.result(f"use-{sha}").error is None
    assert list((clinic.root / "looking").iterdir()) == []
    assert list(clinic.inbox.iterdir()) == []
    assert end_state(clinic) == undisturbed
