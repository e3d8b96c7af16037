"""Several forms in one clinic: chosen by their headings, learnt where a second layout needs it."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands import fit as fit_command
from clinicreport.commands.cli import main
from clinicreport.ground.errors import UsageError
from clinicreport.ground.strict_toml import validated
from clinicreport.settings.config import Config

DAYS = [date(2026, 9, 1) + timedelta(days=2 * at) for at in range(5)]
TODAY = ("--today", "2026-11-20")
FORMS = """# ours
[[forms]]
name = "Cards of 2025"
when = ["VAS Eingang", "Besuch am"]
date_order = "month-first"
[forms.aliases]
date = ["Besuch am"]
nrs_before = ["VAS Eingang"]
patient_id = ["Fall"]
[forms.reading]
scale = { nrs_before = "0-100" }
"""


def run(*words: object, answers: str | None = None):
    return CliRunner().invoke(main, [*map(str, words), *TODAY], input=answers)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fit_command, "_asks", lambda options: not options.as_json)
    write("new.csv", "Patient;Date;Pain before", [8, 6, 4, 4, 3])
    write("old.csv", "Fall;Besuch am;VAS Eingang", [80, 60, 40, 40, 30], form="%m/%d/%Y")


def write(name: str, headings: str, scores: list[float], form: str = "%Y-%m-%d") -> None:
    rows = [
        f"{name[0]}-{who};{day.strftime(form)};{score}"
        for day, score in zip(DAYS, scores, strict=True)
        for who in "ABC"
    ]
    Path(name).write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")


def report(*paths: str) -> dict:
    ran = run("report", *paths, "--json", "--dry-run")
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def test_each_sheet_is_read_as_its_form() -> None:
    Path("clinic.toml").write_text(FORMS)
    told = report("new.csv", "old.csv")
    assert told["clinic"]["started"] == 6
    assert told["clinic"]["mean_baseline"] == 8
    assert told["clinic"]["mean_latest"] == 3
    said = {entry["file"]: "; ".join(entry["assumptions"]) for entry in told["inputs"]}
    assert "form “Cards of 2025”" in said["old.csv"]
    assert "scale" in said["old.csv"]
    assert "form" not in said["new.csv"]
    assert "scale" not in said["new.csv"]


def test_the_form_with_the_most_headings_is_taken() -> None:
    more = FORMS + '[[forms]]\nname = "Other"\nwhen = ["VAS Eingang", "Besuch am", "Fall"]\n'
    Path("clinic.toml").write_text(more)
    assert run("report", "old.csv", "--dry-run").exit_code == 3  # that one says nothing of a scale


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[forms]]\nwhen = ["A"]', "missing; this entry"),
        ('[[forms]]\nname = "A"', "missing; this entry"),
        ('[[forms]]\nname = "A"\nwhen = []', "when"),
        ('[[forms]]\nname = "A"\nwhen = ["--"]', "is no heading"),
        ('[[forms]]\nname = "A"\nwhen = ["x"]\nscale = 3', "unknown key"),
        ('[[forms]]\nname = "A"\nwhen = ["x"]\naliases = { pain = ["x"] }', "is no field"),
        ('[[forms]]\nname = "A"\nwhen = ["x"]\nreading = { ignore = ["x"] }', "whole clinic"),
        (
            '[[forms]]\nname = "A"\nwhen = ["x"]\n[[forms]]\nname = "a"\nwhen = ["y"]',
            "stands twice",
        ),
        ('[[forms]]\nname = "A"\nwhen = ["x"]\n[[forms]]\nname = "B"\nwhen = ["X."]', "apart"),
    ],
)
def test_forms_are_strictly_checked(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        validated(Config, tomllib.loads(text), "clinic.toml")


def test_two_layouts_at_once_become_a_form() -> None:
    write("other.csv", "Fall;Besuch am;VAS before (mm)", [80, 60, 40, 40, 30])
    ran = run("fit", "new.csv", "other.csv", answers="1\n1\ny\n")
    assert ran.exit_code == 0, ran.output
    forms = tomllib.loads(Path("clinic.toml").read_text(encoding="utf-8"))["forms"]
    assert len(forms) == 1
    assert forms[0]["reading"] == {"scale": {"nrs_before": "0-100"}}
    assert "VAS before (mm)" in forms[0]["when"]
    told = report("new.csv", "other.csv")
    assert (told["clinic"]["mean_baseline"], told["clinic"]["mean_latest"]) == (8, 3)
    assert report("new.csv")["clinic"]["mean_baseline"] == 8


def test_a_second_layout_does_not_change_how_the_first_is_read() -> None:
    Path("first.toml").write_text('# ours\n[aliases]\nnrs_before = ["Wie stark"]\n')
    Path("clinic.toml").write_bytes(Path("first.toml").read_bytes())
    write("a.csv", "Patient;Date;Wie stark", [8, 6, 4, 4, 3])
    write("b.csv", "Patient;Date;VAS before (mm)", [80, 60, 40, 40, 30])
    before = report("a.csv")["clinic"]
    ran = run("fit", "b.csv", answers="1\ny\n")
    assert ran.exit_code == 0, ran.output
    text = Path("clinic.toml").read_text(encoding="utf-8")
    assert text.startswith("# ours\n")
    assert "[[forms]]" in text
    assert report("a.csv")["clinic"] == before
    assert report("b.csv")["clinic"]["mean_baseline"] == 8
    assert report("a.csv", "b.csv")["clinic"]["started"] == 6


def test_what_a_form_lacks_is_put_into_it() -> None:
    Path("clinic.toml").write_text(FORMS.replace('patient_id = ["Fall"]\n', ""))
    ran = run("fit", "old.csv", answers="1\ny\n")
    assert ran.exit_code == 0, ran.output
    data = tomllib.loads(Path("clinic.toml").read_text(encoding="utf-8"))
    assert "aliases" not in data
    assert data["forms"][0]["aliases"]["patient_id"] == ["Fall"]
    assert Path("clinic.toml").read_text(encoding="utf-8").startswith("# ours")
