"""clinic.toml: strictly read, every mistake named with its key."""

from pathlib import Path

import pytest

from clinicreport.ground.errors import UsageError
from clinicreport.settings.config import Config, load


def toml(folder: Path, text: str, name: str = "clinic.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_is_needed(tmp_path: Path) -> None:
    assert load(None, tmp_path) == (Config(), ())
    assert load(None) == (Config(), ())


def test_everything_a_clinic_can_say(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        """
        name = "Harbour Pain Clinic"
        date_order = "day-first"
        languages = ["en", "de"]
        missing = [99, "999"]
        [aliases]
        nrs_before = ["Score on arrival"]
        [ids]
        same = [["P-1", "p1"]]
        different = [["P-2", "P-02"]]
        """,
    )
    config, used = load(path)
    assert used == (path,)
    assert config.name == "Harbour Pain Clinic"
    assert config.date_order == "dmy"
    assert config.languages == ["en", "de"]
    assert config.missing == ["99", "999"]
    assert config.aliases == {"nrs_before": ["Score on arrival"]}
    assert (config.ids.same, config.ids.different) == ([["P-1", "p1"]], [["P-2", "P-02"]])


@pytest.mark.parametrize(
    ("said", "order"),
    [("day-first", "dmy"), ("month-first", "mdy"), ("year-first", "ymd"), ("dmy", "dmy")],
)
def test_date_orders(tmp_path: Path, said: str, order: str) -> None:
    assert load(toml(tmp_path, f'date_order = "{said}"'))[0].date_order == order


def test_a_file_named_stands_over_the_folders(tmp_path: Path) -> None:
    toml(tmp_path, 'name = "Folder"\nmissing = ["99"]\n[aliases]\ndate = ["When"]')
    own = toml(tmp_path, 'name = "Named"\n[aliases]\nnotes = ["Text"]', "own.toml")
    config, used = load(own, tmp_path)
    assert config.name == "Named"
    assert config.missing == ["99"]
    assert config.aliases == {"date": ["When"], "notes": ["Text"]}
    assert [path.name for path in used] == ["clinic.toml", "own.toml"]


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes(b"\xef\xbb\xbfname = 'x'")
    assert load(path)[0].name == "x"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('nmae = "x"', 'clinic.toml: nmae: unknown key; did you mean "name"?'),
        ('date_order = "any"', "clinic.toml: date_order: "),
        ('languages = ["en", "xx"]', "clinic.toml: languages"),
        ("missing = 99", "clinic.toml: missing: "),
        ('[aliases]\nnrs_bfore = ["x"]', '"nrs_bfore" is no field; did you mean "nrs_before"?'),
        ('[aliases]\ndate = "x"', "clinic.toml: aliases.date: "),
        ('[ids]\nsame = [["P-1"]]', "clinic.toml: ids.same (entry 1): needs at least 2 entries"),
        ('[ids]\nsmae = [["P-1", "P-2"]]', 'ids.smae: unknown key; did you mean "same"?'),
        ("name = ", "clinic.toml: not valid TOML"),
    ],
)
def test_mistakes_are_named_with_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        load(toml(tmp_path, text))
    assert words in str(raised.value)
    assert raised.value.exit_status == 2


def test_every_mistake_is_listed(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        load(toml(tmp_path, 'nmae = "x"\ndate_order = "any"'))
    assert len(str(raised.value).splitlines()) == 2


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load(tmp_path / "other.toml")


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_bytes('name = "Zoë"'.encode("cp1252"))
    with pytest.raises(UsageError, match="UTF-8"):
        load(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('scale = { nrs_before = "large" }', '"large" is no scale'),
        ('scale = { nrs_before = "5-5" }', '"5-5" is no scale'),
        ('scale = { mobility = "0-100" }', '"mobility" is no score'),
        ('fill_down = ["patient"]', 'did you mean "patient_id"?'),
        ('fill_down = ["nrs_before"]', "cannot be filled down"),
        ('rows = "pairs"', "before-and-after"),
        ('date_from = ["Day", "Month"]', "reading.date_from"),
        ('values = { visit_type = { came = "visit" } }', "treatment, screening"),
        ('split = { column = "Pain" }', "reading.split.by: missing"),
        ("yaer = 2026", 'did you mean "year"?'),
    ],
)
def test_a_declared_reading_that_is_not_one_is_named(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text(f"[reading]\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        load(path)
    assert said in str(error.value)
    assert "reading" in str(error.value)


def test_the_defaults_would_pass_the_checks() -> None:
    told = load(None)[0].model_dump()
    assert Config.model_validate(told).model_dump() == told
