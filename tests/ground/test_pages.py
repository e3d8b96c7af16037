"""Pages and messages from templates: whatever a clinic writes is shown as text."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from clinic_folders import drop, log, make_folder, rows, run
from jinja2 import UndefinedError

from clinicreport.books.protocol_page.html_page import html
from clinicreport.books.protocol_page.page_content import Content, LimitCard, RuleLine
from clinicreport.folder import status_page
from clinicreport.ground import pages
from clinicreport.ground.errors import UsageError
from clinicreport.ground.resources import resource
from clinicreport.mail import body

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><b>x",
    "{{7*7}}",
    "{% raw %}x",
    "{# gone #}kept",
    "{{ self.__init__.__globals__ }}",
    "${month} $month $$",
    "\"'><b onclick='x'>",
    "a & b &amp; &lt;b&gt;",
    "a\x00b\x07c\x1bd\u202ee\ud800f",
]
UNSEEN = "[\x00\x07\x1b\u202e\ud800]"


class Read(HTMLParser):
    """The tags of a page, and its texts as a person reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"], attrs
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def shown_as_text(page: str, plain: str, text: str, times: int) -> None:
    """The page has the tags of the same page with harmless words, and shows the text so often."""
    page.encode()
    read = Read(page)
    assert read.tags == Read(plain).tags
    assert read.text.count(re.sub(UNSEEN, "", text)) == times
    assert not re.search(UNSEEN, page)


def letter(text: str, **figures: Any) -> body.Letter:
    shares = {"count": 1, "observed": 0.5, "observed_ci": [0.1, 0.9]}
    told = {
        "started": 3,
        "evaluable": 2,
        "mean_baseline": 7.0,
        "mean_latest": 4.0,
        "mean_reduction": 3.0,
        "responder_30": shares,
        "responder_50": shares,
        "caveat": text,
        "findings": {text: 2},
        "trend": [{"month": text, "n": 3, "responder_30": share} for share in (0.0, 1.0)],
    }
    return body.Letter(text, text, text, text, 2, text, text, text, False, 1, told | figures)


@pytest.mark.parametrize("text", ATTACKS)
def test_a_message_shows_what_a_clinic_wrote_as_text(text: str, tmp_path: Path) -> None:
    page, plain = (body.html_text(letter(words), tmp_path) for words in (text, "plain"))
    shown_as_text(page, plain, text, Read(plain).text.count("plain"))
    told = body.text(letter(text), tmp_path)
    assert re.sub(UNSEEN, "", text) in told
    assert not re.search(UNSEEN, told)


@pytest.mark.parametrize("text", ATTACKS)
def test_the_protocols_page_shows_what_a_clinic_wrote_as_text(text: str) -> None:
    def made(words: str) -> str:
        line = RuleLine(words, "error", (words, words), words, words)
        return html(
            Content(
                *(words,) * 4,
                cards=(LimitCard(words, words),),
                before=(words,),
                always=(words,),
                conditions=((words, words),),
                limits=(),
                rules={words: (line,)},
                read=words,
            )
        )

    page, plain = made(text), made("plain")
    shown_as_text(page, plain, text, Read(plain).text.count("plain"))
    assert Read(plain).text.count("plain") == 17


