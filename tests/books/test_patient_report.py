"""One patient on one page: what it says, what it never says, and where it is written."""

import datetime as dt
import io
import json
import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import Cli
from helpers import TODAY, book_of, log_rows, register_rows, sheet_of

from clinicreport.books.patient import content, gather, notes, sentences
from clinicreport.books.patient.patient_cards import key_figures
from clinicreport.ground.period import parse_period
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import check_logs
from clinicreport.protocol import in_force
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request
from clinicreport.workbook.theme import Theme

FIELDS = (
    "patient_id",
    "date",
    "nrs_before",
    "nrs_after",
    "duration",
    "visit_type",
    "adverse_event",
    "eye_protection",
    "contraindications",
    "clinic",
    "condition",
)
DAY_0 = dt.date(2026, 10, 5)


def visit(patient, day, before, after=None, **more):
    return {
        "patient_id": patient,
        "date": DAY_0 + dt.timedelta(days=day),
        "nrs_before": before,
        "nrs_after": after,
        "duration": 15,
        "adverse_event": "none",
        **more,
    }


@pytest.fixture
def facts_of(monkeypatch):
    def run(rows, register=None, period=None):
        fields = [name for name in FIELDS if any(row.get(name) is not None for row in rows)]
        sheets = [sheet_of(log_rows(rows, fields))]
        if register:
            sheets.append(sheet_of(register_rows(register), "Patients"))
        book = book_of(*sheets, name="october.xlsx")
        given = type("Given", (list,), {"skipped": ()})([book])
        monkeypatch.setattr("clinicreport.reading.files.expand", lambda paths: paths)
        monkeypatch.setattr("clinicreport.reading.files.read_books", lambda *_a, **_k: given)
        request = Request(
            in_force.load(), Config(), TODAY, parse_period(period) if period else None
        )
        checked = check_logs(["october.xlsx"], request)
        result = evaluate(checked)
        return gather(checked, result), result

    return run


def page_of(result, facts):
    made = content(result, facts, Theme.load())
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    return (
        made,
        sheet,
        [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None],
    )


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((7, 3), "From 7 to 3 of 10: 57.1 % less; this is a substantial reduction."),
        ((10, 7), "From 10 to 7 of 10: 30.0 % less; this is a moderate reduction."),
        ((7, 5), "From 7 to 5 of 10: 28.6 % less; this is under the 30 % of a moderate reduction."),
        (
            (5.4, 3.8),
            "From 5.4 to 3.8 of 10: 29.6 % less; this is under the 30 % of a moderate reduction.",
        ),
        ((9.9, 5), "From 9.9 to 5 of 10: 49.5 % less; this is a moderate reduction."),
        ((9.95, 5), "From 9.95 to 5 of 10: 49.7 % less; this is a moderate reduction."),
        ((5, 5), "From 5 to 5 of 10: no change so far."),
        ((5, 6), "From 5 to 6 of 10: 20.0 % more; pain is up by 1 point."),
        ((1, 3), "From 1 to 3 of 10: 200.0 % more; the pain has become worse, by 2 points."),
        ((4, 7.5), "From 4 to 7.5 of 10: 87.5 % more; the pain has become worse, by 3.5 points."),
        (
            (0, 3),
            "Pain was 0 of 10 at the start, so there was none to reduce; it is now 3 of 10:"
            " 3 points more.",
        ),
        (
            (0, 0),
            "Pain was 0 of 10 at the start, so there was none to reduce; the latest score is"
            " 0, too.",
        ),
        ((7, 0), "From 7 to 0 of 10: 100.0 % less; this is a substantial reduction."),
        ((10, 0.04), "From 10 to 0.04 of 10: 99.6 % less; this is a substantial reduction."),
        (
            (None, 5),
            "How the pain changed cannot be said: no score was written before the first"
            " treatment, nor at a screening.",
        ),
        (
            (5, None),
            "How the pain changed cannot be said: no score was written after the first day.",
        ),
    ],
)
def test_baseline_to_now_in_words(facts_of, scores, said):
    (facts,), _ = facts_of([visit("P", 0, scores[0]), visit("P", 3, scores[1])])
    assert sentences.change(facts) == said


