"""Headings mean a field through the alias table only, never by likeness."""

from collections import defaultdict

import pytest

from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml
from clinicreport.log.fields import REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.log.headings import WEAK, Aliases, key, map_row, packaged_aliases

TABLE = read_toml(resource("templates/headings.toml"))
USUAL = Aliases()


def test_there_are_headings_for_every_field_in_every_language() -> None:
    assert set(TABLE) == {"en", "de", "fr", "es", "nl", "pt", "it"}
    for field in {**SESSION_FIELDS, **REGISTER_FIELDS}:
        assert field in TABLE["en"]
    for language, fields in TABLE.items():
        for field in ("patient_id", "date", "nrs_before", "nrs_after", "duration"):
            assert fields[field], (language, field)


def test_no_heading_means_two_fields_in_any_language() -> None:
    meanings = defaultdict(set)
    for fields in TABLE.values():
        for name, headings in fields.items():
            for heading in (name, *headings):
                meanings[key(heading)].add(name)
    assert {heading: names for heading, names in meanings.items() if len(names) > 1} == {}


def test_every_heading_of_the_table_is_found() -> None:
    for name, headings in packaged_aliases().items():
        for heading in headings:
            assert USUAL.field(heading) == name, heading


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Patient ID", "patient_id"),
        ("PATIENT-ID", "patient_id"),
        ("patient_id", "patient_id"),
        (" Patient  ID: ", "patient_id"),
        ("Pt. No.", "patient_id"),
        ("MRN", "patient_id"),
        ("Date of visit", "date"),
        ("Datum", "date"),
        ("Fecha", "date"),
        ("NRS before", "nrs_before"),
        ("Pain before session (0-10)", "nrs_before"),
        ("Pain before [NRS 0–10]", "nrs_before"),
        ("Douleur avant", "nrs_before"),
        ("DOULEUR APRÈS", "nrs_after"),
        ("Douleur apres", "nrs_after"),
        ("Dolor después", "nrs_after"),
        ("Duration (min)", "duration"),
        ("Duration [minutes]", "duration"),
        ("Dauer (min)", "duration"),
        ("Durée\n(min)", "duration"),
        ("Session minutes", "duration"),
        ("Wavelength (nm)", "wavelength"),
        ("Irradiance (mW/cm²)", "irradiance"),
        ("Irradiance (mW/cm2)", "irradiance"),
        ("Fluence (J/cm²)", "fluence"),
        ("Pain duration (years)", "pain_years"),
        ("Mobility (cm)", "mobility"),
        ("Eye protection?", "eye_protection"),
        ("Goggles (y/n)", "eye_protection"),
        ("Ｄａｔｅ", "date"),
        ("Adverse event(s)", "adverse_event"),
    ],
)
def test_case_spaces_punctuation_and_units_do_not_matter(heading: str, field: str) -> None:
    assert USUAL.field(heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        "Duration (s)",
        "Duration (sec)",
        "Duration (h)",
        "Pain duration (months)",
        "Wavelength (µm)",
        "Irradiance (W/cm²)",
        "Irradiance (mW)",
        "Fluence (mJ/cm²)",
        "Fluence (J)",
        "Mobility (mm)",
        "Duration (nm)",
    ],
)
def test_a_column_in_another_unit_is_not_used_and_it_is_said(heading: str) -> None:
    assert USUAL.field(heading) is None
    assert "unit" in USUAL.suggestion(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "   ",
        "Pain score after session X",
        "Therapst",
        "Score",
        "Follow",
        "x",
        None,
        7,
        7.0,
        True,
        "Session",
        "Datum der Rechnung",
        "Birthstone",
        "()",
        "Weight (kg)",
    ],
)
def test_what_is_not_in_the_table_is_never_mapped(heading: object) -> None:
    assert USUAL.field(heading) is None


def test_a_near_miss_gets_a_line_to_paste() -> None:
    text = USUAL.suggestion("Therapst")
    assert "Therapist" in text
    assert 'therapist = ["Therapst"]' in text
    assert "clinic.toml" in USUAL.suggestion("Zzzzzz")


def test_a_clinics_own_heading_holds_before_the_packaged_one() -> None:
    own = Aliases({"nrs_after": ["Pain now"], "nrs_before": ["Score on arrival"]})
    assert own.field("SCORE on arrival") == "nrs_before"
    assert own.field("pain now") == "nrs_after"
    assert USUAL.field("pain now") == "nrs_before"


def test_a_row_becomes_columns() -> None:
    row = ["Date", "", "Patient", "Pain before", "Pain today", "Weather", 7]
    found = map_row(row, USUAL, SESSION_FIELDS)
    assert found.columns == {"date": 1, "patient_id": 3, "nrs_before": 4}
    assert found.duplicates == [(5, "nrs_before")]
    assert found.unknown == [6, 7]


def test_a_running_number_is_the_patient_only_where_nothing_else_is() -> None:
    assert "id" in WEAK
    alone = map_row(["ID", "Date", "Pain"], USUAL, SESSION_FIELDS)
    assert alone.columns["patient_id"] == 1
    beside = map_row(["ID", "Patient", "Date", "Pain"], USUAL, SESSION_FIELDS)
    assert beside.columns["patient_id"] == 2
    assert beside.unknown == [1]
    assert beside.duplicates == []


def test_headings_of_the_register_are_no_unknown_columns_of_a_log() -> None:
    found = map_row(["Patient", "Sex", "Date", "Pain"], USUAL, SESSION_FIELDS)
    assert "sex" not in found.columns
    assert found.unknown == []
