"""The protocol file: strictly read, in sentences a clinician understands; and its page."""

import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from rule_log import check, days, own_protocol

from clinicreport.books.protocol_page.found import RuleFound, found
from clinicreport.books.protocol_page.html_page import html
from clinicreport.books.protocol_page.page_content import content
from clinicreport.commands.cli import main
from clinicreport.ground.errors import UsageError
from clinicreport.ground.resources import resource
from clinicreport.protocol import in_force
from clinicreport.protocol.limits import DaysBand, MinutesBand

SAMPLES = resource("samples")
RULES = {  # definitions, section 6
    "unreadable-file": "error",
    "no-session-table": "error",
    "missing-column": "error",
    "unread-rows": "warning",
    "unread-sheet": "warning",
    "unread-attendance": "error",
    "unknown-column": "note",
    "duplicate-column": "error",
    "missing-patient": "error",
    "bad-patient": "error",
    "one-id-two-people": "error",
    "missing-date": "error",
    "bad-date": "error",
    "ambiguous-date": "error",
    "moving-date": "error",
    "unlikely-date": "warning",
    "shifted-dates": "warning",
    "future-date": "error",
    "missing-score": "warning",
    "bad-score": "error",
    "score-out-of-range": "error",
    "score-decimal": "note",
    "bad-value": "error",
    "error-cell": "error",
    "uncached-formula": "error",
    "struck-row": "warning",
    "duplicate-row": "warning",
    "same-day-scores": "error",
    "visit-in-two-files": "error",
    "similar-patient-id": "warning",
    "other-scale": "error",
    "swapped-columns": "warning",
    "column-out-of-place": "warning",
    "outside-period": "note",
    "summary-row": "note",
    "ragged-row": "error",
    "cut-file": "error",
    "guessed-encoding": "warning",
    "hidden-rows": "note",
    "active-content": "note",
    "never-calculated": "warning",
    "unsafe-text": "note",
    "session-too-short": "warning",
    "session-too-long": "warning",
    "ramp-up-too-long": "warning",
    "too-few-sessions": "warning",
    "too-many-sessions": "warning",
    "above-recommended": "note",
    "interruption": "warning",
    "no-response-by-week-4": "warning",
    "no-eye-protection": "error",
    "unsafe-distance": "warning",
    "lotion-on-skin": "warning",
    "precaution-not-documented": "note",
    "unnamed-contraindication": "error",
    "contraindication": "error",
    "contraindication-to-ask": "warning",
    "photosensitive-medication": "warning",
    "not-screened": "warning",
    "adverse-event": "warning",
    "adverse-event-not-documented": "note",
    "dose-mismatch": "warning",
    "pain-rise": "warning",
}


def refusal(text: str) -> list[str]:
    """The sentences that a file with these lines is refused with."""
    with pytest.raises(UsageError) as caught:
        own_protocol(text)
    return str(caught.value).replace("protocol.toml: ", "").split("\n")


# ----------------------------------------------------------------------------- the default


def test_the_default_has_every_rule_with_its_severity_and_source() -> None:
    default = in_force.load()
    assert {name: rule.severity for name, rule in default.rules.items()} == RULES
    assert all(rule.source and rule.message and rule.clause for rule in default.rules.values())
    assert not default.conditions


def test_the_sources_say_where_the_article_contradicts_itself() -> None:
    default = in_force.load()
    for name in ("too-few-sessions", "too-many-sessions", "above-recommended"):
        assert "3 to 4" in default.rules[name].source
        assert "3 to 5" in default.rules[name].source
    assert "initially daily" in default.rules["too-many-sessions"].source
    assert "six weeks" in default.schedule.source
    assert "50 %" in default.outcome.source
    assert "56.5 %" in default.outcome.source
    assert "18.9 %" in default.outcome.source


def test_the_defaults_are_those_of_the_definitions() -> None:
    default = in_force.load()
    assert default.session.minutes == MinutesBand(min=10, max=20)
    assert default.schedule.days_per_week == DaysBand(min=3, max=5)
    assert default.course.model_dump(exclude={"source"}) == {
        "gap_days": 60,
        "screening_days": 14,
        "follow_up_days": 28,
        "dropout_days": 28,
        "interruption_days": 14,
        "complete_weeks": 3,
        "checkpoint_week": 4,
    }
    treated, placebo = default.reference
    assert (treated.start, treated.end, treated.n, placebo.start, placebo.end, placebo.n) == (
        6.9,
        3.0,
        21,
        7.4,
        6.0,
        18,
    )


