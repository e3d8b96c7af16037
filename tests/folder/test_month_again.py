"""A month computed once more says what its report said, until something changes."""

import csv
import shutil

import pytest
from clinic_folders import drop, faulty, log, make_fast, make_folder, memory_place, request, run

from clinicreport.folder.month_again import again, rests_on
from clinicreport.folder.open_folder import opened
from clinicreport.folder.places import find


@pytest.fixture(scope="module")
def made():
    """October in two versions, after a September with an error."""
    with memory_place() as place, pytest.MonkeyPatch.context() as patch:
        make_fast(patch)
        folder = make_folder(place / "clinic")
        for name, content in (
            ("september.csv", faulty("2026-09")),
            ("october.csv", log("2026-10", scores=(7, "6-7", 6))),
            ("october.csv", log("2026-10", scores=(7, 5, 4))),
        ):
            drop(folder, name, content)
            run(folder)
        yield folder


@pytest.fixture
def folder(made):
    """A copy of it."""
    with memory_place() as place:
        yield find(shutil.copytree(made.root, place / "clinic"))


def asked(folder, month="2026-10"):
    with opened(folder, request(folder)) as clinic:
        return again(clinic, month), rests_on(clinic, month)


def test_it_is_beside_the_version_before_its_report(folder):
    found, key = asked(folder)
    assert (found.row.version, found.same) == (2, True)
    assert found.month.replaces.version == 1
    assert found.month.life.counts() == found.row.figures["life"]
    assert found.month.life.counts()["mended"] == 2
    assert found.month.analysis.restated
    assert asked(folder)[1] == key


def test_a_first_report_is_beside_the_month_before(folder):
    found, _ = asked(folder, "2026-09")
    assert (found.row.version, found.same, found.month.replaces) == (1, True, None)


def test_an_answer_makes_it_say_something_else(folder):
    _, key = asked(folder, "2026-09")
    text = (folder.reports / "2026-09" / "to-acknowledge.csv").read_text("utf-8-sig")
    head, *lines = csv.reader(text.splitlines())
    given = [[*line[:3], "A. B.", "asked", *line[5:]] for line in lines]
    with folder.acknowledged.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *given])
    found, other = asked(folder, "2026-09")
    assert other != key
    assert not found.same
    assert found.month.life.counts()["answered"] == len(lines) == 1
    assert found.month.replaces.version == 1  # as a new version would have it


@pytest.mark.parametrize(
    ("old", "new"),
    [("Hill Clinic", "Dale Clinic"), ("[folder]", 'date_order = "day-first"\n[folder]')],
)
def test_other_settings_make_it_say_something_else(folder, old, new):
    toml = folder.root / "clinic.toml"
    toml.write_text(toml.read_text().replace(old, new, 1))
    assert not asked(folder)[0].same


def test_a_month_without_a_report_is_none(folder):
    assert asked(folder, "2026-08")[0] is None
