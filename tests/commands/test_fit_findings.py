"""clinicreport fit run on logs that were read with many findings: it asks about exactly these."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands import fit as fit_command
from clinicreport.commands.cli import main

DAYS = [date(2026, 9, 1) + timedelta(days=2 * at) for at in range(10)]
HEADINGS = "Patient;Date;NRS before"
TODAY = ("--today", "2026-11-20")


def run(*words: object, answers: str | None = None):
    return CliRunner().invoke(main, [*map(str, words), *TODAY], input=answers)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fit_command, "_asks", lambda options: not options.as_json)


def log(headings: str, *rows: str) -> str:
    Path("log.csv").write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
    return "log.csv"


def visits(*cells: str, days=DAYS, patients=("P-1", "P-2", "P-3")) -> list[str]:
    """A row a patient and day, with further cells taken in turn."""
    rows = [f"{patient};{day};{8 - at // 2}" for at, day in enumerate(days) for patient in patients]
    return [
        ";".join([row, *([cells[at % len(cells)]] if cells else [])]) for at, row in enumerate(rows)
    ]


def proposals(path: str) -> dict[str, list]:
    told = json.loads(run("fit", path, "--json").stdout)
    found: dict[str, list] = {}
    for one in told["proposals"]:
        assert one["certain"] is False
        found.setdefault(one["key"], []).append(one["value"])
    assert told["written"] is None
    return found


@pytest.mark.parametrize(
    ("headings", "rows", "wanted"),
    [
        (
            f"{HEADINGS};Kind of visit",
            visits("Bestrahlung", "Bestrahlung", "ohne Kommen"),
            {
                "reading.values.visit_type": [
                    {"Bestrahlung": "treatment"},
                    {"ohne Kommen": "not-attended"},
                ]
            },
        ),
        (
            f"{HEADINGS};Eye protection",
            visits("getragen", "getragen", "vergessen"),
            {"reading.values.eye_protection": [{"getragen": "yes"}, {"vergessen": "no"}]},
        ),
        (
            f"{HEADINGS};Duration",
            visits("ca. 15", "12"),
            {"reading.values.duration": [{"ca. 15": "15"}]},
        ),
        (f"{HEADINGS};Duration", visits("15", "12"), {}),
        (
            f"{HEADINGS};Came?",
            visits("attended", "attended", "DNA"),
            {"aliases.visit_type": [["Came?"]]},
        ),
        ("Patient;Date;VAS before (mm)", visits(), {"reading.scale.nrs_before": ["0-100"]}),
        (
            HEADINGS,
            visits(days=[d.strftime("%-d.%-m.%Y") for d in DAYS[:5]]),
            {"date_order": ["day-first"]},
        ),
    ],
)
def test_it_asks_about_what_was_found(headings: str, rows: list[str], wanted: dict) -> None:
    assert proposals(log(headings, *rows)) == wanted


def test_a_slip_is_no_word_of_the_clinic() -> None:
    rows = visits("12")
    rows[4] = rows[4].removesuffix("12") + "tweve"
    assert proposals(log(f"{HEADINGS};Duration", *rows)) == {}


def test_two_rows_a_day_on_some_days_only() -> None:
    rows = visits() + [f"P-1;{day};{3}" for day in DAYS] + [f"P-2;{DAYS[0]};2"]
    assert proposals(log(HEADINGS, *rows)) == {"reading.rows": ["before-and-after"]}


def test_answers_lead_to_further_questions() -> None:
    path = log("Patient;Date;VAS before (mm);Besuchsart", *visits("Bestrahlung"))
    Path("clinic.toml").write_text('[aliases]\nvisit_type = ["Besuchsart"]\n', encoding="utf-8")
    ran = run("fit", path, answers="1\n1\ny\n")
    assert ran.exit_code == 0, ran.output
    assert "What does “Bestrahlung” mean?" in ran.output
    text = Path("clinic.toml").read_text(encoding="utf-8")
    assert 'values = { visit_type = { Bestrahlung = "treatment" } }' in text
    told = json.loads(run("check", path, "--json").stdout)
    assert {one["rule"] for one in told["findings"]} <= {"too-few-sessions", "missing-score"} | {
        one["rule"] for one in told["findings"] if one["severity"] != "error"
    }


def test_visits_by_name_are_asked_and_typed_as_days() -> None:
    rows = [f"P-{p};T{at};{8 - 2 * at}" for p in range(6) for at in range(3)]
    path = log("Patient;Timepoint;Pain", *rows)
    ran = run("fit", path, answers="0, 21\n0, 21, 42\n2026-06-01\ny\n")
    assert ran.exit_code == 0, ran.output
    text = Path("clinic.toml").read_text(encoding="utf-8")
    assert "visits = { T0 = 0, T1 = 21, T2 = 42 }" in text
    told = json.loads(run("report", path, "--json", "--dry-run").stdout)
    assert told["clinic"]["mean_reduction"] == 4
    assert told["courses"][0]["last_treatment"] == "2026-07-13"


def test_visits_by_name_side_by_side() -> None:
    rows = [f"P-{p};8;6;{p}" for p in range(6)]
    ran = run("fit", log("Patient;NRS T1;NRS T2;NRS T3", *rows), answers="1\n2026-06-01\ny\n")
    assert ran.exit_code == 0, ran.output
    assert "18 rows in, 18 used" in ran.output


def test_a_day_beside_visits_by_name_is_asked() -> None:
    rows = [f"P-{p};2026-09-0{p + 1};T{at};{8 - 2 * at}" for p in range(6) for at in range(3)]
    path = log("Patient;Behandlungsbeginn laut Akte;Timepoint;Pain", *rows)
    assert proposals(path)["aliases.start_date"] == [["Behandlungsbeginn laut Akte"]]
    ran = run("fit", path, answers="1\n0 7 14\ny\n")
    assert ran.exit_code == 0, ran.output
    assert json.loads(run("report", path, "--json", "--dry-run").stdout)["clinic"]["evaluable"] == 6


def test_another_heading_row_and_another_sheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Rota"
    for row in (["Who", "When", "Room", "Score"], ["Ann", date(2026, 9, 1), "2", 3]):
        book.active.append(row)
    sheet = book.create_sheet("Verlauf")
    sheet.append(["a", "b", "c", "d"])
    sheet.append(["Kod", "Wizyta", "Przed", "Po"])
    for at, day in enumerate(DAYS):
        sheet.append([f"X{at % 2}", day, 8 - at // 2, 6 - at // 2])
    book.save("log.xlsx")
    ran = run("fit", "log.xlsx", answers="t\n2\nr\n2\nq\n")
    assert '"Verlauf", headings in row 2 (r: another row, t: another sheet), 10 rows' in ran.output
    assert "there is no sheet" in run("fit", "log.xlsx", "--sheet", "Nope").output


@pytest.mark.parametrize(("typed", "said"), [("0-", "is no scale"), ("5-5", "is no scale")])
def test_a_scale_that_is_none_is_asked_again(typed: str, said: str) -> None:
    ran = run("fit", log("Patient;Date;VAS before (mm)", *visits()), answers=f"{typed}\n0-10\nn\n")
    assert said in ran.output
    assert 'reading.scale.nrs_before = "0-10"' in ran.output


def test_hostile_headings_are_shown_on_one_line_and_never_stop_it() -> None:
    odd = ['"Patient ""]]>', "Wizyta\nthe\nday", "=1+1", "x" * 10_000, "<b>&amp;"]
    rows = [
        ";".join([f"P{at % 2}", str(day), str(8 - at), "1", "2"]) for at, day in enumerate(DAYS[:6])
    ]
    head = ";".join('"' + one.replace('"', '""') + '"' for one in odd)
    ran = run("fit", log(head, *rows), answers="1\n1\n1\n1\nn\n")
    assert ran.exit_code in (0, 1, 3), ran.output
    assert "Traceback" not in ran.output
    assert max(map(len, ran.output.splitlines())) < 1000
    assert "Wizyta the day" in ran.output


def test_an_empty_file_and_a_folder() -> None:
    Path("empty.csv").write_text("")
    assert run("fit", "empty.csv").exit_code == 3
    Path("logs").mkdir()
    log(HEADINGS, *visits())
    Path("log.csv").rename("logs/a.csv")
    assert run("fit", "logs").exit_code == 0


def test_a_clinic_folder_is_learnt_and_its_own_settings_written() -> None:
    assert CliRunner().invoke(main, ["init", "clinic"]).exit_code == 0
    assert "no log yet" in run("fit", "clinic").output
    path = log("Patient;Date;VAS before (mm)", *visits())
    Path(path).rename("clinic/inbox/log.csv")
    ran = run("fit", "clinic", answers="1\ny\n")
    assert ran.exit_code == 0, ran.output
    assert 'nrs_before = "0-100"' in Path("clinic/clinic.toml").read_text(encoding="utf-8")
    assert not Path("clinic.toml").exists()
    assert run("fit", "clinic", "--undo").exit_code == 0