@pytest.mark.parametrize(
    ("scores", "later", "said", "card"),
    [
        (
            (5, 3),
            ((35, 5),),
            "From 5 to 3 of 10 at the end of the course: 40.0 % less; this is a moderate reduction."
            " Now 5 of 10 (follow-up on 12 Nov 2026, 35 days after the last treatment): the pain has"
            " come back; as much as at the start.",
            ("5 → 3 → 5", "it did not last"),
        ),
        (
            (7, 4),
            ((35, 5),),
            "From 7 to 4 of 10 at the end of the course: 42.9 % less; this is a moderate reduction."
            " Now 5 of 10 (follow-up on 12 Nov 2026, 35 days after the last treatment): the pain has"
            " come back; 28.6 % less than at the start, no longer 30 % less.",
            ("7 → 4 → 5", "it did not last"),
        ),
        (
            (8, 4),
            ((28, 7), (35, 4)),
            "From 8 to 4 of 10 at the end of the course: 50.0 % less; this is a substantial"
            " reduction. Now 4 of 10 (follow-up on 12 Nov 2026, 35 days after the last treatment):"
            " 50.0 % less than at the start; at a follow-up before it was not 30 % less.",
            ("8 → 4 → 4", "lost for a while, now back"),
        ),
        (
            (8, 6),
            ((35, 8),),
            "From 8 to 6 of 10 at the end of the course: 25.0 % less; this is under the 30 % of a"
            " moderate reduction. Now 8 of 10 (follow-up on 12 Nov 2026, 35 days after the last"
            " treatment): the pain has come back; as much as at the start.",
            ("8 → 6 → 8", "the pain is back at its start"),
        ),
        (
            (5, 5),
            ((35, 7.5),),
            "From 5 to 5 of 10 at the end of the course: no change. Now 7.5 of 10 (follow-up on"
            " 12 Nov 2026, 35 days after the last treatment): the pain has become worse since the"
            " end of the course; 2.5 points more than at the start.",
            ("5 → 5 → 7.5", "now worse than at the start"),
        ),
        (
            (10, 4),
            ((35, 3),),
            "From 10 to 4 of 10 at the end of the course: 60.0 % less; this is a substantial"
            " reduction. Now 3 of 10 (follow-up on 12 Nov 2026, 35 days after the last treatment):"
            " it has lasted; 70.0 % less than at the start.",
            ("10 → 4 → 3", "it has lasted"),
        ),
        (
            (None, 4),
            ((35, 6),),
            "How the pain changed cannot be said: no score was written before the first treatment,"
            " nor at a screening. Now 6 of 10 (follow-up on 12 Nov 2026, 35 days after the last"
            " treatment).",
            ("? → 4 → 6", None),
        ),
        (
            (5, None),
            ((35, 4),),
            "How the pain changed cannot be said: no score was written after the first day. Now 4 of"
            " 10 (follow-up on 12 Nov 2026, 35 days after the last treatment): 20.0 % less than at"
            " the start.",
            ("5 → ? → 4", None),
        ),
    ],
)
def test_start_end_of_the_course_and_now(facts_of, scores, later, said, card):
    rows = [visit("P", 0, scores[0]), visit("P", 3, scores[1])]
    rows += [visit("P", 3 + day, score, visit_type="follow-up") for day, score in later]
    (facts,), result = facts_of(rows)
    assert sentences.change_and_now(facts) == said
    pain, change, *_ = key_figures(facts, result.protocol, result.as_of)
    assert (pain.label, pain.figure) == ("Pain, start → end → now", card[0])
    assert pain.below == ("of 10; now: 12 Nov 2026",)
    assert change.below[1:] == ((card[1],) if card[1] else ())
    _, _, texts = page_of(result, facts)
    page = " ".join(texts)
    assert all(part in page for part in said.split(". Now")[0].split(": "))
    assert "(follow-up on 12 Nov 2026" in page


def test_what_has_come_back_is_due_now(facts_of):
    rows = [visit("P", 0, 8), visit("P", 3, 6), visit("P", 40, 8, visit_type="follow-up")]
    (facts,), result = facts_of(rows)
    due = key_figures(facts, result.protocol, result.as_of)[-1]
    assert due[1:] == ("now", ("see the patient: the pain has come back",))
    assert "talk over what to do next" in sentences.details(facts)[-1]


def test_who_is_discharged_is_not_asked_whether_to_go_on(facts_of):
    slow = [visit("P", day, 8) for day in range(0, 36, 4)]
    worse = [visit("P", 0, 5), *slow[1:]]
    for rows in (slow, worse):
        (going,), result = facts_of(rows)
        (ended,), _ = facts_of(rows, register={"P": {"discharged": "2026-11-06"}})
        told, over = (
            " ".join([*sentences.details(f), *(n.text for n in notes.notes(f, result.protocol))])
            for f in (going, ended)
        )
        assert "treatment goes on: review it" in told
        assert "review it" not in over
        assert "whether and how to go on" not in over
        assert ("whether and how to go on" in told) is (rows is worse)


