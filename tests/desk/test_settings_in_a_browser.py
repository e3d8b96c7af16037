"""Settings in a real browser, by keyboard alone: a mistake, corrected, and taken back."""

import shutil

import pytest
from clinic_folders import make_folder

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]
pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from desk_in_chromium import Visit, chromium, running_desk  # noqa: E402 (skipped without them)


def test_a_mistake_is_corrected_and_taken_back_by_keyboard(tmp_path):
    toml = make_folder(tmp_path / "clinic").root / "clinic.toml"
    before = toml.read_bytes()
    with chromium(CHROMIUM) as browser, running_desk(toml.parent, tmp_path) as address:
        visit = Visit(browser, address)
        page, press = visit.page, visit.page.keyboard.press
        visit.tab_to("Settings")
        press("Enter")
        page.wait_for_selector("h1")
        assert page.inner_text("h1") == "Clinic"
        page.goto(f"{visit.start}/settings/limits")
        assert not visit.flaws()
        page.goto(f"{visit.start}/settings/mail")
        visit.tab_to("f-recipients-0-address")
        press("Control+A")
        page.keyboard.type("manager@elsewhere.example")
        press("Enter")
        page.wait_for_selector("#fault")
        assert page.title().startswith("Error: ")
        page.wait_for_selector("#fault:focus")
        assert not visit.flaws()
        press("Tab")
        press("Enter")
        page.wait_for_selector("#f-recipients-0-address:focus")
        assert page.input_value("#f-recipients-0-address") == "manager@elsewhere.example"
        assert toml.read_bytes() == before
        page.fill("#f-recipients-0-address", "manager@clinic.example")
        press("Enter")
        page.wait_for_selector("text=Saved.")
        assert toml.read_bytes() == before.replace(b"office@", b"manager@")
        visit.button("Undo the last change of clinic.toml").focus()
        press("Enter")
        page.wait_for_selector("text=was taken back")
        assert toml.read_bytes() == before
        assert not any("@" in told for told in visit.addresses + visit.titles)
