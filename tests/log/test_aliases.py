"""Own headings in clinic.toml: whichever field, whichever heading, whichever layout."""

import json
import tomllib
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clinic_folders import NoPool
from helpers import TODAY, book_of, sheet_of
from kinds_of_logs import LAYOUTS, Page, layout_book, xlsx
from test_matrix import object_of, rows, run

from clinicreport.books.json_report import report_object
from clinicreport.commands.cli import main
from clinicreport.log.fields import COLUMN_FIELDS, LAYOUT_FIELDS, REGISTER_FIELDS
from clinicreport.log.headings import Aliases, key
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import judged, typed
from clinicreport.protocol import in_force
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

pytestmark = pytest.mark.once

Cli = Callable[..., Result]
PROTOCOL = in_force.load()
FIELDS = sorted({*COLUMN_FIELDS, *REGISTER_FIELDS, *LAYOUT_FIELDS})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from clinicreport.reading import files

    monkeypatch.setattr(files, "Pool", NoPool)


def headings(name: str) -> list[str]:
    """Every text that stands in the rows of a layout that hold its headings."""
    first = LAYOUTS[name][0].rows
    found = [cell for row in first[:3] for cell in row if isinstance(cell, str) and key(cell)]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_field_under_any_heading_of_any_layout(layout: str) -> None:
    """Read and reckoned without an unforeseen error; every row is used or set aside.

    What places a visit is tried under every heading, any other field under one heading of every
    third layout.
    """
    texts, turn = headings(layout), list(LAYOUTS).index(layout)
    for at, field in enumerate(FIELDS):
        if field in ("week", "start_date", "date", "patient_id", "nrs_before"):
            tried = texts
        else:
            tried = [texts[at % len(texts)]] if (at + turn) % 3 == 0 else []
        for heading in tried:
            check_alias(layout, field, heading)


def check_alias(layout: str, field: str, heading: str) -> None:
    books = [layout_book(layout)]
    request = Request(PROTOCOL, Config(aliases={field: [heading]}), TODAY)
    checked = judged(typed(books, request), request)
    found = report_object(checked, evaluate(checked))
    for entry in found["inputs"]:
        assert entry["rows"] == entry["used"] + entry["set_aside"]
        assert entry["status"] == "read" or entry["reason"]
    assert found["clinic"]["sessions"] <= sum(entry["used"] for entry in found["inputs"])


@pytest.mark.parametrize("field", ["week", "start_date", "date", "patient_id", "nrs_before", "sex"])
@pytest.mark.parametrize("layout", ["wide by week", "weeks with a start date", "title and gaps"])
def test_the_same_through_every_command(layout: str, field: str, folder: Path) -> None:
    Path("logs").mkdir()
    Path("logs/log.xlsx").write_bytes(xlsx(*LAYOUTS[layout]))
    Path("sites/one").mkdir(parents=True)
    Path("sites/one/log.xlsx").write_bytes(xlsx(*LAYOUTS[layout]))
    heading = {"wide by week": "Wk 1", "title and gaps": "Pain after"}.get(layout, "Week")
    Path("own.toml").write_text(f'[aliases]\n{field} = ["{heading}"]\n', encoding="utf-8")
    options = ["--config", "own.toml", "--today", TODAY.isoformat()]
    found = object_of(run("check", "logs", *options, "--json", allowed=(0, 1, 3)))
    told = run("report", "logs", *options, "--json", "-o", "r.xlsx", allowed=(0, 3))
    assert rows(object_of(told)) == rows(found)
    run("report", "logs", *options, "--share", "-o", "s.xlsx", allowed=(0, 3))
    run("patient", "--all", "pages", "logs", *options, allowed=(0, 2, 3))
    run("network", "sites", *options, "-o", "n.xlsx", allowed=(0, 3))
    assert folder == Path.cwd()


# ------------------------------------------------------------------------------- what is read


