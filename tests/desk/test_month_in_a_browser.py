"""A month in a real browser, by keyboard alone: a log is held, used as a correction, an error is
answered for, its mail is shown, drafted and sent to a server here; axe looks at every page."""

import shutil

import pytest
from clinic_folders import SETTINGS, drop, log, make_fast, make_folder, run
from mail_server import serving

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]
pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from desk_in_chromium import Visit, chromium, running_desk  # noqa: E402 (skipped without them)

PATIENTS = ("P-1", "P-2", "P-7")
FIRST = log(scores=(7, 6, 4), patients=PATIENTS).replace(b"P-7,2026-10-07,6", b"P-7,2026-10-07,6-7")
SECOND = FIRST.replace(b"P-2,2026-10-09,4", b"P-2,2026-10-09,5")


def settings(server):
    """A clinic.toml that sends by the server, when somebody says so."""
    lines = 'mode = "off"\nserver = "localhost"\nsecurity = "none"\nsender = "a@clinic.example"'
    return SETTINGS.replace("[mail]", f"[mail]\nport = {server.port}\n{lines}")


class Keys:
    """A visit by keyboard alone; what axe found on the way."""

    def __init__(self, visit):
        self.visit, self.flaws = visit, []

    def press(self, name, then):
        """Tab to it, press Enter, and wait for the words of the page that follows."""
        self.visit.tab_to(name)
        self.visit.page.keyboard.press("Enter")
        self.visit.page.wait_for_selector(f"h1:has-text({then!r})")
        self.flaws += self.visit.flaws()

    def write(self, label, words):
        field = self.visit.page.get_by_label(label)
        self.visit.tab_to(field.get_attribute("id"))
        self.visit.page.keyboard.type(words)


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A clinic folder in which a log is held, as a run has left it."""
    make_fast(monkeypatch)
    folder = make_folder(tmp_path / "clinic", SETTINGS.replace("[mail]", '[mail]\nmode = "off"'))
    for name, content in (("first.csv", FIRST), ("second.csv", SECOND)):
        drop(folder, name, content)
        run(folder)
    return folder


def test_a_month_by_keyboard_from_a_held_log_to_its_mail(held, tmp_path):
    with serving(tmp_path, "none") as server, chromium(CHROMIUM) as browser:
        (held.root / "clinic.toml").write_text(settings(server), encoding="utf-8")
        with running_desk(held.root, tmp_path) as address:
            visit = Visit(browser, address)
            visit.page.wait_for_selector("h1:has-text('Hill Clinic')")
            keys = Keys(visit)
            keys.press("Show the difference", "second.csv beside first.csv")
            assert visit.page.inner_text("tbody").split("\t")[1:5:3] == ["2026-10-09", "5"]
            keys.press("Yes, use it instead", "This is what was done")
            keys.press("To the month", "Hill Clinic")
            keys.press("What is open", "2026-10: what is open")
            keys.write("Who looked at it", "M. Example")
            keys.write("Why it may stay", "two marks, both meant")
            keys.press("It is right", "2026-10: what is open")
            assert "Nothing is open." in visit.page.inner_text("main")
            keys.press("To the month", "Hill Clinic")
            keys.press("Mail", "2026-10: who gets what")
            keys.press("Make 1 draft", "This is what was done")
            keys.press("To the mail", "2026-10: who gets what")
            keys.press("Send it from here", "Send to 1 person?")
            assert server.office.arrived == []
            shown = visit.page.input_value("textarea")
            keys.press("Yes, send", "This is what was done")
            (arrived,) = server.office.arrived
            assert arrived.get_body(("plain",)).get_content().split() == shown.split()
            assert [*keys.flaws, *visit.console] == []
            assert not [one for one in visit.addresses + visit.titles if "P-" in one]
