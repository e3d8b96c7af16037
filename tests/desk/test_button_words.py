"""A sentence that names a command names the page's button instead, and is otherwise the same."""

import html
import json
import re

import pytest

from clinicreport.desk.button_words import by_button
from clinicreport.log.heading_hints import FIT
from clinicreport.protocol import in_force
from clinicreport.reading.password import NEEDED

FITS = [
    (
        f"{FIT}, or add your headings in clinic.toml under [aliases].",
        "Press “Answer questions”, or choose what each heading holds under “Change how it is read”.",
    ),
    ("no year is given; or run clinicreport fit", "no year is given; or press “Answer questions”"),
    ("Write it there (clinicreport fit helps).", "Write it there (“Answer questions” helps)."),
    ("let `clinicreport fit` find out.", "let “Answer questions” find out."),
    (
        NEEDED,
        "is protected by a password: drop it on this page and type it there, or save a copy "
        "without a password",
    ),
    ("7 July: no command here", "7 July: no command here"),
]


@pytest.mark.parametrize(("told", "shown"), FITS)
def test_the_button_stands_in_the_commands_place(told, shown):
    assert by_button(told) == shown


def test_no_rules_message_names_a_command_on_a_page():
    messages = [rule.message for rule in in_force.load().rules.values()]
    assert any("clinicreport" in message for message in messages)
    assert not [message for message in messages if "clinicreport" in by_button(message)]


ODD = {  # headings that nobody knows; a scale that nobody declared, and a fault
    "polskie.csv": "Kod pacjenta;Data zabiegu;Ból przed zabiegiem\nVB1;1.9.2026;6\nVB2;2.9.2026;8\n",
    "mm.csv": "Patient,Date,VAS before (mm),After\nP-1,2026-09-01,64,3\nP-1,2026-09-03,58,x\n",
}


@pytest.mark.parametrize("name", ODD)
def test_a_page_says_what_check_says_in_its_words(name, browser, cli, folder):
    (folder / name).write_text(ODD[name], encoding="utf-8")
    told = json.loads(cli("check", "--json", name).stdout)
    sha = browser.drop(ODD[name].encode(), name)
    page = browser.wait_for(f"look/{sha}/state").text
    shown = in_one_line(html.unescape(re.sub("<[^>]+>", "", page)))
    messages = [in_one_line(by_button(finding["message"])) for finding in told["findings"]]
    assert messages
    assert [text for text in messages if text.partition(": ")[2] not in shown] == []
    assert "clinicreport" not in shown
    (source,) = told["inputs"]
    if source["used"]:
        assert f"{source['used']} row used, {source['set_aside']} set aside" in shown
    else:
        assert in_one_line(by_button(source["reason"])) in shown


def in_one_line(text):
    return " ".join(text.split())