def test_one_day_only_and_no_treatment(facts_of):
    (one, two), _ = facts_of([visit("A", 0, 7), visit("B", 0, 6, visit_type="screening")])
    assert sentences.change(one) == (
        "How the pain changed cannot be said: there is no visit after the first day yet."
    )
    assert two.course is None
    assert "No treatment is written in the log yet" in sentences.change(two)


@pytest.mark.parametrize("value", [29.96, 29.999999, 49.5, 49.99, 99.7, 0.3, 30.0, 50.0, 30.04])
def test_a_percentage_never_rounds_across_a_threshold(value):
    shown = float(sentences.percent(value).rstrip("%"))
    for mark in (30, 50):
        assert (shown >= mark) == (value >= mark)
    assert (shown == 100) == (value == 100)
    assert shown > 0


def test_the_next_checkpoint(facts_of):
    limits = in_force.load()

    def due(rows, as_of_day):
        facts, _ = facts_of(rows)
        return sentences.checkpoint(facts[0], limits, DAY_0 + dt.timedelta(days=as_of_day))

    running = [visit("P", day, 6) for day in (0, 2, 4)]
    assert due(running, 4).day == DAY_0 + dt.timedelta(days=28)
    assert due(running, 28).what == "week-4 check of the response"
    assert due(running, 29).day == DAY_0 + dt.timedelta(days=32)  # 28 days after the last treatment
    assert due(running, 33).what == "follow-up score: overdue"
    followed = [*running, visit("P", 40, 4, visit_type="follow-up")]
    assert due(followed, 41) == sentences.Checkpoint(None, "the follow-up has taken place")


