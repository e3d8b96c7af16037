"""What a clinic folder tells of a finding over the months."""

import csv

import pytest
from clinic_folders import TODAY, drop, faulty, log, make_fast, make_folder, request, run

from clinicreport.folder import status_page
from clinicreport.folder.month_reports import compute
from clinicreport.folder.open_folder import opened
from clinicreport.outcomes.finding_life import Reply
from clinicreport.workbook.life_words import quality_line, state_words


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """September with an error of P-7, whose course goes on in October."""
    make_fast(monkeypatch)
    folder = make_folder(tmp_path / "clinic")
    drop(folder, "september.csv", faulty("2026-09"))
    drop(folder, "october.csv", log("2026-10", patients=("P-7",)))
    run(folder)
    return folder


def of(folder, month):
    """A month's findings as its report would tell them now, by rule."""
    with opened(folder, request(folder)) as clinic:
        made = compute(clinic, month)
    life = made.life
    assert made.analysis.life is life
    told = {f.rule: state_words(life, at) for at, f in enumerate(made.checked.findings)}
    return told, quality_line(life, made.analysis.period), life


def page(folder):
    with opened(folder, request(folder, TODAY)) as clinic:
        return status_page.page(clinic)


def acknowledge(folder, who="A. B.", why="asked at the desk"):
    text = (folder.reports / "2026-09" / "to-acknowledge.csv").read_text("utf-8-sig")
    head, *lines = csv.reader(text.splitlines())
    given = [[*line[:3], who, why, *line[5:]] for line in lines]
    with folder.acknowledged.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *given])


def test_a_finding_is_open_since_the_month_that_first_had_it(folder):
    told, line, life = of(folder, "2026-10")
    assert told["bad-score"] == "still open since Sep 2026"
    assert life.months == (("2026-09", {"new": 1, "open": 0, "answered": 0, "mended": 0}),)
    assert line == "0 of 3 findings of the version before mended; 3 still open"


def test_an_acknowledgement_answers_while_the_cell_stays_as_it_is(folder):
    acknowledge(folder)
    told, _, life = of(folder, "2026-09")
    assert told["bad-score"] == "answered by A. B.: asked at the desk"
    assert life.answered_by() == {"A. B.": 1}
    drop(folder, "september.csv", faulty("2026-09").replace(b"6-7", b"5-6"))
    run(folder)
    told, _, life = of(folder, "2026-09")
    assert told["bad-score"] == "still open since Sep 2026"
    assert life.answers.count(None) == len(life.answers)


def test_a_corrected_cell_is_mended_and_the_status_page_says_so(folder):
    drop(folder, "september.csv", faulty("2026-09").replace(b"6-7", b"6"))
    run(folder)
    assert " 1 mended" in page(folder)
    assert "still open" in page(folder)


def test_the_status_page_says_who_answered_and_not_why(folder):
    assert "answered by" not in page(folder)
    acknowledge(folder)
    assert "(answered by A. B. 1)" in page(folder)
    assert "asked at the desk" not in page(folder)


def test_a_purge_leaves_no_finding_known(folder):
    with opened(folder, request(folder)) as clinic:
        assert set(clinic.ledger.first_found("2026-12").values()) == {"2026-09", "2026-10"}
        assert clinic.ledger.first_found("2026-08") == {}
        with clinic.ledger.change() as change:
            change.forget_reports("2026-09", again=True)
        assert set(clinic.ledger.first_found("2026-12").values()) == {"2026-10"}


def test_a_line_for_a_rule_patient_and_day_answers_too(folder):
    text = "rule,patient,date,who,why\nbad-score,P-7,2026-09-07,C. D.,known\n"
    folder.acknowledged.write_text(text, encoding="utf-8")
    _, _, life = of(folder, "2026-09")
    assert Reply("C. D.", "known") in life.answers
