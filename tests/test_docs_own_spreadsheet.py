"""The transcript in docs/own-spreadsheet.md is what the program says, word for word."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinicreport.commands import fit as fit_command
from clinicreport.commands.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "own-spreadsheet.md").read_text(encoding="utf-8")
ASKED = re.compile(r"^(.*(?:skip|skip or type it|y/n): )(\S+)$")


def test_the_transcript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fit_command, "_asks", lambda options: True)
    log, transcript = (
        PAGE.split(mark)[1].split("```")[0] for mark in ("```text\n", "```console\n")
    )
    Path("october.csv").write_text(log, encoding="utf-8")
    lines = transcript.splitlines()[1:]
    answers = [asked[2] for line in lines if (asked := ASKED.match(line))]
    ran = CliRunner().invoke(
        main, ["fit", "october.csv", "--today", "2026-11-02"], input="\n".join(answers) + "\n"
    )
    assert ran.exit_code == 0
    said = ran.stdout
    for line in lines:
        asked = ASKED.match(line)
        assert (asked[1] if asked else line) in said
