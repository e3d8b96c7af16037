"""Settings and reports as nobody writes them: a sentence with the key and status 2, in every command."""

import json

import click
import pytest
from click.testing import CliRunner
from clinic_folders import log, make_folder

from clinicreport.commands.cli import main

DEEP = "lists or tables stand inside each other too often"
LONG = "the number is longer than any that means something"
DIGITS = "9" * 5000
TOML = {
    "nested": (f"name = {'[' * 50_000}{']' * 50_000}", "name", DEEP),
    "nested, but not for the reader": (f"name = {'[' * 60}{']' * 60}", "name", DEEP),
    "tables": (".".join(["aliases"] * 200) + " = 1", "aliases", DEEP),
    "digits": (f"[folder]\npoll_seconds = {DIGITS}", "poll_seconds", LONG),
    "hexadecimal digits": (f"[folder]\npoll_seconds = 0x{'f' * 5000}", "folder.poll_seconds", LONG),
    "in a list": (f"languages = [1, 0x{'f' * 5000}]", "languages", LONG),
}
FORMATS = ("{month:>99999999999}", "{month!r:9}", "{clinic.__class__}", "{0[0]}", "{", "%d {}")
# What each command needs beside its settings; LOG and FOLDER stand for places.
WORDS = {
    "check": ["LOG"],
    "report": ["LOG", "--dry-run"],
    "patient": ["P-1", "LOG", "--dry-run"],
    "network": ["LOG", "--dry-run"],
    "fit": ["LOG", "--dry-run"],
    "mail": ["REPORT", "--dry-run"],
    "acknowledge": ["f0", "--who", "M.", "--why", "seen"],
    "purge": ["FOLDER", "--patient", "P-1", "--who", "M.", "--why", "asked", "--dry-run"],
    "watch": ["FOLDER"],
    "run": ["FOLDER"],
    "status": ["FOLDER"],
}


def commands(option):
    """Every command that takes a settings file by this option; the desk opens, and its page says it."""
    context = click.Context(main)
    found = ((name, main.get_command(context, name)) for name in main.list_commands(context))
    return [
        name
        for name, command in found
        if name != "desk"
        and any(option in one.opts for one in command.params if isinstance(one, click.Option))
    ]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    place = tmp_path_factory.mktemp("odd")
    (place / "log.csv").write_bytes(log())
    (place / "report.xlsx").write_bytes(b"PK")
    made = make_folder(place / "clinic")
    return {
        "LOG": str(place / "log.csv"),
        "FOLDER": str(made.root),
        "REPORT": str(place / "report.xlsx"),
    }


def refused(words, places):
    """What a command says on being refused with status 2."""
    ran = CliRunner().invoke(main, [places.get(word, word) for word in words])
    assert ran.exit_code == 2, (words, ran.output[-500:], ran.exception)
    assert "should not have happened" not in ran.output
    assert len(ran.stderr) < 1000
    return ran.stderr


@pytest.mark.parametrize("option", ["--config", "--protocol"])
@pytest.mark.parametrize("kind", TOML)
def test_every_command_refuses_an_odd_settings_file(kind, option, places, tmp_path, monkeypatch):
    text, key, said = TOML[kind]
    path = tmp_path / "odd.toml"
    path.write_text(text, encoding="utf-8")
    found = commands(option)
    assert len(found) >= 8
    for name in found:
        monkeypatch.chdir(places["FOLDER"])  # the clinic folder of those that name none
        told = refused([name, *WORDS.get(name, []), option, str(path)], places)
        assert f"odd.toml: {key}: {said}" in told, name


@pytest.mark.parametrize("name", ["run", "status", "purge", "watch"])
def test_so_do_they_where_it_is_the_folders_own(name, tmp_path):
    folder = make_folder(tmp_path / "clinic")
    for file in ("clinic.toml", "protocol.toml"):
        folder = make_folder(folder.root)
        (folder.root / file).write_text(f"name = 0x{'f' * 5000}", encoding="utf-8")
        said = refused([name, *WORDS[name]], {"FOLDER": str(folder.root)})
        assert f"{file}: name: {LONG}" in said


@pytest.mark.parametrize("text", FORMATS)
def test_an_absurd_format_is_refused_with_its_key(text, places, tmp_path):
    (tmp_path / "odd.toml").write_text(f'[mail]\nsubject = "{text}"', encoding="utf-8")
    said = refused(["run", "FOLDER", "--config", str(tmp_path / "odd.toml")], places)
    assert "odd.toml: mail.subject: " in said
    rule = f'[rules.bad-date]\nmessage = "{text}"'
    (tmp_path / "odd.toml").write_text(rule, encoding="utf-8")
    said = refused(["check", "LOG", "--protocol", str(tmp_path / "odd.toml")], places)
    assert "odd.toml: rules.bad-date" in said


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000 + "]" * 200_000,
        '{"clinic": ' * 100_000 + "1" + "}" * 100_000,
        f'{{"schema": {DIGITS}}}',
        json.dumps({"clinic": {"trend": [9]}, "as_of": {}, "period": [], "findings": {"a": 1}}),
        '{"clinic": {"started": 1e999}, "as_of": NaN, "period": null, "findings": "{0:>999999999}"}',
    ],
    ids=["lists", "objects", "digits", "other kinds", "format"],
)
@pytest.mark.parametrize("name", ["report", "check"])
def test_an_odd_earlier_report_is_refused(name, text, places, tmp_path):
    (tmp_path / "odd.json").write_text(text, encoding="utf-8")
    words = [name, *WORDS[name], "--previous", str(tmp_path / "odd.json")]
    assert "odd.json" in refused(words, places)
