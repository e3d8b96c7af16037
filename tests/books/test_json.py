"""The JSON's shape: every key that is promised, in its type, and no number that is none."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Cli

from clinicreport import __version__
from clinicreport.books.json_report import dumps
from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml

SAMPLES = Path(__file__).parents[2] / "samples"
RULES = read_toml(resource("templates/protocol.toml"))["rules"]
Check = Callable[[Any], bool]


def a(*kinds: type) -> Check:
    return lambda value: type(value) in kinds


def one_of(*values: Any) -> Check:
    return lambda value: value in values


def maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


def number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def share(value: Any) -> bool:
    return number(value) and 0 <= value <= 1


def pair(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(map(number, value))
        and value[0] < value[1]
    )


TEXT, COUNT, YES_NO = a(str), a(int), a(bool)
TOP = {
    "schema": one_of(1),
    "version": one_of(__version__),
    "protocol": a(dict),
    "as_of": maybe(day),
    "period": maybe(TEXT),
    "inputs": a(list),
    "findings": a(list),
}
PROTOCOL = {"name": TEXT, "version": TEXT}
INPUT = {
    "file": TEXT,
    "sha256": lambda v: len(v) == 64,
    "sheet": TEXT,
    "rows": COUNT,
    "used": COUNT,
    "set_aside": COUNT,
    "status": one_of("read", "unreadable"),
    "reason": maybe(TEXT),
}
FINDING = {
    "rule": lambda v: v in RULES,
    "severity": one_of("error", "warning", "note"),
    "message": TEXT,
    "file": TEXT,
    "sheet": TEXT,
    "cell": TEXT,
    "row": maybe(COUNT),
    "field": maybe(TEXT),
    "patient": maybe(TEXT),
    "value": maybe(a(str, int, float, bool)),
    "clinic": maybe(TEXT),
}
COURSE = {
    "patient": TEXT,
    "clinic": maybe(TEXT),
    "course": COUNT,
    "day_0": day,
    "last_treatment": day,
    "sessions": COUNT,
    "treatment_days": COUNT,
    "weeks_attended": COUNT,
    "baseline": maybe(number),
    "latest": maybe(number),
    "reduction": maybe(number),
    "percent_reduction": maybe(number),
    "responder_30": maybe(YES_NO),
    "responder_50": maybe(YES_NO),
    "mcid": maybe(YES_NO),
    "response": one_of("worse", "substantial", "moderate", "little-or-none", "not-evaluable"),
    "not_evaluable": one_of(None, "no-baseline", "zero-baseline", "single-day", "no-later-score"),
    "low_baseline": maybe(YES_NO),
    "immediate_relief": maybe(number),
    "adherence": maybe(share),
    "weeks_judged": COUNT,
    "status": one_of("completed", "dropout", "in-progress"),
    "days_to_30": maybe(COUNT),
    "days_to_50": maybe(COUNT),
    "durability": one_of("not-applicable", "not-known", "sustained", "relapsed"),
    "follow_up_days": maybe(COUNT),
    "adverse_events": COUNT,
    "condition": maybe(TEXT),
    "latest_date": maybe(day),
    "last_score": maybe(number),
    "last_score_date": maybe(day),
    "confirmed_30": maybe(YES_NO),
}
PROPORTION = {"count": COUNT, "observed": maybe(share), "observed_ci": maybe(pair)}
RATE = {
    "count": COUNT,
    "observed": maybe(share),
    "observed_ci": maybe(pair),
    "all_started": maybe(share),
    "all_started_ci": maybe(pair),
    "confirmed": COUNT,
    "confirmed_observed": maybe(share),
    "confirmed_observed_ci": maybe(pair),
    "best_case": maybe(share),
}
CLINIC = {
    "started": COUNT,
    "evaluable": COUNT,
    "not_evaluable": a(dict),
    "mean_baseline": maybe(number),
    "mean_latest": maybe(number),
    "mean_reduction": maybe(number),
    "mean_reduction_ci": maybe(pair),
    "median_percent_reduction": maybe(number),
    "ratio_of_means": maybe(number),
    "standardised_mean_change": maybe(number),
    "responder_30": a(dict),
    "responder_50": a(dict),
    "mcid": a(dict),
    "sessions": COUNT,
    "adverse_events": a(dict),
    "dropout_rate": maybe(share),
    "adherence": maybe(share),
    "completeness": a(dict),
    "median_percent_reduction_ci": maybe(lambda v: v[0] <= v[1]),
    "standardised_mean_change_ci": maybe(pair),
    "dropout_rate_ci": maybe(pair),
    "worse": a(dict),
    "measurement_error": a(dict),
    "important_by_baseline": a(dict),
    "before_treatment": maybe(a(dict)),
    "durability": a(dict),
    "follow_up": a(dict),
    "trend": a(list),
}
ERROR = {"mdc": maybe(number), "improved": COUNT, "within": COUNT, "worse": COUNT}
DURABILITY = {"sustained": COUNT, "relapsed": COUNT, "not-known": COUNT}
FOLLOW_UP = {"n": COUNT, "mean": maybe(number)}
WEEK = {
    "group": one_of("attending", "same", "reference"),
    "week": COUNT,
    "n": COUNT,
    "mean": number,
    "mean_ci": maybe(pair),
}
STEP = {
    "day": COUNT,
    "at_risk": COUNT,
    "relapsed": COUNT,
    "censored": COUNT,
    "sustained": share,
    "sustained_ci": maybe(pair),
}
EVENTS = {
    "sessions_with_event": COUNT,
    "sessions_completed": COUNT,
    "per_100": maybe(number),
    "patients": COUNT,
    "per_100_ci": maybe(pair),
    "by_severity": maybe(a(dict)),
    "related": maybe(a(dict)),
    "stopped": maybe(COUNT),
}
REASONS = dict.fromkeys(["no-baseline", "zero-baseline", "single-day", "no-later-score"], COUNT)
COMPLETENESS = dict.fromkeys(
    [
        "nrs_before",
        "nrs_after",
        "duration",
        "adverse_event",
        "eye_protection",
        "safe_distance",
        "skin_clean",
        "baseline_and_latest",
    ],
    maybe(share),
)


def fits(value: dict[str, Any], shape: dict[str, Check], exactly: bool = False) -> None:
    """Every key of the shape is there and of its kind."""
    assert set(shape) <= set(value), set(shape) - set(value)
    if exactly:
        assert set(shape) == set(value)
    for key, check in shape.items():
        assert check(value[key]), (key, value[key])


def no_constant(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def fits_report(found: dict[str, Any]) -> None:
    fits(found, TOP | {"courses": a(list), "clinic": a(dict)})
    fits(found["protocol"], PROTOCOL, exactly=True)
    for entry in found["inputs"]:
        fits(entry, INPUT)
        assert entry["rows"] == entry["used"] + entry["set_aside"]
        assert (entry["status"] == "unreadable") == (entry["reason"] is not None)
    for finding in found["findings"]:
        fits(finding, FINDING)
    for course in found["courses"]:
        fits(course, COURSE)
        assert (course["not_evaluable"] is None) == (course["responder_30"] is not None)
    clinic = found["clinic"]
    fits(clinic, CLINIC)
    fits(clinic["not_evaluable"], REASONS, exactly=True)
    assert clinic["started"] == clinic["evaluable"] + sum(clinic["not_evaluable"].values())
    for name in ("responder_30", "responder_50", "mcid"):
        fits(clinic[name], RATE, exactly=True)
    for name in ("worse", "important_by_baseline"):
        fits(clinic[name], PROPORTION, exactly=True)
    fits(clinic["measurement_error"], ERROR, exactly=True)
    fits(clinic["durability"], DURABILITY, exactly=True)
    fits(clinic["follow_up"], FOLLOW_UP, exactly=True)
    for entry in found["by_week"]:
        fits(entry, WEEK, exactly=True)
    for entry in found["after_course"]:
        fits(entry, STEP, exactly=True)
    fits(clinic["adverse_events"], EVENTS)
    fits(clinic["completeness"], COMPLETENESS, exactly=True)


@pytest.mark.parametrize(
    "name", ["three-months", "one-patient.xlsx", "faults.xlsx", "semicolon-decimal-comma.csv"]
)
def test_the_shape_of_a_report(cli: Cli, name: str) -> None:
    result = cli("report", SAMPLES / name, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout, parse_constant=no_constant)
    fits_report(found)
    assert found["courses"]
    checked = json.loads(cli("check", SAMPLES / name, "--json").stdout, parse_constant=no_constant)
    fits(checked, TOP)
    assert not {"courses", "clinic"} & set(checked)
    assert {key: checked[key] for key in TOP} == {key: found[key] for key in TOP}


@pytest.mark.parametrize(
    "text",
    [
        "Patient,Date,NRS\n",
        "Patient,Date,NRS\n,2026-09-01,5\n",
        "Patient,Date,NRS\nP-1,2026-09-01,0\n",
        "Patient,Date,NRS\nP-1,2026-09-01,\n",
        "Patient,Date,NRS\nP-1,2026-09-01,5\nP-1,2026-09-02,5\n",
        "Nothing\nat all\n",
    ],
)
def test_the_shape_where_there_is_little(cli: Cli, folder: Path, text: str) -> None:
    (folder / "log.csv").write_text(text)
    found = json.loads(cli("report", "log.csv", "--json").stdout, parse_constant=no_constant)
    fits_report(found)


def test_a_whole_days_number_is_whole(cli: Cli) -> None:
    courses = json.loads(cli("report", SAMPLES / "three-months", "--json").stdout)["courses"]
    assert {type(course["days_to_30"]) for course in courses} == {int, type(None)}
    assert {type(course["responder_30"]) for course in courses} == {bool, type(None)}
    assert any(course["follow_up_days"] for course in courses)


def test_inputs_are_known_by_their_content(cli: Cli, folder: Path) -> None:
    (folder / "log.csv").write_bytes(b"Patient,Date,NRS\n")
    (entry,) = json.loads(cli("check", "log.csv", "--json").stdout)["inputs"]
    assert entry["sha256"] == "633c6854e3a554c244729cf3ef901e954266645c90a79f8ea28e93aa3345bc57"
    assert (entry["file"], entry["sheet"]) == ("log.csv", "")


def test_a_sheet_is_an_input(cli: Cli) -> None:
    found = json.loads(cli("check", SAMPLES / "three-months", "--json").stdout)
    assert [entry["file"] for entry in found["inputs"]] == [
        "2026-07.xlsx",
        "2026-08.xlsx",
        "2026-09.xlsx",
    ]
    assert {entry["sheet"] for entry in found["inputs"]} == {"Sessions"}


def test_a_column_of_clinics_is_carried(cli: Cli, folder: Path) -> None:
    (folder / "log.csv").write_text(
        "Clinic,Patient,Date,NRS\nNorth,1,2026-09-01,5\nSouth,1,2026-09-01,severe\n"
    )
    found = json.loads(cli("report", "log.csv", "--json").stdout)
    assert [(course["clinic"], course["patient"]) for course in found["courses"]] == [
        ("North", "1"),
        ("South", "1"),
    ]
    assert (found["findings"][0]["rule"], found["findings"][0]["clinic"]) == ("bad-score", "South")


def test_hidden_characters_survive(cli: Cli, folder: Path) -> None:
    """A lone surrogate from a workbook is no reason to lose the JSON."""
    assert json.loads(dumps({"value": "a\ud800b"}))["value"] == "a\ud800b"
    (folder / "log.csv").write_text(
        "Patient,Date,NRS,Notes\nP\u202e-1,2026-09-01,5,\u200efine\n", encoding="utf-8"
    )
    found = json.loads(cli("check", "log.csv", "--json").stdout)
    assert [(f["rule"], f["cell"]) for f in found["findings"]] == [
        ("unsafe-text", "A2"),
        ("unsafe-text", "D2"),
    ]


def test_never_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps({"value": math.nan})
