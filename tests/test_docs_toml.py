"""What the documents tell people to write into clinic.toml and protocol.toml works as they say it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clinicreport.commands.cli import main

HERE = Path(__file__).parents[1]
PAGES = [HERE / "README.md", *sorted((HERE / "docs").glob("*.md"))]
CLINIC = ("README.md", "mail-setup.md", "declared-readings.md")  # whose examples are of clinic.toml
ADDING = "adding-a-rule.md"  # what a programmer writes, no clinic
HEADER = re.compile(r"^\[\[?([^\[\]]+)\]\]?")


def blocks() -> list[Any]:
    """Each example with its page."""
    return [
        pytest.param(page.name, block, id=f"{page.name}-{at}")
        for page in PAGES
        if page.name != ADDING
        for at, block in enumerate(
            re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        )
    ]


def command(*words: object) -> None:
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def tried(page: str, folder: Path, file: Path | None = None) -> None:
    """The settings are read, in the clinic folder or from a file of their own."""
    if page in CLINIC:
        command("config", *(["--config", file] if file else [folder]))
    else:
        own = file or folder / "protocol.toml"
        command("protocol", "--protocol", own, "--today", "2026-10-01")


def sections(text: str) -> list[tuple[str, list[str]]]:
    """(heading line or "", lines below it)."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines():
        if HEADER.match(line):
            found.append((line.split("#")[0].strip(), []))
        else:
            found[-1][1].append(line)
    return found


def followed(text: str, block: str) -> str:
    """The file with the example's lines changed where they stand, and added where they do not."""
    there = sections(text)
    for heading, lines in sections(block):
        own = next((under for name, under in there if name == heading), None)
        if own is None or heading.startswith("[["):
            last = max((at for at, (name, _) in enumerate(there) if name == heading), default=-1)
            there.insert(last + 1 if last >= 0 else len(there), (heading, lines))
            continue
        for line in lines:
            key = line.partition("=")[0].strip()
            old = [at for at, was in enumerate(own) if re.match(rf"(# )?{re.escape(key)} *=", was)]
            if key and old:
                own[old[0]] = line
            else:
                own.insert(0, line)
    return "\n".join("\n".join([name, *lines] if name else lines) for name, lines in there) + "\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinics") / "clinic"
    command("init", folder)
    return folder


def test_there_are_examples() -> None:
    assert len(blocks()) >= 9


@pytest.mark.parametrize(("page", "block"), blocks())
def test_on_its_own(page: str, block: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(block, encoding="utf-8")
    if "allow" not in block and page == "mail-setup.md":  # more lines of the same section
        own.write_text(block + 'allow = ["clinic.example"]\n', encoding="utf-8")
    tried(page, tmp_path, own)


@pytest.mark.parametrize(("page", "block"), blocks())
def test_in_the_file_that_init_makes(page: str, block: str, made: Path) -> None:
    if block.startswith("session.minutes"):
        pytest.skip("said to be for a file of its own")
    file = made / ("clinic.toml" if page in CLINIC else "protocol.toml")
    before = file.read_text(encoding="utf-8")
    try:
        after = followed(before, block)
        file.write_text(after, encoding="utf-8")
        tried(page, made)
        assert tomllib.loads(after) != tomllib.loads(before), "the example changes something"
    finally:
        file.write_text(before, encoding="utf-8")


def test_a_full_key_on_top_of_the_whole_default_is_explained(made: Path, tmp_path: Path) -> None:
    own = tmp_path / "protocol.toml"
    text = (made / "protocol.toml").read_text(encoding="utf-8")
    own.write_text("session.minutes.max = 25\n" + text, encoding="utf-8")
    result = CliRunner().invoke(main, ["protocol", "--protocol", str(own)])
    assert result.exit_code == 2
    assert "change the line that was there before" in result.output


def test_a_setting_at_the_end_is_sent_to_the_top(made: Path, tmp_path: Path) -> None:
    own = tmp_path / "clinic.toml"
    text = (made / "clinic.toml").read_text(encoding="utf-8")
    own.write_text(text + '\ndate_order = "day-first"\n', encoding="utf-8")
    result = CliRunner().invoke(main, ["config", "--config", str(own)])
    assert result.exit_code == 2
    assert "above the first line in brackets" in result.output


def test_a_limit_is_what_the_page_says(tmp_path: Path) -> None:
    """The first example, and the full key, say 25 minutes."""
    page = (HERE / "docs" / "protocol.md").read_text(encoding="utf-8")
    for at in (0, 1):
        own = tmp_path / "own.toml"
        own.write_text(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[at], encoding="utf-8")
        result = CliRunner().invoke(main, ["protocol", "--protocol", str(own)])
        assert "10 to 25" in result.output


SAID = (
    ("protocol.toml", 'rules.pain-rise = "off"', 'rules.pain-rise.severity = "off"'),
    ("protocol.toml", 'pain-rise.severity = "off"', "rules.pain-rise"),
)


@pytest.mark.parametrize(("name", "wrong", "right"), SAID)
def test_what_a_message_tells_to_write_works(
    name: str, wrong: str, right: str, tmp_path: Path
) -> None:
    own = tmp_path / name
    own.write_text(f"{wrong}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["protocol", "--protocol", str(own)])
    assert result.exit_code == 2
    assert right in result.output
    own.write_text(f"{right}\n" if "=" in right else f"rules.{wrong}\n", encoding="utf-8")
    command("protocol", "--protocol", own)


def test_the_alias_that_a_finding_tells_to_write_works(made: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("Patient ID,Date,NRS before,Therapst\nP-1,2026-09-01,8,A\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(log), "--fail-on", "error"])
    said = " ".join(result.output.split())
    line = re.search(r'under \[aliases\]: (therapist = \["Therapst"\])', said)
    assert line
    text = (made / "clinic.toml").read_text(encoding="utf-8")
    own = tmp_path / "clinic.toml"
    own.write_text(followed(text, f"[aliases]\n{line[1]}\n"), encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(log), "--config", str(own)])
    assert "nothing to report" in result.output
