"""Who is who, what a cell denies, and visits that stand twice: literal logs, findings out."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from helpers import book_of, log_rows, sheet_of
from rule_log import check, check_books, days, messages, visit

from clinicreport.commands.cli import main
from clinicreport.log import cells
from clinicreport.log.answer_words import Clearances, says_no_event
from clinicreport.log.cells import BLANK, Words, plain
from clinicreport.log.patient_ids import alike_keys
from clinicreport.log.people import birth_date_digest, birth_year_digest, differ, name_digest
from clinicreport.outcomes.analysis import Checked
from clinicreport.protocol.in_force import load
from clinicreport.reading.spreadsheet import Percent
from clinicreport.rules.named_terms import named

SAFETY = load().safety
USUAL = Words(
    clearances=Clearances(tuple(SAFETY.no_clearance_terms), tuple(SAFETY.clearance_terms))
)
TERMS = tuple(term for entry in SAFETY.contraindications for term in entry.terms)
DAY = dt.date(2026, 3, 2)


def cells_of(checked: Checked, rule: str) -> list[str]:
    return [finding.cell for finding in checked.findings if finding.rule == rule]


# ------------------------------------------------------------------------------------- ids

ASKED = ["event", "contraindications", "medication"]  # "none" says that nothing was
PLACEHOLDERS = [
    *("-", "–", ".", "?", "n/a", "NA", "nan", "NaT", "null", "NULL", "none", "missing", "tbd"),
    *("undefined", "unknown", "blank", "pending", "not done", "Not recorded", "<missing>"),
    *("(blank)", "(none)", "<N/A>"),
]


@pytest.mark.parametrize("text", PLACEHOLDERS)
@pytest.mark.parametrize("kind", sorted(cells.READERS.keys() - set(ASKED)))
def test_placeholders_are_blank_in_every_field(kind: str, text: str) -> None:
    assert cells.READERS[kind](text, USUAL) == BLANK


@pytest.mark.parametrize("text", PLACEHOLDERS)
@pytest.mark.parametrize("kind", ASKED)
def test_none_is_an_answer_where_something_was_asked(kind: str, text: str) -> None:
    read = cells.READERS[kind](text, USUAL)
    told = text if kind == "medication" else "none"
    assert read == (cells.Read(told) if "none" in text else BLANK)


@pytest.mark.parametrize(
    "value",
    [
        *["4.9E+11", "4,90123E+11", "1e+17", "4.9e11", "TRUE", "false", "WAHR", "Vrai"],
        *[
            "01-Mar",
            "Mar-01",
            "1-Mär",
            "01-mars",
            "01-ene",
            "May-12",
            "2026-03-01",
            "01.03.2026",
            "3/1/2026",
        ],
        *("Mrz 01", "01. Mrz", "1 March", "01-Mar-26", "2026-03-01 00:00:00", "déc-12", "Mar 2026"),
        *(True, False, 12.1, 1e15, 12345678901234567, 4.90123e17, Percent(0.5)),
        *(DAY, dt.datetime(2026, 3, 1), dt.time(1, 3), dt.timedelta(hours=1)),
    ],
)
def test_what_a_spreadsheet_made_of_an_id_is_none(value: Any) -> None:
    read = cells.read_id(value, USUAL)
    assert (read.value, read.rule) == (None, "bad-patient")
    assert read.detail


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("P-001\u200b", "P-001"),
        ("\ufeffP-001", "P-001"),
        ("P\u00ad-001", "P-001"),
        ("\u00a0P-001\u2009", "P-001"),
        ('="007"', "007"),
        ('=""007""', "007"),
        ("'007", "007"),
        (999_999_999_999_999.0, "999999999999999"),
        ("12345678901234567", "12345678901234567"),
        *(
            (name, name)
            for name in ["Maxi-01", "Minh-02", "12E5", "MAR-01", "June-02", "1-3", "12/3", "12.10"]
        ),
        *((name, name) for name in ("2026-001", "Truelove", "Nana", "Unknown-7", "ОП-1", "O'Neil")),
    ],
)
def test_ids_that_are_ids(value: Any, expected: str) -> None:
    assert cells.read_id(value, USUAL) == cells.Read(expected)


@pytest.mark.parametrize(
    "other",
    [
        *("p-001", "P - 001", "P–001", "P−001", "Р-001", "Ρ-001", "P-OO1", "P-ooI", "P-00l"),
        *("P-001 (new)", "P-001 [moved]", "P-001*", "P-001 neu", "P-001 - new", "00P-001"),
    ],
)
def test_ids_that_look_alike(other: str) -> None:
    checked = check([visit(0, "P-001"), visit(0, other)])
    assert cells_of(checked, "similar-patient-id") == ["A3"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("P-007", "P-7"),
            ("Ilja", "Lija"),
            ("P-001", "P-010"),
            ("ОП-1", "ОП-2"),
            ("OP-1", "P-1"),
        ),
        *(("Max 1", "Max 2"), ("12 A", "12 B"), ("AB", "AC"), ("7", "70"), ("P-1", "P1")),
    ],
)
def test_ids_that_do_not(one: str, other: str) -> None:
    assert not set(alike_keys(one)) & set(alike_keys(other))


def test_an_id_above_the_table_is_read_as_strictly() -> None:
    head = ["Date", "Pain before"]
    sheet = sheet_of([["Patient:", dt.datetime(2026, 3, 1)], [], head, [DAY, 7.0], [DAY, 6.0]])
    checked = check_books([book_of(sheet)])
    assert cells_of(checked, "bad-patient") == ["B1"]
    assert [(s.rows, s.used) for s in checked.log.sources] == [(2, 0)]


# ------------------------------------------------------------------------- one id, two people


@pytest.mark.parametrize(
    ("digest", "one", "other", "expected"),
    [
        (name_digest, "Berta Musterfrau", "BERTA  MUSTERFRAU.", False),
        (name_digest, "Berta Musterfrau", "Karl Beispiel", True),
        (birth_date_digest, dt.datetime(1961, 3, 14), "14.03.1961", False),
        (birth_date_digest, dt.date(1961, 3, 14), "1961-03-14", False),
        (birth_date_digest, dt.date(1961, 3, 2), "02/03/61", False),
        (birth_date_digest, dt.date(1961, 3, 2), "3/2/1961", False),
        (birth_date_digest, "02/03/1961", "03/02/1961", True),
        (birth_date_digest, dt.date(1961, 3, 2), dt.date(1961, 2, 3), True),
        (birth_date_digest, "2 March 1961", dt.date(1961, 3, 2), False),
        (birth_date_digest, "02/11/1950", "21/05/1983", True),
        (birth_year_digest, 1961.0, "61", False),
        (birth_year_digest, 1961, 1916, True),
    ],
)
def test_two_values_of_one_person_or_of_two(
    digest: Any, one: Any, other: Any, expected: bool
) -> None:
    assert differ(digest(one), digest(other)) is expected
    assert differ(digest(other), digest(one)) is expected


SECRETS = ("Berta", "Musterfrau", "Beispiel", "1950", "1961", "1983", "23.11")
NAMED = [
    ["Patient ID", "Full name", "DOB", "Birth year", "Date", "NRS before"],
    ["17", "Berta Musterfrau", "23.11.1950", 1950, DAY, 8],
    ["17", "Karl Beispiel", "21.05.1983", 1983, DAY + dt.timedelta(2), 4],
    ["18", "Berta\u202e Musterfrau", "#N/A", "1961?", DAY, 11],
    [None, "Berta Musterfrau", None, None, None, None],
]


def test_names_and_births_tell_people_apart_and_stand_nowhere(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in NAMED:
        book.worksheets[0].append(row)
    log, out = tmp_path / "log.xlsx", tmp_path / "out"
    book.save(log)
    out.mkdir()
    run = CliRunner().invoke
    told = run(main, ["report", str(log), "-o", str(out / "r.xlsx"), "--json"]).output
    found = json.loads(told[told.index("{") : told.rindex("}") + 1])["findings"]
    people = [f for f in found if f["rule"] == "one-id-two-people"]
    assert {(f["cell"], f["value"], f["patient"]) for f in people} == {("A3", None, "17")}
    assert len(people) == len(NAMED[0]) - 3  # the name, the date and the year
    texts = [told, run(main, ["check", str(log)]).output]
    for sheet in openpyxl.load_workbook(out / "r.xlsx"):
        texts += [str(cell.value) for row in sheet.iter_rows() for cell in row]
    texts = [re.sub(r"\d+\.\d{9,}", "", text) for text in texts]  # sums in formulas, of any digits
    for secret in SECRETS:
        assert not any(secret in text for text in texts), secret


def test_a_register_with_a_bad_birth_year_does_not_tell_it() -> None:
    register = {"P1": {"birth_year": "1961?", "name": "Berta Musterfrau"}}
    checked = check(days(0, 2), register=register)
    (finding,) = [f for f in checked.findings if f.rule == "bad-value"]
    assert finding.value is None
    assert "1961" not in finding.message


# -------------------------------------------------------------------- clearances and denials


@pytest.mark.parametrize(
    "text",
    [
        *(
            "null",
            "nan",
            "undefined",
            "-",
            "?",
            "no",
            "none",
            "<missing>",
            "(pending)",
            "not given",
        ),
        *("awaiting GP", "required", "requested", "refused", "no letter", "letter requested"),
        *("requested, not yet received", "Freigabe angefragt", "steht noch aus", "en attente"),
        *("pendiente", "no GP letter yet", "keine", "GP?", "to be confirmed by Dr Weber"),
    ],
)
def test_a_text_that_nobody_has_cleared(text: str) -> None:
    assert cells.read_clearance(text, USUAL) == BLANK


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "Dr. Example, phone, 2 Oct", "Dr Example", "GP letter on file", "ja", "x", "ok"),
        *("requested 1 Oct, approved 3 Oct", "Dr Norris, 2 Oct", "no objection from Dr Weber"),
        *("Freigabe erteilt, Dr. Offenbach", "cleared by N. Needham", "keine Bedenken, Dr. W."),
    ],
)
def test_a_text_that_somebody_has_cleared(text: str) -> None:
    assert cells.read_clearance(text, USUAL) == cells.Read(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Pregnancy: no", "Pregnant? N", "pregnancy test negative", "hyperthyroidism ruled out"),
        *(
            "no recent burns",
            "pregnancy - no",
            "pregnancy (no)",
            "denies pregnancy",
            "not pregnant",
        ),
        *("Schwangerschaft: nein", "grossesse : non", "embarazo: no", "embarazo descartado"),
        *("Schwangerschaft ausgeschlossen", "hyperthyroïdie exclue", "pregnancy: n/a", "burns=0"),
        *("no burns or pregnancy", "hyperthyroidism, ruled out 2 Oct", "negative pregnancy test"),
    ],
)
def test_what_is_named_and_denied_is_none(text: str) -> None:
    assert not named(text, TERMS)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pregnancy",
            "hyperthyroidism: no, recent burns",
            "pregnancy not ruled out",
            "pregnancy?",
        ),
        *(
            "no burns but pregnant",
            "no burns\npregnant",
            "pregnancy: yes",
            "pregnant, no clearance",
        ),
        *("pregnancy to be excluded", "pregnancy cannot be ruled out", "pregnancy test positive"),
        *("pregnant no clearance yet", "pregnancy, clearance denied", "Schwangerschaft: ja"),
        *("schwanger, Freigabe abgelehnt", "not ruled out: pregnancy", "burns: no; pregnancy: yes"),
    ],
)
def test_what_is_named_and_not_denied(text: str) -> None:
    assert named(text, TERMS)


# ------------------------------------------------------------------------------ adverse events


@pytest.mark.parametrize(
    "text",
    [
        *("No issues", "well tolerated", "no AEs reported", "none", "No adverse reactions noted."),
        *(
            "no issues, well tolerated",
            "nothing to report",
            "uneventful",
            "no problems today",
            "OK",
        ),
        *("keine Nebenwirkungen", "Keine Besonderheiten", "o.B.", "gut vertragen", "unauffällig"),
        *(
            "RAS",
            "aucun effet indésirable",
            "pas d’effet secondaire",
            "bien toléré",
            "sans problème",
        ),
        *("sin novedad", "sin efectos adversos", "ninguno", "bien tolerado", "geen bijwerkingen"),
        *(
            "sem intercorrências",
            "nenhum",
            "nessun effetto collaterale",
            "ben tollerato",
            "✗",
            False,
        ),
    ],
)
def test_a_sentence_that_there_was_no_event(text: Any) -> None:
    assert cells.read_event(text, USUAL) == cells.Read("none")


@pytest.mark.parametrize(
    "text",
    [
        *("mild redness", "no burns but itching", "well tolerated, slight redness", "no sleep"),
        *("issues", "reaction", "no issues except headache", "not well tolerated", "yes"),
        *("keine Nebenwirkungen, nur Rötung", "no improvement", "pas bien toléré", "not ok"),
    ],
)
def test_an_event_is_never_taken_for_none(text: str) -> None:
    assert not says_no_event(plain(text))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("severity", "Moderate", "moderate"),
        ("severity", "leicht", "mild"),
        ("severity", "grave", "severe"),
        ("severity", "awful", None),
        ("relation", "possibly", "unclear"),
        ("relation", "nein", "no"),
        ("relation", "related", "yes"),
        ("relation", "perhaps", None),
    ],
)
def test_what_is_told_of_an_event(kind: str, text: str, expected: str | None) -> None:
    read = cells.READERS[kind](text, USUAL)
    assert (read.value, read.rule) == (expected, "" if expected else "bad-value")


# ------------------------------------------------------------------------------ doubled visits


def files(*logs: tuple[str, list[dict[str, Any]]]) -> Checked:
    """Logs by their files' names."""
    fields = ("patient_id", "date", "start_time", "nrs_before")
    return check_books(
        [book_of(sheet_of(log_rows(rows, fields)), name=name) for name, rows in logs]
    )