def test_a_file_of_one_line_changes_that_line_only() -> None:
    own = own_protocol("session.minutes.max = 25")
    default = in_force.load()
    assert own.session.minutes == MinutesBand(min=10, max=25)
    assert own.model_copy(update={"session": default.session}) == default


def test_an_empty_file_changes_nothing() -> None:
    assert own_protocol("# nothing yet\n") == in_force.load()


# ----------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nam = 'x'", 'nam: unknown key; did you mean "name"?'),
        ("[sesion]\nminutes.min = 1", 'sesion: unknown key; did you mean "session"?'),
        (
            "minutes.min = 3",
            'minutes: unknown key; did you mean "session.minutes"? It stands below the line '
            "[session], which may still have a # before it.",
        ),
        ("session.minuts.min = 3", 'session.minuts: unknown key; did you mean "minutes"?'),
        ("session.minutes.mni = 3", 'session.minutes.mni: unknown key; did you mean "min"?'),
        (
            "session.Ramp-Up-Treatments = 3",
            'session.Ramp-Up-Treatments: unknown key; did you mean "ramp_up_treatments"?',
        ),
        ("zzz = 1", "zzz: unknown key"),
        (
            "conditions.match.match = ['x']\nconditions.match.sesion.minutes.min = 1",
            'conditions.match.sesion: unknown key; did you mean "session"?',
        ),
        (
            "rules.session-too-shrt.severity = 'off'",
            'rules.session-too-shrt: there is no such rule; did you mean "session-too-short"?',
        ),
        (
            "rules.Session_Too_Short.severity = 'off'",
            'rules.Session_Too_Short: there is no such rule; did you mean "session-too-short"?',
        ),
        ("rules.zzz.severity = 'off'", "rules.zzz: there is no such rule"),
        (
            "[session-too-long]\nseverity = 'off'",
            'session-too-long: a rule stands under rules; write "rules.session-too-long"',
        ),
        ("rules.pain-rise = 'off'", 'rules.pain-rise: write rules.pain-rise.severity = "off"'),
        (
            "rules.pain-rise.severity = 'warn'",
            'rules.pain-rise.severity: must be one of "error", "warning", "note" or "off"; it is the '
            'text "warn"; did you mean "warning"?',
        ),
        (
            "rules.pain-rise.severity = false",
            'rules.pain-rise.severity: must be one of "error", "warning", "note" or "off"; it is false',
        ),
        (
            "rules.pain-rise.messag = 'x'",
            'rules.pain-rise.messag: unknown key; did you mean "message"?',
        ),
        (
            "rules.pain-rise.clause = 'outcome.rise'",
            'rules.pain-rise.clause: the protocol has no "outcome.rise"',
        ),
        (
            "session.minutes = { min = 30, max = 20 }",
            "session.minutes: no session can keep to it: min 30 is over max 20",
        ),
        (
            "session.minutes.min = 21",
            "session.minutes: no session can keep to it: min 21 is over max 20",
        ),
        (
            "schedule.days_per_week.min = 6",
            "schedule.days_per_week: no week can keep to it: min 6 is over max 5",
        ),
        (
            "schedule.days_per_week.max = 8",
            "schedule.days_per_week.max: must be 7 or less; it is 8",
        ),
        (
            "schedule.loading_max_days = 4",
            "schedule: loading_max_days (4) is under days_per_week.max (5): the first weeks may have "
            "more days, not fewer",
        ),
        (
            "session.ramp_up_treatments = 2.5",
            "session.ramp_up_treatments: must be a whole number; it is 2.5",
        ),
        (
            "session.minutes.min = '10'",
            'session.minutes.min: must be a number; it is the text "10"',
        ),
        (
            "session.minutes = 15",
            "session.minutes: must have entries of its own below it; it is 15",
        ),
        ("session.minutes.min = 0", "session.minutes.min: must be more than 0; it is 0"),
        ("session.minutes.min = nan", "session.minutes.min: must be 1440 or less; it is nan"),
        ("course.gap_days = 0", "course.gap_days: must be 1 or more; it is 0"),
        ("outcome.low_baseline = true", "outcome.low_baseline: must be a number; it is true"),
        ("version = 2027", "version: must be a text in quotation marks; it is 2027"),
        ("name = ' '", "name: must not be empty"),
        (
            "safety.photosensitive_terms = 'x'",
            'safety.photosensitive_terms: must be a list, such as ["one", "two"]; it is the text "x"',
        ),
        (
            "[[safety.contraindications]]\nname = 'pacemaker'",
            "safety.contraindications.terms (entry 1): missing; this entry is needed",
        ),
        (
            "conditions.a.session.minutes.max = 15",
            "conditions.a.match: missing; this entry is needed",
        ),
        ("conditions.a.match = []", "conditions.a.match: must not be empty"),
        (
            "conditions.a = {match = ['x'], session.minutes.max = 5}",
            "conditions.a.session.minutes: no session can keep to it: min 10 is over max 5",
        ),
        (
            "conditions.a = {match = ['x'], schedule.loading_max_days = 2}",
            "conditions.a.schedule.loading_max_days (2) is under days_per_week.max (5): the first "
            "weeks may have more days, not fewer",
        ),
        (
            "conditions.a.match = ['x']\nconditions.b.match = ['X']",
            'conditions.b.match: "X" is in a already',
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_is_right(text: str, sentence: str) -> None:
    assert refusal(text) == [sentence]


@pytest.mark.parametrize(
    ("key", "fixed"),
    [("responder_30_percent", 30), ("responder_50_percent", 50), ("important_points", 2)],
)
@pytest.mark.parametrize("value", ["40", "2.5", "'x'"])
def test_the_conventions_of_the_field_cannot_be_changed(key: str, fixed: int, value: str) -> None:
    (sentence,) = refusal(f"outcome.{key} = {value}")
    assert sentence.startswith(
        f"outcome.{key}: is fixed at {fixed}: it is a convention of the field, shown here so that "
        "everybody can see it, and cannot be changed"
    )
    assert own_protocol(f"outcome.{key} = {fixed}") == in_force.load()


@pytest.mark.parametrize("message", ["{valu}", "{value:d}", "{value!r}", "{", "}", "{0}", "{}"])
def test_a_message_that_could_not_be_filled_in(message: str) -> None:
    (sentence,) = refusal(f"rules.pain-rise.message = '{message}'")
    assert sentence.startswith("rules.pain-rise: message has ")
    assert "{detail}, {field}, {limit}, {row}, {value}" in sentence


def test_every_mistake_is_listed_at_once() -> None:
    said = refusal("nam = 'x'\ncourse.gap_days = 0\nrules.zzz.severity = 'off'")
    assert len(said) == 3


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("rules.pain-rise.severity = off", 'Words stand in quotation marks (severity = "note")'),
        ("dose.tolerance_percent = 5,5", "numbers do not and take a point (10.5)"),
        ("rules.pain-rise.severity = “off”", "There are curly quotation marks in it"),
        ("[course]\ngap_days = 50\n[course]\ngap_days = 40", "stands in it twice"),
    ],
)
def test_what_is_no_toml(text: str, hint: str) -> None:
    (sentence,) = refusal(text)
    assert sentence.startswith("not valid TOML: ")
    assert "line " in sentence
    assert hint in sentence


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"own\.toml: there is no such file"):
        in_force.load(tmp_path / "own.toml")


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes("name = 'Ärzte'".encode("cp1252"))
    with pytest.raises(UsageError, match="save it as UTF-8"):
        in_force.load(path)
    path.write_bytes(b"\xef\xbb\xbfversion = '2027.1'\r\n")  # as Notepad does
    assert in_force.load(path).version == "2027.1"