def reading(rows: list[list[Any]], **aliases: list[str]) -> dict[str, Any]:
    request = Request(PROTOCOL, Config(aliases=aliases), TODAY)
    checked = judged(typed([book_of(sheet_of(rows))], request), request)
    found: dict[str, Any] = json.loads(
        json.dumps(report_object(checked, evaluate(checked)), allow_nan=False)
    )
    return found


D1 = TODAY.replace(month=3, day=2)
WIDE = [["Patient", "Start date", "Baseline", "Wk 1", "Wk 2"], ["P-1", D1, 7.0, 6.0, 3.0]]


def scores(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(c["baseline"], c["latest"], c["sessions"]) for c in found["courses"]]


@pytest.mark.parametrize("field", ["week", "nrs_before"])
@pytest.mark.parametrize("heading", ["Baseline", "Wk 1", "Wk 2"])
def test_a_visit_of_a_wide_log_stays_one(field: str, heading: str) -> None:
    """An own heading that names a visit takes no score away."""
    assert scores(reading(WIDE, **{field: [heading]})) == [(7, 3, 3)]


def test_two_columns_for_the_week_are_said() -> None:
    found = reading(
        [["Patient", "Start date", "Week", "Wk 1", "Pain before"], ["P-1", D1, 0.0, 1.0, 7.0]],
        week=["Week", "Wk 1"],
    )
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [("duplicate-column", "D1")]
    assert "C1" in found["findings"][0]["message"]


@pytest.mark.parametrize(
    ("heads", "own", "left"),
    [
        (["Patient", "Date", "Pain", "Score on arrival"], {"nrs_before": ["Score on arrival"]}, 2),
        (["Patient", "Date", "Score on arrival", "Pain"], {"nrs_before": ["Score on arrival"]}, 3),
        (["Termin", "Date", "Patient", "Pain"], {"date": ["Termin"], "patient_id": ["Patient"]}, 1),
        (["Patient", "ID", "Date", "Schmerz"], {"patient_id": ["ID"]}, 0),
    ],
)
def test_an_own_heading_outranks_every_built_in_one(
    heads: list[str], own: dict[str, list[str]], left: int
) -> None:
    values = {"Patient": "P-1", "ID": "7", "Date": D1, "Termin": D1, "Pain": 1.0}
    values |= {"Score on arrival": 8.0, "Schmerz": 8.0}
    if "Termin" in heads:
        values |= {"Pain": 8.0}
    found = reading([heads, [values[head] for head in heads]], **own)
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [
        ("unknown-column", f"{'ABCD'[left]}1")
    ]
    assert "clinic.toml" in found["findings"][0]["message"]
    (course,) = found["courses"]
    assert (course["baseline"], course["patient"]) == (8, "7" if "ID" in heads else "P-1")


def test_a_column_that_belongs_to_no_visit_is_said_and_not_read() -> None:
    found = reading([[*WIDE[0], "Pain after", "Adverse event"], [*WIDE[1], 1.0, "burn"]])
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [
        ("unknown-column", "F1"),
        ("unknown-column", "G1"),
    ]
    assert "belongs to no visit" in found["findings"][0]["message"]
    assert found["courses"][0]["immediate_relief"] is None
    assert found["courses"][0]["adverse_events"] == 0


def test_a_patients_own_columns_are_still_read() -> None:
    found = reading([[*WIDE[0], "Condition"], [*WIDE[1], "neck pain"]])
    assert (found["findings"], found["courses"][0]["condition"]) == ([], "neck pain")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('week = [""]', "is no heading"),
        ('week = ["###"]', "is no heading"),
        (f'week = ["{"x" * 121}"]', "is no heading"),
        ('week = ["Wk 1"]\ndate = ["wk1"]', "keep one"),
        ("week = [1]", "week"),
        ('weak = ["Wk 1"]', 'did you mean "week"'),
    ],
)
def test_a_heading_that_cannot_be_one_is_refused(
    lines: str, said: str, folder: Path, cli: Cli
) -> None:
    (folder / "log.xlsx").write_bytes(xlsx(Page(WIDE)))
    (folder / "clinic.toml").write_text(f"[aliases]\n{lines}\n", encoding="utf-8")
    result = cli("check", "log.xlsx")
    assert result.exit_code == 2, result.output
    assert said in result.stderr