def doubled(checked: Checked) -> list[tuple[str, str]]:
    return [(f.file, f.cell) for f in checked.findings if f.rule == "visit-in-two-files"]


OLD = days(0, 2, 4)
NEW = [visit(0), visit(2, nrs_before=3), visit(4, nrs_before=2)]


@pytest.mark.parametrize(
    "name", ["october (1).xlsx", "b.xlsx", "october (conflicted copy 2026-10-31).xlsx"]
)
def test_a_visit_in_two_files_stands_in_the_later_one(name: str) -> None:
    checked = files(("october.xlsx", OLD), (name, NEW))
    assert doubled(checked) == [(name, "D3"), (name, "D4")]
    assert "october.xlsx" in messages(checked, "visit-in-two-files")[0]


def test_a_copy_by_its_name_is_the_later_one_wherever_it_stands() -> None:
    name = "october (1).xlsx"  # sorts before october.xlsx
    checked = files((name, NEW), ("october.xlsx", OLD))
    assert doubled(checked) == [(name, "D3"), (name, "D4")]


def test_the_same_scores_another_time_or_a_blank_are_no_such_visit() -> None:
    assert doubled(files(("a.xlsx", OLD), ("b.xlsx", days(0, 2, 7)))) == []
    morning, evening = visit(0, start_time="9:00"), visit(0, start_time="15:00", nrs_before=2)
    assert doubled(files(("a.xlsx", [morning]), ("b.xlsx", [evening]))) == []
    assert doubled(files(("a.xlsx", OLD), ("b.xlsx", [visit(0, nrs_before=None)]))) == []
    one = [visit(0), visit(0, nrs_before=7)]
    assert doubled(files(("a.xlsx", one), ("b.xlsx", [visit(0, nrs_before=7)]))) == []


