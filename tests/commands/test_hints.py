"""Every line for ``clinic.toml`` that a finding or a refusal prints: pasted there, it works."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import Result
from kinds_of_logs import Page, xlsx

Cli = Callable[..., Result]
HEAD = ["Patient", "Date", "Pain before"]
DAYS = ["14.09.2026", "16.09.2026", "18.09.2026", "21.09.2026"]
SCORES = [8, 6, 5, 4]


def log(*heads: str, **columns: list[Any]) -> list[list[Any]]:
    """Four visits of one patient below these headings; ``columns``: what else stands there."""
    usual = {"Patient": ["P-1"] * 4, "Date": DAYS, "Pain before": SCORES} | columns
    return [list(heads), *([usual[head][at] for head in heads] for at in range(4))]


def named(name: str, *cells: Any, beside: tuple[str, ...] = ("Patient", "Date", "Pain before")):
    return log(*beside, name, **{name: list(cells)})


class Hinted(NamedTuple):
    """A log, the rule whose words hold the line, and how many rows are used after it."""

    rows: list[list[Any]]
    rule: str
    used: int = 4
    lines: str = ""  # the line where the words hold several to choose from


CASES = {
    "a heading of the patient": Hinted(
        named("Who", *["P-1"] * 4, beside=HEAD[1:]), "missing-column"
    ),
    "of the date": Hinted(
        named("Seen on", *DAYS, beside=("Patient", "Pain before")), "missing-column"
    ),
    "of the score": Hinted(
        named("How bad?", *SCORES, beside=("Patient", "Date")), "missing-column"
    ),
    "of all of them": Hinted(
        [["Who", "Seen on", "How bad?"], *([["P-1", DAYS[at], SCORES[at]] for at in range(4)])],
        "no-session-table",
    ),
    "with its group": Hinted(
        named("grp_visit/pain_before", *SCORES, beside=("Patient", "Date")), "missing-column"
    ),
    "a near miss": Hinted(named("Therapst", *"abcd"), "unknown-column"),
    "another scale, in the heading": Hinted(
        named("Pain before (0-100)", 80, 60, 50, 40, beside=("Patient", "Date")), "other-scale"
    ),
    "another scale, in the numbers": Hinted(
        log(*HEAD, **{"Pain before": [80, 60, 50, 40]}), "other-scale"
    ),
    "before and after in a cell": Hinted(
        log(*HEAD, **{"Pain before": ["8 -> 6", "6 -> 5", "5 -> 5", "4 -> 3"]}), "bad-score"
    ),
    "a patient above": Hinted(log(*HEAD, Patient=["P-1", None, None, None]), "missing-patient"),
    "a date above": Hinted(log(*HEAD, Date=[DAYS[0], None, None, None]), "missing-date"),
    "names in two columns": Hinted(
        log(
            "First name",
            "Last name",
            "Date",
            "Pain before",
            **{"First name": ["Ann"] * 4, "Last name": ["Example"] * 4},
        ),
        "missing-column",
        lines="patient_from",
    ),
    "no year": Hinted(log(*HEAD, Date=["14.9.", "16.9.", "18.9.", "21.9."]), "bad-date"),
    "dates of two orders": Hinted(
        log(*HEAD, Date=["03/04/2026", "05/04/2026", "06/04/2026", "07/04/2026"]), "ambiguous-date"
    ),
    "months of another language": Hinted(
        log(*HEAD, Date=[f"{at} maggio 2026" for at in (4, 6, 8, 11)]), "bad-date"
    ),
    "weeks without a start": Hinted(
        named("Week", 0, 1, 2, 3, beside=("Patient", "Pain before")),
        "missing-column",
        lines="start_date",
    ),
    "who came": Hinted(
        named("Showed up", "came", "DNA", "came", "came"), "unread-attendance", lines="visit_type"
    ),
    "two rows a visit": Hinted(
        [
            HEAD,
            *([f"P-{who}", day, score] for who in (1, 2) for day in DAYS for score in (8, 5)),
        ],
        "same-day-scores",
        16,
        lines="rows",
    ),
    "two sessions a day": Hinted(
        [
            HEAD,
            *([f"P-{who}", day, score] for who in (1, 2) for day in DAYS for score in (8, 5)),
        ],
        "same-day-scores",
        16,
        lines="two_sessions_a_day",
    ),
}


def told(cli: Cli, *options: str) -> dict[str, Any]:
    result = cli("check", "log.xlsx", "--json", *options)
    assert result.exit_code in (0, 1, 3), result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def lines_in(message: str) -> dict[str, dict[str, Any]]:
    """Section of ``clinic.toml`` (empty: none) -> the lines that a message prints."""
    found: dict[str, dict[str, Any]] = {}
    section, done = "", 0
    for match in re.finditer(r"under \[(\w+)\]|\b([a-z_]+) = (?=[\[{\"\w])", message):
        if match[1]:
            section = match[1]
        if match[1] or match.start() < done:
            continue
        rest = message[match.end() :]
        if (value := _value(rest)) is not None:
            found.setdefault(section, {}).setdefault(match[2], value)
            done = match.end() + len(value)
    return found


def _value(text: str) -> str | None:
    """The TOML value that a text begins with."""
    if text[0] not in '[{"':
        return re.match(r"[\w-]+", text)[0]  # type: ignore[index]
    for end in range(2, len(text) + 1):
        try:
            tomllib.loads(f"x = {text[:end]}")
        except tomllib.TOMLDecodeError:
            continue
        return text[:end]
    return None


def pasted(lines: dict[str, dict[str, str]], only: str) -> str:
    parts = []
    for section in sorted(lines):
        parts += [f"[{section}]"] * bool(section)
        parts += [f"{key} = {value}" for key, value in lines[section].items() if only in ("", key)]
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_a_line_that_is_pasted_works(name: str, cli: Cli, folder: Path) -> None:
    case = CASES[name]
    (folder / "log.xlsx").write_bytes(xlsx(Page(case.rows)))
    words = [f["message"] for f in told(cli)["findings"] if f["rule"] == case.rule]
    assert words, told(cli)["findings"]
    lines = lines_in(words[-1])
    assert lines, words
    (folder / "own.toml").write_text(pasted(lines, case.lines), encoding="utf-8")
    after = told(cli, "--config", "own.toml")
    assert [f["message"] for f in after["findings"] if f["rule"] == case.rule] == []
    assert [entry["status"] for entry in after["inputs"]] == ["read"], after["inputs"]
    assert sum(entry["used"] for entry in after["inputs"]) == case.used


def test_a_sheet_that_is_no_log_is_left_out_as_said(cli: Cli, folder: Path) -> None:
    other = [["Patient", "Date", "Room"], ["P-1", DAYS[0], "3"], ["P-2", DAYS[1], "4"]]
    (folder / "log.xlsx").write_bytes(xlsx(Page(log(*HEAD)), Page(other, name="Rooms")))
    (words,) = [f["message"] for f in told(cli)["findings"] if f["rule"] == "missing-column"]
    (folder / "own.toml").write_text(pasted(lines_in(words), "ignore"), encoding="utf-8")
    after = told(cli, "--config", "own.toml")
    assert [entry["status"] for entry in after["inputs"]] == ["read"]
    assert "missing-column" not in [f["rule"] for f in after["findings"]]


@pytest.mark.parametrize("right", [True, False])
def test_half_converted_dates_are_read_as_declared(right: bool, cli: Cli, folder: Path) -> None:
    import datetime as dt

    days = [dt.date(2026, month, 9) for month in (1, 3, 5)]
    mixed = [*days, "14.09.2026", "16.09.2026", "18.09.2026"]
    rows = [HEAD, *(["P-1", day, 5] for day in mixed)]
    (folder / "log.xlsx").write_bytes(xlsx(Page(rows)))
    words = [f["message"] for f in told(cli)["findings"] if f["rule"] == "ambiguous-date"]
    assert len(words) == 3
    assert "swapped_dates = true (or false: they are right)" in words[0]
    line = f"[reading]\nswapped_dates = {str(not right).lower()}\n"
    (folder / "own.toml").write_text(line, encoding="utf-8")
    after = told(cli, "--config", "own.toml")
    assert [entry["used"] for entry in after["inputs"]] == [6]


def test_names_of_visits_are_declared_as_said(cli: Cli, folder: Path) -> None:
    heads = ["Patient", "Start date", "Week", "Pain before"]
    rows = [heads, ["P-1", DAYS[0], "T1", 8], ["P-1", DAYS[0], "T2", 5], ["P-1", DAYS[0], "3", 4]]
    (folder / "log.xlsx").write_bytes(xlsx(Page(rows)))
    words = [f["message"] for f in told(cli)["findings"] if f["rule"] == "bad-date"]
    own = {}
    for said in words:
        own |= tomllib.loads(f"x = {lines_in(said)['reading']['visits']}")["x"]
    assert set(own) == {"T1", "T2"}
    line = "[reading]\nvisits = { T1 = 0, T2 = 14 }\n"
    (folder / "own.toml").write_text(line, encoding="utf-8")
    assert [entry["used"] for entry in told(cli, "--config", "own.toml")["inputs"]] == [3]