# ------------------------------------------------------------------------------- the hint


FLAT = ["Patient", "Date", "Pain before"]


def hint(heads: list[Any], **own: list[str]) -> str:
    """The line that the finding on the last heading proposes; empty where there is none."""
    values = ["P-1", D1, 7.0, *("x" for _ in heads[3:])]
    found = reading([heads, values[: len(heads)]], **own)
    (finding,) = [f for f in found["findings"] if f["rule"] == "unknown-column"]
    before, _, line = finding["message"].partition("under [aliases]: ")
    assert "clinic.toml" in before or not line
    return line.partition(" [log.")[0].strip()


def test_a_hint_is_a_line_that_works_when_it_is_pasted() -> None:
    line = hint([*FLAT, 'Therapst "A\\B"'])
    own = tomllib.loads(line)
    assert own == {"therapist": ['Therapst "A\\B"']}
    assert reading([[*FLAT, 'Therapst "A\\B"'], ["P-1", D1, 7.0, "AB"]], **own)["findings"] == []


def test_a_hint_keeps_the_headings_that_the_clinic_has_already() -> None:
    assert hint([*FLAT, "Therapst"], therapist=["Who"]) == 'therapist = ["Who", "Therapst"]'


@pytest.mark.parametrize("heading", ["Wk 1", "Pain befor", "Dischargd", "Birth yeer"])
def test_no_hint_that_would_change_nothing_or_do_harm(heading: str) -> None:
    """The date, the score and the patient are there; a discharge stands in the register."""
    assert hint([*FLAT, heading]) == ""


@pytest.mark.parametrize("heading", [3.0, "·", D1])
def test_no_hint_for_what_no_alias_can_name(heading: Any) -> None:
    assert hint([*FLAT, heading]) == ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_hint_can_be_followed(layout: str, folder: Path) -> None:
    """Each heading misspelt in turn: what the program proposes mends that finding."""
    pages = LAYOUTS[layout]
    for heading in headings(layout):
        spoilt = [
            Page(
                [[f"{cell}x" if cell == heading else cell for cell in row] for row in page.rows],
                page.name,
                page.merged,
            )
            for page in pages
        ]
        Path("log.xlsx").write_bytes(xlsx(*spoilt))
        Path("clinic.toml").write_text("", encoding="utf-8")
        lines = list(dict.fromkeys(line for f in looked() for line in proposed(f)))
        Path("clinic.toml").write_text("\n".join(["[aliases]", *lines]), encoding="utf-8")
        left = [f["cell"] for f in looked() if proposed(f)]
        assert left == [], (heading, lines)
    assert folder == Path.cwd()


def proposed(finding: dict[str, Any]) -> list[str]:
    _, there, line = finding["message"].partition("under [aliases]: ")
    return [line.partition(" [log.")[0].strip()] if there else []


def looked() -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["check", "log.xlsx", "--json", "--today", TODAY.isoformat()])
    assert result.exit_code in (0, 1, 3), result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


def test_the_same_fields_stand_in_every_place() -> None:
    table = Aliases().table
    assert {*chain(COLUMN_FIELDS, REGISTER_FIELDS, LAYOUT_FIELDS)} >= set(table.values())


@pytest.mark.parametrize("heading", ["Name", "Date of birth", "Birth year"])
def test_what_tells_people_apart_may_stand_beside_another_scale(heading: str) -> None:
    heads = ["Patient", "Date", "Pain before", heading]
    rows = [["P-1", D1.replace(day=day), 10.0 * day, "x"] for day in range(2, 6)]
    found = reading([heads, *rows])
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [("other-scale", "C1")]