def test_two_rows_a_visit_is_said_once_with_what_to_write() -> None:
    rows = [row for day in (0, 2, 4, 7) for row in (visit(day), visit(day, nrs_before=3))]
    (text,) = messages(check(rows), "same-day-scores")
    assert "before and after seem to stand in two rows" in text
    assert 'rows = "before-and-after"' in text
    assert "clinicreport fit" in text
    (finding,) = [f for f in check(rows).findings if f.rule == "same-day-scores"]
    assert (finding.patient, finding.row) == (None, 1)


def test_with_fewer_than_four_such_days_each_is_said() -> None:
    rows = [row for day in (0, 2, 4) for row in (visit(day), visit(day, nrs_before=3))]
    assert cells_of(check(rows), "same-day-scores") == ["E3", "E5", "E7"]


def test_two_sessions_a_day_can_be_declared(tmp_path: Path) -> None:
    lines = ["patient_id,date,nrs_before", "P-1,2026-10-05,8", "P-1,2026-10-05,6"]
    (tmp_path / "log.csv").write_text("\n".join(lines))
    (tmp_path / "clinic.toml").write_text("[reading]\ntwo_sessions_a_day = true\n")
    arguments = ["check", str(tmp_path / "log.csv"), "--today", "2026-11-24"]
    config = ["--config", str(tmp_path / "clinic.toml")]
    run = CliRunner().invoke
    assert "same-day-scores" in run(main, [*arguments, "--json"]).output
    assert "same-day-scores" not in run(main, [*arguments, *config, "--json"]).output