def test_the_page_has_scores_gaps_events_pauses_and_all_visits(facts_of):
    rows = [
        visit("P", 0, 8, 7),
        visit("P", 2, None, 6),
        visit("P", 4, 6, 5, adverse_event="Warm skin"),
        visit("P", 25, 4, 3, eye_protection="no"),
        visit("P", 26, None, visit_type="not-attended"),
    ]
    (facts,), result = facts_of(rows)
    made, sheet, cells = page_of(result, facts)
    text = "\n".join(cells)
    assert "From 8 to 4 of 10: 50.0 % less; this is a substantial reduction." in cells
    assert "✖ Treated without eye protection (30 Oct 2026)." in cells
    assert "▲ Adverse event: Warm skin (9 Oct 2026)." in cells
    assert "▲ Pause in the treatment: 21 days (30 Oct 2026)." in cells
    assert "1 visit missed" in cells
    assert "✖ event" in cells
    assert "pause 21 d" in cells
    assert "Doctor or therapist: name, signature" in cells
    assert in_force.load().caveat in text
    series = _series(made)
    assert series["before the session"] == [8, None, 6, 4]  # a gap, never 0
    assert series["after the session"] == [7, 6, 5, 3]
    assert series["baseline: 8"] == [8, 8]
    assert series["30 % less: 5.6"] == [5.6, 5.6]
    assert series["50 % less: 4"] == [4, 4]
    assert series["adverse event"] == [None, None, 6, None]
    assert series["pause of 14 days or more"][:2] == [0.35, 0.35]
    assert {sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth} <= {None, 1}
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def _series(made):
    """Series name -> cached y values, None where a point is missing."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        xml = archive.read("xl/charts/chart1.xml").decode()
    assert "dispBlanksAs" not in xml  # Excel's own default: gaps
    found = {}
    for part in re.findall(r"<c:ser>.*?</c:ser>", xml, re.DOTALL):
        name = re.search(r"<c:tx>.*?<c:v>(.*?)</c:v>", part, re.DOTALL).group(1)
        values = re.search(r"<c:yVal>.*?</c:yVal>", part, re.DOTALL).group(0)
        count = int(re.search(r'<c:ptCount val="(\d+)"', values).group(1))
        points = dict(re.findall(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v>', values))
        found[name] = [float(points[str(at)]) if str(at) in points else None for at in range(count)]
    return found


def test_a_long_course_still_is_one_page_and_keeps_all_visits(facts_of):
    rows = [visit("P", 2 * day, 8 - day % 3) for day in range(90)]
    (facts,), result = facts_of(
        [row for row in rows if row["date"] <= TODAY]
        + [visit("P", -2 * day, 8) for day in range(1, 60)]
    )
    _, sheet, cells = page_of(result, facts)
    count = len(facts.visits)
    assert count > 60
    assert any(cell.startswith(f"The latest 36 of {count} visits") for cell in cells)
    last = int(re.search(r"\$L\$(\d+)", sheet.print_area).group(1))
    assert last < 80
    assert cells.count("session") == 36 + count  # below the page stand all of them


def test_the_words_of_healing_are_never_used(facts_of):
    for scores in ((7, 0), (7, 3), (10, 1), (0, 0)):
        (facts,), result = facts_of([visit("P", 0, scores[0]), visit("P", 9, scores[1])])
        _, _, cells = page_of(result, facts)
        assert not re.search(r"\b(cured?|forever|healed|recovered)\b", " ".join(cells).lower())
    assert any("one day" in cell for cell in page_of(result, facts)[2]) or scores == (0, 0)


def test_a_zero_today_is_said_to_be_one_days_score(facts_of):
    (facts,), _ = facts_of([visit("P", 0, 7), visit("P", 9, 0)])
    assert "A score of 0 is that of one day; it does not say that the pain stays away." in (
        sentences.details(facts)
    )


def test_the_name_stands_on_the_page_and_nowhere_else(facts_of):
    register = {"P": {"name": "Zora Zebra"}}
    (facts,), result = facts_of([visit("P", 0, 7), visit("P", 2, 5)], register)
    made, _, cells = page_of(result, facts)
    assert "Patient P: Zora Zebra" in cells
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name != "xl/sharedStrings.xml":
                assert b"Zora" not in archive.read(name)


def test_days_that_the_log_does_not_tell_are_called_reckoned(cli: Cli, folder: Path):
    headings = ("Patient ID", "Start date", "Week 0", "Week 1", "Week 2")
    write_log(folder, [("P-1", DAY_0, 8, 6, 4)], headings=headings)
    result = cli("patient", "P-1", "log.xlsx", today=None)
    assert result.exit_code == 0, result.output
    sheet = openpyxl.load_workbook(folder / "patient-P-1.xlsx").worksheets[0]
    said = "The log tells weeks, not days: the days shown are reckoned from the weeks."
    assert said in [cell.value for (cell,) in sheet["A1:A12"]]


def test_only_the_patients_own_findings_and_visits(facts_of):
    rows = [
        visit("A", 0, 7),
        visit("A", 2, 5),
        visit("B", 0, 6, adverse_event="Rash on B"),
        visit("B", 2, 6),
    ]
    (first, second), result = facts_of(rows)
    assert "Rash" not in " ".join(page_of(result, first)[2])
    assert "Rash on B" in " ".join(page_of(result, second)[2])
    assert "No error and no warning for this patient." in page_of(result, first)[2]


def test_formulas_in_a_log_stay_text(facts_of):
    evil = '=HYPERLINK("http://x","y")'
    rows = [visit(evil, 0, 7, adverse_event=evil), visit(evil, 2, 5)]
    (facts,), result = facts_of(rows)
    made, _, cells = page_of(result, facts)
    assert any(evil in cell for cell in cells)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_two_runs_give_the_same_bytes(facts_of):
    (facts,), result = facts_of([visit("P", 0, 7), visit("P", 2, 5)])
    assert content(result, facts, Theme.load()) == content(result, facts, Theme.load())


# ------------------------------------------------------------------------------ the command


def write_log(folder: Path, rows, name="log.xlsx", headings=("Patient ID", "Date", "NRS before")):
    book = openpyxl.Workbook()
    book.active.append(list(headings))
    for row in rows:
        book.active.append(list(row))
    book.save(folder / name)


def log_of(*ids):
    return [(name, DAY_0 + dt.timedelta(days=day), 7 - day) for name in ids for day in (0, 2)]


def test_one_page_under_its_default_name(cli: Cli, folder: Path):
    write_log(folder, log_of("P-07", "P-08"))
    result = cli("patient", "P-07", "log.xlsx", today=None)
    assert result.exit_code == 0, result.output
    assert (folder / "patient-P-07.xlsx").exists()
    assert not (folder / "patient-P-08.xlsx").exists()
    again = cli("patient", "P-07", "log.xlsx", today=None)
    assert again.exit_code == 5
    assert cli("patient", "P-07", "log.xlsx", "--force", today=None).exit_code == 0


@pytest.mark.parametrize(
    ("asked", "near"),
    [("p-07", '"P-07"'), ("P-7", '"P-07"'), (" P-07", '"P-07"'), ("qqqq", "exactly")],
)
def test_an_unknown_id_tells_how_many_and_what_is_near(cli: Cli, folder: Path, asked, near):
    write_log(folder, log_of("P-07", "P-08", "X-11"))
    result = cli("patient", asked, "log.xlsx", today=None)
    assert result.exit_code == 2
    assert "3 patients" in result.stderr
    assert near in result.stderr
    assert "X-11" not in result.stderr
    assert not list(folder.glob("patient-*"))


def test_all_writes_a_page_for_everybody(cli: Cli, folder: Path):
    ids = ["P-07", "p-07", "../../up", "CON", "a/b", "007", "x" * 200, "Ä"]
    write_log(folder, log_of(*ids))
    result = cli("patient", "--all", "pages/new", "log.xlsx", "--json", today=None)
    assert result.exit_code == 0, result.output
    names = [path.name for path in (folder / "pages/new").iterdir()]
    assert len({name.casefold() for name in names}) == len(ids)
    assert {"patient-P-07.xlsx", "patient-007.xlsx"} <= set(names)
    assert len(json.loads(result.stdout)["pages"]) == len(ids)
    assert not [path for path in folder.parent.rglob("*up*") if path.parent != folder / "pages/new"]


def test_all_writes_nothing_where_one_is_there_already(cli: Cli, folder: Path):
    write_log(folder, log_of("A", "B"))
    (folder / "pages").mkdir()
    (folder / "pages/patient-B.xlsx").write_bytes(b"mine")
    assert cli("patient", "--all", "pages", "log.xlsx", today=None).exit_code == 5
    assert [path.name for path in (folder / "pages").iterdir()] == ["patient-B.xlsx"]
    assert cli("patient", "--all", "pages", "log.xlsx", "--dry-run", today=None).exit_code == 5


def test_dry_run_writes_nothing(cli: Cli, folder: Path):
    write_log(folder, log_of("A"))
    result = cli("patient", "--all", "pages", "log.xlsx", "--dry-run", today=None)
    assert result.exit_code == 0
    assert "Would write 1 page" in result.output
    assert not (folder / "pages").exists()


def test_several_clinics_with_one_id(cli: Cli, folder: Path):
    rows = [
        (name, day, score, clinic)
        for clinic in ("North", "South")
        for name, day, score in log_of("P-1")
    ]
    headings = ("Patient ID", "Date", "NRS before", "Clinic")
    write_log(folder, rows, headings=headings)
    result = cli("patient", "P-1", "log.xlsx", today=None)
    assert result.exit_code == 2
    assert '"North"' in result.stderr
    assert "--clinic" in result.stderr
    assert cli("patient", "P-1", "log.xlsx", "--clinic", "North", today=None).exit_code == 0
    wrong = cli("patient", "P-1", "log.xlsx", "--clinic", "East", today=None)
    assert wrong.exit_code == 2
    assert cli("patient", "--all", "pages", "log.xlsx", today=None).exit_code == 0
    assert len(list((folder / "pages").iterdir())) == 2


def test_a_log_is_never_replaced_and_an_unreadable_one_stops(cli: Cli, folder: Path):
    write_log(folder, log_of("A"), "patient-A.xlsx")
    before = (folder / "patient-A.xlsx").read_bytes()
    assert cli("patient", "A", "patient-A.xlsx", "--force", today=None).exit_code == 2
    assert (folder / "patient-A.xlsx").read_bytes() == before
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04nothing")
    result = cli("patient", "A", "patient-A.xlsx", "broken.xlsx", "-o", "a.xlsx", today=None)
    assert result.exit_code == 3
    assert not (folder / "a.xlsx").exists()


def test_words_that_do_not_fit(cli: Cli, folder: Path):
    write_log(folder, log_of("A"))
    assert cli("patient", "log.xlsx", today=None).exit_code == 2
    assert cli("patient", "--all", "x", "-o", "a.xlsx", "log.xlsx", today=None).exit_code == 2
    assert cli("patient", "A", "log.xlsx", "-o", "a.pdf", today=None).exit_code == 2


def test_500_patients_in_well_under_a_minute(facts_of):
    rows = [
        visit(f"P-{n}", day, (n + day) % 11, adverse_event="Rash" if n % 9 == 0 else "none")
        for n in range(500)
        for day in (0, 2, 4, 7, 9, 11)
    ]
    facts, result = facts_of(rows)
    theme = Theme.load()
    begun = time.process_time()
    for one in facts[:100]:
        content(result, one, theme)
    assert len(facts) == 500
    assert 5 * (time.process_time() - begun) < 30
