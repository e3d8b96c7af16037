"""The pages on Windows, macOS and mail say of each command whether it was tried; scripts in them run."""

import io
import json
import plistlib
import re
import urllib.request
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
MARK = re.compile(r"tried here|tried on\s+Linux|\*tried\*", re.IGNORECASE)
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text("utf-8")


def test_every_command_line_for_windows_is_marked() -> None:
    """In PowerShell behind the line; in a Command Prompt, which has no such remarks, above it."""
    lines: list[str] = []
    for kind, text in BLOCK.findall(page("windows")):
        whole = re.sub(r"`\n\s*", "", text).splitlines()
        if kind == "bat":
            whole = [
                f"{below} {above}" for above, below in zip(whole[::2], whole[1::2], strict=True)
            ]
        lines += whole
    assert len(lines) > 15
    assert [line for line in lines if not MARK.search(line)] == []


def test_lines_for_a_mac_hold_no_remarks_that_its_shell_would_run() -> None:
    """zsh takes ``#`` on a typed line for a word: the mark stands above the block, with the number
    of its lines."""
    found = re.findall(
        r"(five|Two) lines, each\s+\*([^*]+)\*:\n\n```sh\n(.*?)```", page("macos"), re.DOTALL
    )
    shell = [text for kind, text in BLOCK.findall(page("macos")) if kind == "sh"]
    assert [text for _, _, text in found] == shell
    for number, mark, text in found:
        assert {"five": 5, "Two": 2}[number] == len(text.splitlines())
        assert mark in {"tried on Linux", "not tried here"}
        assert "#" not in text


def test_every_command_in_the_page_on_mail_is_marked() -> None:
    """Behind it, or for the last section, whose commands the tests of mail call, above all."""
    before, _, after = page("mail-setup").partition("## What is sent")
    assert "of this section: *tried*" in after
    commands = re.findall(r"`(?:clinicreport|[A-Z]\w+-[A-Z]\w+) [^`]+`([^`]{0,20})", before)
    assert len(commands) == 4
    assert [behind for behind in commands if not MARK.search(behind)] == []


@pytest.mark.parametrize("name", ["windows", "macos"])
def test_every_command_in_a_sentence_is_marked_in_its_paragraph(name: str) -> None:
    told = [text for text in BLOCK.sub("", page(name)).split("\n\n") if "`clinicreport " in text]
    assert told
    assert [text for text in told if not MARK.search(text)] == []


def test_the_plist_is_one() -> None:
    (text,) = (text for kind, text in BLOCK.findall(page("macos")) if kind == "xml")
    told = plistlib.loads(text.encode())
    assert told["ProgramArguments"][1:] == ["run", "/Users/ACCOUNT/clinic", "-q"]


@pytest.mark.parametrize(
    "place", ["login.microsoftonline.com/id/oauth2", "oauth2.googleapis.com/token"]
)
def test_the_scripts_that_ask_for_a_token_print_it(place, monkeypatch, capsys) -> None:
    asked = []

    def answer(address, data):
        asked.append((address, data))
        return io.StringIO(json.dumps({"access_token": "a-token"}))

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "REFRESH_TOKEN"):
        monkeypatch.setenv(f"MAIL_{name}", "id")
    for kind, text in BLOCK.findall(page("mail-setup")):
        if kind == "python" and place.partition("/")[0] in text:
            exec(compile(text, "token", "exec"), {})
    assert capsys.readouterr().out == "a-token\n"
    ((address, data),) = asked
    assert place in address
    assert b"client_secret=id" in data