# ----------------------------------------------------------------------------- the page


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["protocol", *(str(word) for word in arguments)])


def test_the_page_shows_every_rule_with_severity_limit_and_source() -> None:
    text = run().stdout
    for name, severity in RULES.items():
        assert re.search(rf"{severity} +{name}\n", text)
    assert "session.minutes: 10 to 20" in text
    assert "schedule.days_per_week: 3 to 5" in text
    assert "Source: Article: protect the eyes" in text
    assert "outcome.responder_30_percent: 30" in text
    assert "Found:" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_page_shows_the_clinics_changes(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        "session.minutes.max = 25\nrules.pain-rise.severity = 'off'\n"
        "conditions.postoperative = {match = ['after surgery'], session.minutes.max = 15}\n",
        encoding="utf-8",
    )
    text = run("--protocol", own).stdout
    assert "session.minutes: 10 to 25" in text
    assert "conditions.postoperative.session.minutes: 10 to 15" in text
    assert re.search(r"off +pain-rise\n", text)


def test_what_each_rule_found() -> None:
    rows = [
        *days(0, 2, 4, 7, 9, 11, 14, duration=5),
        *days(0, 2, 4, 7, 9, 11, 14, patient="P2", change={4: {"duration": 5, "waiver": "pain"}}),
    ]
    result = found(check(rows))
    assert result["session-too-short"] == RuleFound(6, 6, 14, 0, 0, 2, 1)
    assert result["session-too-short"].words == "6 of 14 sessions, 2 patients, 1 waived"
    assert result["interruption"].words == "nothing"


