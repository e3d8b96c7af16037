"""The whole way in a real browser: every page passed is looked at by axe, and on a phone's width."""

import re
import shutil

import pytest
from clinic_folders import faulty, log, make_folder
from kinds_of_logs import HEAD, Page, _encrypted, xlsx

from clinicreport.folder.lock import locked

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]
pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from desk_in_chromium import Visit, chromium, running_desk  # noqa: E402 (skipped without them)

UNKNOWN = b"""Kod;Wizyta;VAS przed (mm)
VB1;2026-09-07;64
VB2;2026-09-07;58
VB1;2026-09-09;50
VB2;2026-09-09;42
VB1;2026-09-11;8
VB2;2026-09-11;40
"""
PATIENT = re.compile(r"P-\d|VB\d")


@pytest.fixture(scope="module")
def browser():
    with chromium(CHROMIUM) as browser:
        yield browser


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The clinic folder of this module."""
    return make_folder(tmp_path_factory.mktemp("desk") / "clinic")


@pytest.fixture(scope="module")
def visit(browser, own, tmp_path_factory):
    """A visit to the one desk of this module."""
    with running_desk(own.root, tmp_path_factory.mktemp("home")) as address:
        yield Visit(browser, address)


@pytest.fixture(autouse=True)
def discreet(visit):
    """No patient in an address or a title, and a console without a word."""
    yield
    assert visit.addresses
    assert not [told for told in visit.addresses + visit.titles if PATIENT.search(told)]
    assert not visit.console


def test_a_good_log_is_used_and_its_report_is_there(visit):
    assert not visit.flaws()
    visit.drop("july.csv", log("2026-07"))
    assert "Nothing to mend" in visit.page.inner_text(".verdict")
    assert not visit.flaws()
    visit.use()
    assert not visit.flaws()
    assert visit.button("Open the report of 2026-07 in Excel").is_visible()
    visit.month()
    assert "version 1" in visit.page.inner_text("main")
    assert not visit.flaws()


def test_a_faulty_log_is_mended_and_dropped_again(visit):
    visit.drop("august.csv", faulty("2026-08"))
    assert "1 error" in visit.page.inner_text(".verdict")
    assert visit.page.locator("td .mark").count() >= 1
    assert not visit.flaws()
    visit.drop("august.csv", log("2026-08", patients=("P-7",)))
    assert "Nothing to mend" in visit.page.inner_text(".verdict")
    visit.use()
    assert visit.button("Open the report of 2026-08 in Excel").is_visible()


def test_the_cards_of_an_unknown_log_are_answered(visit):
    visit.drop("wrzesien.csv", UNKNOWN)
    assert not visit.flaws()
    visit.page.get_by_role("link", name="Change how it is read").click()
    assert visit.page.inner_text("h1") == "How it is read"
    assert not visit.flaws()
    visit.page.get_by_role("link", name="To the sheet").click()
    visit.page.get_by_role("link", name="Answer questions").click()
    left = []
    while found := re.match(r"Question 1 of (\d+)", visit.page.inner_text("h1")):
        left.append(int(found[1]))
        assert left == sorted(set(left), reverse=True)  # an answer leaves fewer questions
        assert not visit.flaws()
        visit.page.locator("input[type=radio]:enabled").first.check()
        with visit.page.expect_navigation():
            visit.button("Save").click()
        visit.page.locator("h1", has_not_text="One moment").wait_for()
    assert left
    assert visit.page.inner_text("h1") == "No question is left"
    assert not visit.flaws()
    visit.page.get_by_role("link", name="To the sheet").click()
    visit.page.wait_for_selector(".verdict")
    assert "6 rows used" in visit.page.inner_text(".verdict")


def test_by_keyboard_alone(visit, tmp_path):
    path = tmp_path / "october.csv"
    path.write_bytes(faulty("2026-10"))
    press = visit.page.keyboard.press
    visit.month()
    visit.tab_to("file")
    with visit.page.expect_file_chooser() as chooser:
        press("Enter")
    chooser.value.set_files(path)
    visit.tab_to("Look at it")
    press("Enter")
    visit.page.wait_for_selector(".verdict")
    press("F8")
    visit.page.wait_for_url("**#f1")
    visit.page.wait_for_selector("#f1:focus")
    visit.page.reload()
    visit.page.evaluate("document.activeElement.blur()")
    visit.tab_to("Use this log")
    press("Enter")
    visit.page.wait_for_selector("text=This is what was done")
    visit.tab_to("To the month")
    press("Enter")
    visit.page.wait_for_url("**/month")


def test_figures_and_a_patient_by_id(visit):
    visit.drop("june.csv", log("2026-06", patients=("P-3", "P-4")))
    visit.use()
    visit.page.get_by_role("link", name="Figures", exact=True).click()
    visit.page.get_by_role("link", name="Jun 2026", exact=True).click()
    visit.page.wait_for_selector(".chart svg")
    for summary in visit.page.locator("summary").all():
        summary.click()
    assert not visit.flaws()
    for who, heading in (("P-99", "fault"), ("P-3", "Patient P-3")):
        visit.tab_to("who")
        visit.page.keyboard.insert_text(who)
        visit.page.keyboard.press("Enter")
        if heading == "fault":
            visit.page.wait_for_selector("#fault:focus")
            assert "422" in visit.console.pop()  # Chromium says so itself
            assert not visit.flaws()
            visit.page.fill("#who", "")
            visit.page.evaluate("document.activeElement.blur()")
        else:
            visit.page.wait_for_selector(f"h1:has-text('{heading}')")
    visit.page.locator("summary").first.click()
    assert not visit.flaws()
    with visit.page.expect_download() as letter:
        visit.page.get_by_role("link", name="Open the letter").click()
    assert letter.value.suggested_filename == "patient-letter.docx"


def test_a_locked_log_is_opened(visit):
    content = _encrypted(xlsx(Page([HEAD, ["P-1", "2026-05-04", 7.0]])), "pain")
    visit.drop("may.xlsx", content)
    for word, then in (("wrong", "That password does not open it."), ("pain", "1 row used")):
        assert not visit.flaws()
        visit.page.fill("#password", word)
        visit.button("Open").click()
        visit.page.wait_for_selector(f"text={then}")
    assert visit.page.locator("#password").count() == 0


def test_a_run_beside_it_is_waited_for(visit, own):
    visit.drop("april.csv", log("2026-04"))
    with locked(own.root):
        visit.button("Use this log").click()
        visit.page.wait_for_selector("#said:has-text('Your file is kept; we go on when it ends.')")
        assert not visit.flaws()
    visit.page.wait_for_selector("text=This is what was done")


def test_a_folder_that_is_gone_comes_back(visit, own):
    gone = own.root.rename(own.root.with_name("elsewhere"))
    visit.month()
    visit.page.wait_for_selector("#trouble:focus")
    assert visit.page.title().startswith("Error: ")
    assert not visit.flaws()
    assert "503" in visit.console.pop()  # Chromium says so itself
    gone.rename(own.root)
    visit.page.get_by_role("link", name="Try again").click()
    visit.page.wait_for_selector("#drop")


def test_who_has_no_folder_yet_tries_a_made_up_month(browser, tmp_path):
    with running_desk(None, tmp_path) as address:
        visit = Visit(browser, address)
        assert not visit.flaws()
        visit.page.fill("#folder", "october")
        visit.button("Open one we have").click()
        visit.page.wait_for_selector("#fault:focus")
        assert not visit.flaws()
        assert "422" in visit.console.pop()  # Chromium says so itself
        visit.button("Try a made-up month").click()
        visit.page.wait_for_selector("h1:has-text('Made-up clinic')")
        assert visit.page.get_by_text("2026-08.xlsx, dropped").first.is_visible()
        assert not visit.console
        visit.page.close()


def test_help_is_read_and_the_desk_is_closed(visit):
    visit.month()
    visit.page.get_by_role("link", name="Help").click()
    visit.page.wait_for_selector("h1:has-text('Help')")
    assert not visit.flaws()
    visit.button("Close the desk").click()
    visit.page.wait_for_selector("text=The desk is closed")
    assert not visit.flaws()
