"""Lines in clinic.toml: every remark stays, and what was written can be taken back."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from clinicreport.ground.errors import UsageError
from clinicreport.settings.config import Config, load
from clinicreport.settings.earlier_settings import undo
from clinicreport.settings.own_lines import (
    shown_line,
    text_with_lines,
    with_lines,
    write_lines,
)

LINES = {
    "date_order": "day-first",
    "start_date": date(2026, 6, 1),
    "missing": ["-99"],
    "aliases.date": ["Day"],
    "reading.scale.nrs_before": "0-100",
    "reading.scale.nrs_after": "0-100",
    "reading.split": {"column": "Pain", "by": "->"},
}
REMARKS = '# a remark\nname = "Clinic"  # another\n\n[aliases] # a third\ndate = ["Datum"]\n'


def test_remarks_stay_and_lists_grow() -> None:
    text = text_with_lines(REMARKS, LINES)
    for remark in ("# a remark", "# another", "# a third"):
        assert remark in text
    data = tomllib.loads(text)
    assert data["aliases"]["date"] == ["Datum", "Day"]
    assert data["missing"] == ["-99"]
    assert data["start_date"] == date(2026, 6, 1)
    assert data["reading"] == {
        "scale": {"nrs_before": "0-100", "nrs_after": "0-100"},
        "split": {"column": "Pain", "by": "->"},
    }


def test_the_same_lines_twice_change_nothing() -> None:
    once = text_with_lines(REMARKS, LINES)
    assert text_with_lines(once, LINES) == once


def test_settings_with_lines_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    write_lines(path, LINES)
    assert load(path)[0] == with_lines(Config(), LINES)


def test_taken_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"\xef\xbb\xbf# caf\xc3\xa9\r\n")
    before = path.read_bytes()
    write_lines(path, {"missing": ["-99"]})
    write_lines(path, {"missing": ["999"]})
    assert tomllib.loads(path.read_text(encoding="utf-8-sig"))["missing"] == ["-99", "999"]
    assert not undo(path)
    assert not undo(path)
    assert path.read_bytes() == before
    with pytest.raises(UsageError, match="nothing was written"):
        undo(path)


def test_a_file_that_was_made_goes_again(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    write_lines(path, {"missing": ["-99"]})
    assert undo(path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text("name = Clinic\n")
    with pytest.raises(UsageError, match="not valid TOML"):
        write_lines(path, {"missing": ["-99"]})
    assert path.read_text() == "name = Clinic\n"
    assert list(tmp_path.iterdir()) == [path]


def test_ten_earlier_ones_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    for number in range(13):
        write_lines(path, {"missing": [str(number)]})
    assert len(list(tmp_path.glob("clinic.toml.before-*"))) == 10


def test_a_line_as_it_stands_in_the_file() -> None:
    assert shown_line("reading.split", {"column": "Pain", "by": "->"}) == (
        'reading.split = { column = "Pain", by = "->" }'
    )
    assert shown_line("start_date", date(2026, 6, 1)) == "start_date = 2026-06-01"


def test_what_somebody_changed_since_is_not_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('name = "A"\n')
    write_lines(path, {"missing": ["-9"]})
    write_lines(path, {"missing": ["-99"]})
    undo(path)
    path.write_text(path.read_text() + 'date_order = "day-first"\n')
    with pytest.raises(UsageError, match="somebody has changed it"):
        undo(path)
    assert "date_order" in path.read_text()


def test_a_file_of_windows_keeps_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes(b'\xef\xbb\xbf# remark\r\nname = "A"\r\n')
    write_lines(path, {"aliases.date": ["Tag"], "reading.scale.nrs_before": "0-100"})
    text = path.read_bytes().decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n") > 3
    assert "# remark" in text


def test_a_table_gets_what_it_lacks() -> None:
    text = text_with_lines(
        '[reading]\nvalues = { visit_type = { ja = "treatment" } } # kept\n',
        {"reading.values.visit_type": {"nein.": "not-attended"}},
    )
    assert tomllib.loads(text)["reading"]["values"]["visit_type"] == {
        "ja": "treatment",
        "nein.": "not-attended",
    }
    assert "# kept" in text


def test_settings_that_would_be_none_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text('[aliases]\ndate = ["Day"]\n')
    with pytest.raises(UsageError, match="stands under"):
        write_lines(path, {"aliases.patient_id": ["Day"]})
    assert path.read_text() == '[aliases]\ndate = ["Day"]\n'