def test_the_counts_in_the_samples() -> None:
    path = SAMPLES / "three-months"
    result = json.loads(run(path, "--today", "2026-11-24", "--json").stdout)
    checked = CliRunner().invoke(main, ["check", str(path), "--today", "2026-11-24", "--json"])
    rules = [finding["rule"] for finding in json.loads(checked.stdout)["findings"]]
    counts = {rule["rule"]: rule["found"]["findings"] for rule in result["rules"]}
    assert counts == {name: rules.count(name) for name in RULES}
    text = run(path, "--today", "2026-11-24").stdout
    assert re.search(r"Found: session-too-short: \d+ of \d+ sessions, \d+ patients?\n", text)


def test_json_holds_the_protocol(tmp_path: Path) -> None:
    result = json.loads(run("--json").stdout)
    assert sorted(rule["rule"] for rule in result["rules"]) == sorted(RULES)
    assert {limit["clause"]: limit["limit"] for limit in result["limits"]}[
        "course.gap_days"
    ] == "60"
    assert result["rules"][0]["found"] is None
    assert len(result["reference"]) == 2


def test_an_unreadable_log_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    result = run(broken)
    assert result.exit_code == 3
    assert "broken.xlsx" in result.stderr
    assert "Found: unreadable-file: 1 file" in result.stdout


# ----------------------------------------------------------------------------- to print


class _Shape(HTMLParser):
    """Counts tags and collects the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_page_is_whole_escaped_and_needs_nothing_else() -> None:
    own = own_protocol(
        "name = '<script>alert(1)</script>'\nsource = 'A & B \"C\"'\n"
        "conditions.'<b>'.match = ['x']\nconditions.'<b>'.session.minutes.max = 15"
    )
    page = html(content(own))
    shape = _Shape()
    shape.feed(page)
    shape.close()
    assert not shape.open
    assert "<script" not in page
    assert "<script>alert(1)</script>" in shape.text
    assert 'A & B "C"' in shape.text
    assert not re.search(r"https?://|src=|href=|url\(|@import", page)
    assert all(name in shape.text for name in RULES)


def test_the_files_to_print(tmp_path: Path) -> None:
    page = tmp_path / "wall.html"
    assert run("-o", page).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert run("-o", page).exit_code == 5
    assert run("-o", page, "--force").exit_code == 0
    book = tmp_path / "wall.xlsx"
    assert run("-o", book, "--dry-run").exit_code == 0
    assert not book.exists()
    assert run("-o", book, SAMPLES / "three-months", "--today", "2026-11-24").exit_code == 0
    again = tmp_path / "again.xlsx"
    assert run("-o", again, SAMPLES / "three-months", "--today", "2026-11-24").exit_code == 0
    assert book.read_bytes() == again.read_bytes()
    wall, rules = openpyxl.load_workbook(book).worksheets
    assert (wall.title, rules.title) == ("Protocol", "Rules")
    assert wall["A5"].value == "10–20 min"
    rows = list(rules.iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("Rule", "Severity", "Clause and limit", "Source", "Found")
    assert {row[0] for row in rows[1:]} == set(RULES)
    assert run("-o", tmp_path / "wall.pdf").exit_code == 2


def test_the_workbook_opens_in_a_spreadsheet_program(tmp_path: Path) -> None:
    book = tmp_path / "wall.xlsx"
    run("-o", book)
    try:
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(tmp_path),
                str(book),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    except FileNotFoundError:
        pytest.skip("LibreOffice is not installed here")
    assert (tmp_path / "wall.pdf").stat().st_size > 10_000