@pytest.mark.parametrize("text", ATTACKS)
def test_the_status_page_shows_what_a_clinic_wrote_as_text(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(words: str) -> str:
        found = [("Rejected", [words]), (words, [words])]
        monkeypatch.setattr(status_page, "status", lambda *_: {"rejected": []})
        monkeypatch.setattr(status_page, "sentences", lambda *_: [])
        monkeypatch.setattr(status_page, "sections", lambda _: found)
        clinic: Any = SimpleNamespace(
            folder=None,
            ledger=None,
            request=SimpleNamespace(config=SimpleNamespace(name=words, folder=None), today=None),
            done=SimpleNamespace(
                problems=[words],
                mail_problems=[f"no {words}"],
                waiting=[{"file": words, "why": words}],
            ),
        )
        return status_page.page(clinic)

    page, plain = made(text), made("plain")
    shown_as_text(page, plain, text, Read(plain).text.count("plain"))
    assert Read(plain).text.count("plain") == 9


def test_a_report_in_the_status_page_is_a_link() -> None:
    parts = status_page._linked(["<b> made: reports/2026-10/a-b.xlsx, & outbox/1.eml."])
    words = {"title": "", "when": "", "attention": [], "rest": [("Made", parts)]}
    read = Read(pages.page("pages/status.html", words))
    assert read.links == ["reports/2026-10/a-b.xlsx", "outbox/1.eml"]
    assert "<b> made: reports/2026-10/a-b.xlsx, & outbox/1.eml." in read.text


# ------------------------------------------------------------------- a clinic's own templates


def own(folder: Path, name: str, text: str) -> None:
    (folder / "mail").mkdir(exist_ok=True)
    (folder / "mail" / name).write_text(text, encoding="utf-8")


def test_a_clinics_own_template_is_filled_and_escaped(tmp_path: Path) -> None:
    own(tmp_path, "report.html", "\ufeff<p>{{ clinic }}</p>{{ figures }}{{ bars }}{{ changes }}")
    page = body.html_text(letter("<i>"), tmp_path)
    assert page.startswith("<p>&lt;i&gt;</p><tr><td")
    assert "<i>" not in page


def test_a_template_of_before_goes_on_working(tmp_path: Path) -> None:
    text = (
        "<style>@media print{#a{top:0}}</style>$greeting ${clinic} $$5 $5 $other $months $figures"
    )
    own(tmp_path, "report.html", text)
    own(tmp_path, "report.txt", "Guten Tag, ${month}: $clinic\n$bars\n")
    page = body.html_text(letter("<i>"), tmp_path)
    start = (
        "<style>@media print{#a{top:0}}</style>Hello &lt;i&gt;, &lt;i&gt; $5 $5 $other $months <tr>"
    )
    assert page.startswith(start)
    assert body.text(letter("<i>"), tmp_path) == "Guten Tag, <i>: <i>\n$bars\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ mnoth }}",
        "{{ month",
        "{% for x %}",
        "{{ month + 1 }}",
        "{{ 1 / 0 }}",
        "{{ month.__class__.__mro__ }}",
        "{% include 'mail/../secret.toml' %}",
        "{% include '../secret.toml' %}",
        "{% include 'secret.toml' %}",
        "{{ range(10 ** 9) | list }}",
    ],
)
def test_an_own_template_that_cannot_be_filled_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("hidden", encoding="utf-8")
    own(tmp_path, "report.html", text)
    with pytest.raises(UsageError, match=r"^mail/report\.html in the clinic folder") as caught:
        body.html_text(letter("x"), tmp_path)
    assert caught.value.exit_status == 2
    assert "month" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_message_waits_until_its_template_is_mended(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "clinic")
    own(folder.root, "report.txt", "{{ mnoth }}")
    drop(folder, "october.csv", log())
    done = run(folder)
    assert "mail/report.txt in the clinic folder cannot be filled" in str(done.problems)
    assert [row["state"] for row in rows(folder, "SELECT state FROM messages")] == ["planned"]
    own(folder.root, "report.txt", "{{ month }}")
    assert not run(folder).problems
    assert [row["state"] for row in rows(folder, "SELECT state FROM messages")] == ["drafted"]


# ------------------------------------------------------------------------------- the module


def test_a_packaged_template_that_lacks_a_word_is_a_defect() -> None:
    with pytest.raises(UndefinedError):
        pages.page("mail/report.html", {"title": "x"})


def test_no_code_makes_markup_by_hand() -> None:
    package = Path(pages.__file__).parents[1]
    found = {
        path.name
        for room in ("ground", "books", "mail", "folder", "commands")
        for path in (package / room).rglob("*.py")
        if re.search(
            r"html\.escape|^ *(import html|from html import)\b|<(td|li|h1|html|body)\b",
            path.read_text(),
            re.MULTILINE,
        )
    }
    assert not found
    assert {path.suffix for path in resource("templates/pages").iterdir()} == {".html"}


def test_reading_and_reporting_need_no_templates(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(log())
    code = (
        "import sys\nfrom clinicreport.commands.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*{'jinja2', 'markupsafe'} & set(sys.modules))"
    )
    arguments = ["report", "log.csv", "-o", "report.xlsx", "--today", "2026-11-24"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "report.xlsx").exists()
    assert done.stdout.splitlines()[-1] == ""
