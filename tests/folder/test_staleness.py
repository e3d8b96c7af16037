"""What was made before settings, protocol or recipients changed is said, or made anew."""

import shutil

import pytest
from clinic_folders import (
    SETTINGS,
    drop,
    end_state,
    faulty,
    log,
    make_folder,
    memory_place,
    rows,
    run,
)

from clinicreport.folder import places, steps

pytestmark = pytest.mark.usefixtures("fast")

ODD = log().replace(b"Pain before", b"Schmerz zuvor")
ALIAS = '\n[aliases]\nnrs_before = ["Schmerz zuvor"]\n'


@pytest.fixture
def folder(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", log())
    run(folder)
    return folder


def settings(folder, text):
    (folder.root / "clinic.toml").write_text(text, encoding="utf-8")


def protocol(folder):
    (folder.root / "protocol.toml").write_text(
        '[rules.session-too-short]\nseverity = "note"\n', encoding="utf-8"
    )


def look(folder):
    """What the status page wants to be looked at."""
    page = folder.status_page.read_text(encoding="utf-8")
    return page.partition("Please look at")[2].partition("<h2>Reports</h2>")[0]


def versions(folder):
    return [row["version"] for row in rows(folder, "SELECT version FROM reports ORDER BY id")]


def mail(folder):
    found = rows(folder, "SELECT address, state FROM messages ORDER BY id")
    return [(row["address"].partition("@")[0], row["state"]) for row in found]


def test_a_changed_protocol_is_said_on_the_page_until_the_report_is_made_anew(folder):
    assert "before" not in look(folder)
    protocol(folder)
    done = run(folder)
    assert (len(done.stale), versions(folder)) == (1, [1])
    page = look(folder)
    assert "2026-10: its report was made before protocol.toml changed" in page
    assert "run --remake 2026-10" in page
    assert "remake = &#34;always&#34;" in page
    assert run(folder).stale == done.stale
    assert run(folder, remake=["2026-10"]).stale == []
    assert versions(folder) == [1, 2]
    assert "Made before" not in look(folder)


@pytest.mark.parametrize("changed", ["protocol", "settings"])
def test_always_makes_it_anew_once(folder, changed):
    always = SETTINGS.replace("[folder]", '[folder]\nremake = "always"')
    settings(folder, always)
    assert run(folder).reports == []  # nothing else is different yet
    if changed == "protocol":
        protocol(folder)
    else:
        settings(folder, always.replace("Hill Clinic", "Vale Clinic"))
    assert [one["version"] for one in run(folder).reports] == [2]
    assert run(folder).reports == []
    assert mail(folder) == [("office", "replaced"), ("office", "drafted")]


def test_what_no_report_rests_on_makes_none_stale(folder):
    settings(folder, SETTINGS.replace("poll_seconds = 0.01", "poll_seconds = 0.02"))
    assert not run(folder).anything


def test_a_heading_added_makes_rejected_files_tried_again(folder):
    drop(folder, "september.csv", ODD)
    drop(folder, "broken.xlsx", b"PK no workbook")
    assert len(run(folder).rejected) == 2
    assert not run(folder).rejected
    settings(folder, SETTINGS + ALIAS)
    done = run(folder)
    assert [one["file"] for one in done.rejected] == ["broken.xlsx"]
    assert [one["file"] for one in done.held] == ["september.csv"]  # it is October's log indeed
    assert not run(folder).rejected  # once


def test_reasons_and_marked_copies_go_when_their_file_was_taken(folder):
    drop(folder, "september.csv", b"nothing of use")
    drop(folder, "broken.csv", b"nothing of use either")
    run(folder)
    (folder.rejected / "september-marked.xlsx").write_bytes(b"marked")
    drop(folder, "september.csv", log("2026-09"))
    run(folder)
    left = sorted(path.name for path in folder.rejected.iterdir())
    assert "september.csv" in left  # the original stays
    assert "september.csv.reason.txt" not in left
    assert "september-marked.xlsx" not in left
    assert "broken.csv.reason.txt" in left


def test_a_marked_copy_beside_the_report_goes_when_nothing_is_left_to_mark(tmp_path):
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "october.csv", faulty())
    run(folder)
    copies = folder.reports / "2026-10"
    assert [path.name for path in copies.glob("*-marked.xlsx")] == ["october-marked.xlsx"]
    drop(folder, "october.csv", log(patients=("P-7",)))
    run(folder)
    assert not list(copies.glob("*-marked.xlsx"))


def test_a_changed_address_gets_the_draft_that_waited(folder):
    settings(folder, SETTINGS.replace("office@", "desk@"))
    run(folder)
    assert mail(folder) == [("office", "replaced"), ("desk", "drafted")]
    (draft,) = folder.outbox.glob("*.eml")
    assert "To: desk@clinic.example" in draft.read_text(encoding="utf-8")
    assert "desk@clinic.example" in look(folder)
    assert "office@" not in look(folder)
    assert not run(folder).messages


def test_one_who_is_gone_gets_nothing_and_nobody_else_does(folder):
    settings(folder, SETTINGS[: SETTINGS.index("[[recipients]]")])
    run(folder)
    assert mail(folder) == [("office", "replaced")]
    assert not list(folder.outbox.glob("*.eml"))


def test_one_put_on_the_list_later_is_named_on_the_page(folder):
    settings(folder, SETTINGS + SETTINGS[SETTINGS.index("[[") :].replace("office", "new"))
    run(folder)
    assert mail(folder) == [("office", "drafted")]
    assert "new@clinic.example (manager) was put on the list after its report" in look(folder)


def test_stopped_while_an_address_changes_the_next_run_comes_to_the_same_end(monkeypatch):
    class Stop(BaseException):
        pass

    with memory_place() as place:
        before = make_folder(place / "before")
        drop(before, "october.csv", log())
        run(before)
        settings(before, SETTINGS.replace("office@", "desk@"))
        whole = _copied(before, place / "whole")
        passed = []
        monkeypatch.setattr(steps, "hook", passed.append)
        run(whole)
        monkeypatch.setattr(steps, "hook", lambda _: None)
        end = end_state(whole)
        for number, name in enumerate(dict.fromkeys(passed)):
            folder = _copied(before, place / str(number))

            def hook(passing, name=name):
                if passing == name:
                    raise Stop

            monkeypatch.setattr(steps, "hook", hook)
            with pytest.raises(Stop):
                run(folder)
            monkeypatch.setattr(steps, "hook", lambda _: None)
            run(folder)
            assert end_state(folder) == end, name


def _copied(folder, to):
    shutil.copytree(folder.root, to)
    return places.find(to)
