"""A finding's id: the same for the same matter in every run; and what became of it since."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands.cli import main

HEAD = ["Patient", "Date", "NRS before", "NRS after", "Duration", "Notes"]
VISITS = [
    ["P-1", "2026-09-07", "8", "6", "15", ""],
    ["P-1", "2026-09-09", "severe", "6", "15", ""],  # bad-score C3
    ["P-1", "2026-09-11", "7", "5", "45", ""],  # session-too-long E4
    ["P-2", "soon", "7", "5", "15", ""],  # bad-date B5
    ["P-2", "2026-09-08", "6", "5", "15", ""],
    ["P-2", "2026-09-10", "6", "5", "15", ""],
    ["P-2", "2026-10-01", "4", "5", "15", ""],  # weeks without a visit, an interruption
]


def written(folder: Path, visits: list[list[str]], name: str = "log.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *visits])
    return path


def said(*words: object, command: str = "check") -> dict:
    ran = CliRunner().invoke(
        main, [command, *map(str, words), "--json", "--today", "2026-11-24"], catch_exceptions=False
    )
    return json.loads(ran.stdout)


def ids(found: dict) -> dict[tuple[str, str | None], str]:
    return {(one["rule"], one["patient"]): one["id"] for one in found["findings"]}


def test_ids_are_unlike_and_begin_with_a_letter(tmp_path: Path) -> None:
    found = said(written(tmp_path, VISITS))["findings"]
    names = [one["id"] for one in found]
    assert len(set(names)) == len(names) > 4
    assert all(name[0] == "f" and len(name) == 16 for name in names)
    assert list(found[0])[:3] == ["id", "state", "rule"]


def test_an_id_does_not_depend_on_the_row_the_name_or_the_order(tmp_path: Path) -> None:
    first = ids(said(written(tmp_path, VISITS)))
    moved = [["P-0", "2026-09-07", "5", "4", "15", ""], *VISITS[4:], *VISITS[:4]]
    second = ids(said(written(tmp_path, moved, "renamed.csv")))
    assert first.items() <= second.items()


def test_a_gap_keeps_its_id_when_the_treatment_after_it_is_another(tmp_path: Path) -> None:
    def log(*days: str) -> Path:
        return written(tmp_path, [["P-1", f"2026-{day}", "8", "6", "15", ""] for day in days])

    def gaps(path: Path) -> list[str]:
        found = said(path)["findings"]
        return [
            one["id"]
            for one in found
            if one["rule"] == "too-few-sessions" and "No treatment at all" in one["message"]
        ]

    # Weeks from 7 September: 0, (1 without a visit), 2, 3
    week = ["09-07", "09-09", "09-11"]
    later = gaps(log(*week, "09-21", "09-23", "09-25", "09-28"))
    earlier = gaps(log(*week, "09-22", "09-23", "09-25", "09-28"))
    assert len(later) == 1
    assert later == earlier


def test_the_second_like_it_has_an_id_of_its_own(tmp_path: Path) -> None:
    twice = [["P-1", "soon", "8", "6", "15", ""]] * 2 + VISITS[:1]
    found = said(written(tmp_path, twice))["findings"]
    assert len({one["id"] for one in found if one["rule"] == "bad-date"}) == 2


@pytest.mark.parametrize("command", ["check", "report"])
def test_states_and_what_was_mended(command: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = said(written(tmp_path, VISITS), *dry(command), command=command)
    assert {one["state"] for one in before["findings"]} == {"new"}
    assert before["mended"] == []
    (tmp_path / "before.json").write_text(json.dumps(before), encoding="utf-8")
    now = [list(visit) for visit in VISITS]
    now[1][2] = "7"  # mended
    now[4][4] = "50"  # a new one
    path = written(tmp_path, now)
    after = said(path, "--previous", "before.json", *dry(command), command=command)
    states = {(one["rule"], one["cell"]): one["state"] for one in after["findings"]}
    assert states["session-too-long", "E4"] == "open"
    assert states["bad-date", "B5"] == "open"
    assert states["session-too-long", "E6"] == "new"
    assert [(one["rule"], one["cell"], one["value"]) for one in after["mended"]] == [
        ("bad-score", "C3", "severe"),
        ("missing-score", "C3", None),
    ][: len(after["mended"])]
    assert after["mended"][0]["id"] == ids(before)["bad-score", "P-1"]


def dry(command: str) -> list[str]:
    return ["--dry-run"] if command == "report" else []


def test_what_a_period_leaves_out_is_not_mended(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, VISITS)
    (tmp_path / "before.json").write_text(json.dumps(said(path)), encoding="utf-8")
    after = said(path, "--previous", "before.json", "--period", "2026-10")
    assert after["mended"] == []
    assert len(after["findings"]) < 6


def test_a_file_that_is_no_earlier_report_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, VISITS)
    for text in ('{"findings": [1]}', "[]", "no"):
        (tmp_path / "before.json").write_text(text, encoding="utf-8")
        ran = CliRunner().invoke(
            main, ["check", str(path), "--previous", f"{tmp_path}/before.json"]
        )
        assert ran.exit_code == 2
        assert "earlier report" in ran.stderr or "that of a report" in ran.stderr
