"""The figures' page says what `report --json` and the workbook's first page say, to the figure."""

import json
import re
import zipfile
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from click.testing import CliRunner
from clinic_folders import NoPool, drop, log, make_fast, make_folder, memory_place, run
from desk_browser import make_browser, make_desk
from docx import Document

from clinicreport.commands.cli import main
from clinicreport.folder import month_reports
from clinicreport.ground.rounding import points, share
from clinicreport.reading import files

MONTHS = {  # a month of nobody evaluable, of one patient, and two of some
    "2026-07": log("2026-07", patients=("P-1", "P-2"), scores=(7,)),
    "2026-08": log("2026-08", patients=("P-1",), scores=(7, 6, 3)),
    "2026-09": log(
        "2026-09", patients=tuple(f"P-{at}" for at in range(3, 10)), scores=(8, "9-1", 5, 2)
    ),
    "2026-10": log("2026-10", patients=("P-7", "Zz-Marker-7", "<i>x"), scores=(3, 6, 7)),
}


def words(answer):
    """A page's text, tags away."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def seen(browser, address):
    """A page of the desk, once its figures are there."""
    answer = browser.at(address)
    return browser.wait_for(address) if 'id="waiting"' in answer.text else answer


@pytest.fixture(scope="module")
def place():
    """A clinic folder with these months, their reports made."""
    with memory_place() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "Pool", NoPool)
        folder = make_folder(place / "clinic")
        for month, content in MONTHS.items():
            drop(folder, f"{month}.csv", content)
        run(folder)
        yield folder


@pytest.fixture(scope="module")
def desk(place):
    browser = make_browser(make_desk(place))
    browser.come_in()
    return browser


def first_page_cells(folder, month):
    """What stands on the workbook's first page, but for what is about the workbook alone."""
    path = folder.reports / month / f"clinic-report-{month}.xlsx"
    sheet = openpyxl.load_workbook(path, data_only=True, read_only=True)["Summary"]
    texts = [str(cell.value) for row in sheet["A1:D70"] for cell in row if cell.value]
    texts = texts[: texts.index("Behind the figures")]
    own = ("As made: ", "Nothing is due")
    return [
        t.removesuffix(": sheet To do").replace(" (more on sheet To do)", "")
        for t in texts
        if not t.startswith(own)
    ]


@pytest.mark.parametrize("month", MONTHS)
def test_the_page_has_every_word_of_the_workbooks_first_page(desk, place, month):
    page = words(seen(desk, f"figures/{month}"))
    cells = first_page_cells(place, month)
    assert len(cells) > 15
    assert [text for text in cells if " ".join(text.split()) not in page] == []


@pytest.mark.parametrize("month", MONTHS)
def test_the_page_has_the_figures_of_the_json(desk, place, month):
    arguments = ["report", str(place.root), "--period", month, "--json", "--dry-run"]
    made = CliRunner().invoke(main, [*arguments, "--today", "2026-11-24"])
    clinic = json.loads(made.stdout)["clinic"]
    page = words(seen(desk, f"figures/{month}"))
    if not clinic["evaluable"]:
        assert "Whether it helped cannot be said" in page
        assert page.count("not known") >= 3
        assert "<svg" not in seen(desk, f"figures/{month}").text
        return
    rate = clinic["responder_30"]
    for figure in (
        f"{points(clinic['mean_baseline'])} → {points(clinic['mean_latest'])}",
        f"At least 30 % less pain {share(rate['observed'])} of {clinic['evaluable']} evaluable",
        f"{share(rate['all_started'])} of all {clinic['started']} started",
        f"{clinic['worse']['count']} of {clinic['evaluable']} at the end of the course",
        f"{clinic['trend'][-1]['n']:,}",
    ):
        assert figure in page


def test_every_month_has_its_trend_and_what_became_of_findings(desk):
    page = seen(desk, "figures/2026-10")
    told = words(page)
    assert "Mean reduction by month: too few months for limits" in told
    assert told.count("Numbers as a table") == 3
    assert "Report of new still open answered mended Jul 2026 " in told
    assert re.search(r"Sep 2026 \d+ 0 0 \d+ Oct 2026 \d+ \d+ 0 \d+", told)
    assert "style=" not in page.text
    assert page.text.count("<svg") == 3
    assert words(seen(desk, "figures/2026-07")).count("Numbers as a table") == 0
    assert "it takes two months with scores" in words(seen(desk, "figures/2026-08"))


def test_the_newest_month_comes_first(desk):
    answer = desk.at("figures")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/figures/2026-10")
    assert desk.at("figures/2026-11").status_code == 404
    assert desk.at("figures/x'y").status_code == 404


def test_the_months_page_leads_to_each_months_figures(desk):
    links = re.findall(r'href="[^"]*/(month/\d+/figures)"', desk.at("month").text)
    led = [desk.at(link).headers["Location"].rpartition("/")[2] for link in links]
    assert sorted(led) == sorted(MONTHS)
    assert desk.at("month/77/figures").headers["Location"].endswith("/month?changed=1")


def test_without_a_report_it_says_so(browser):
    assert "No report is made yet" in browser.at("figures").text


def test_without_a_folder_it_asks_for_one():
    browser = make_browser(make_desk(None))
    browser.come_in()
    assert browser.at("figures").headers["Location"].endswith("/choose")


# ------------------------------------------------------------------------------- one patient


def shown(desk, who, month="2026-10", **more):
    seen(desk, f"figures/{month}")
    return desk.post("patient", month=month, patient=who, **more)


def test_a_patient_is_found_by_id_and_named_in_no_address(desk, place, caplog):
    answer = shown(desk, " Zz-Marker-7 ")
    assert answer.status_code == 303
    address = answer.headers["Location"].partition(desk.desk.prefix)[2][1:]
    assert re.fullmatch(r"patient/2026-10-[0-9a-f]{32}", address)
    page = desk.at(address)
    assert "Patient Zz-Marker-7" in words(page)
    assert re.search("<title>(.*?)</title>", page.text)[1] == "Patient - the desk"
    attributes = re.findall(
        r'(?:href|action|src|id)="(.*?)"', page.text + seen(desk, "figures/2026-10").text
    )
    assert len(attributes) > 30
    assert not [one for one in attributes if "Marker" in one]
    assert "Marker" not in caplog.text
    assert "Marker" not in repr(desk.desk.jobs.__dict__.keys()) + " ".join(desk.desk.jobs._ended)


def test_the_patients_page_says_what_the_file_and_the_letter_say(desk, place):
    address = shown(desk, "P-7").headers["Location"].partition(desk.desk.prefix)[2][1:]
    told = words(desk.at(address))
    book, letter = desk.at(f"{address}/page"), desk.at(f"{address}/letter")
    sheet = openpyxl.load_workbook(BytesIO(book.data), data_only=True)["Patient"]
    cells = [str(cell.value) for row in sheet["A1:L18"] for cell in row if cell.value]
    paragraphs = [p.text for p in Document(BytesIO(letter.data)).paragraphs]
    assert [text for text in cells[:9] if " ".join(text.split()) not in told] == []
    assert len(cells) > 12
    own = ("Pain at the start, at the end", "Doctor or therapist: name")  # heading, lines to sign
    told_there = [text for text in paragraphs if text and not text.startswith(own)]
    assert len(told_there) > 10
    assert [text for text in told_there if " ".join(text.split()) not in told] == []
    assert "Date Visit Before After Min Noted 5 Sep 2026 session 8 3 12" in told
    for answer, name in ((book, "patient-page.xlsx"), (letter, "patient-letter.docx")):
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["Cache-Control"] == "no-store"
    assert zipfile.ZipFile(BytesIO(letter.data)).testzip() is None


def test_the_files_are_those_of_the_command(desk, place, tmp_path):
    address = shown(desk, "P-7").headers["Location"].partition(desk.desk.prefix)[2][1:]
    page = desk.at(f"{address}/page").data
    path = tmp_path / "p.xlsx"
    arguments = ["patient", "P-7", str(place.root), "--period", "2026-10", "-o", str(path)]
    made = CliRunner().invoke(main, [*arguments, "--today", "2026-11-24"])
    assert made.exit_code == 0, made.output
    assert page == path.read_bytes()


def test_a_task_leads_to_its_patient(desk):
    page = seen(desk, "figures/2026-10").text
    address, who = re.search(r'href="([^"]*/patient/[^"]*)"><bdi>(.*?)</bdi>', page).groups()
    assert f"Patient {unescape(who)}" in words(desk.at(address.partition(desk.desk.prefix)[2][1:]))


def test_an_unknown_id_is_said_beside_its_field(desk):
    answer = shown(desk, "P-77")
    assert answer.status_code == 422
    assert "Error: there is no patient &#34;P-77&#34;" in answer.text.replace('<a href="#who">', "")
    assert "did you mean &#34;P-7&#34;?" in answer.text
    assert "<title>Error: Figures" in answer.text
    assert 'value="P-77"' in answer.text


def test_what_is_hostile_is_text(desk):
    page = seen(desk, "figures/2026-10").text
    assert "<i>x" not in page
    address = shown(desk, "<i>x").headers["Location"].partition(desk.desk.prefix)[2][1:]
    assert "<i>x" not in desk.at(address).text
    assert "Patient <i>x" in unescape(desk.at(address).text)


def test_a_handle_of_another_start_or_month_means_nobody(desk, place):
    address = shown(desk, "P-7").headers["Location"].rpartition("/")[2]
    other = make_browser(make_desk(place))
    other.come_in()
    seen(other, "figures/2026-10")
    assert other.at(f"patient/{address}").status_code == 404
    seen(desk, "figures/2026-09")
    assert desk.at(f"patient/{address.replace('2026-10', '2026-09')}").status_code == 404
    assert desk.at(f"patient/{address}/other").status_code == 404
    assert desk.at("patient/x").status_code == 404


def test_several_clinics_with_the_id_are_asked_about(monkeypatch, browser, clinic):
    make_fast(monkeypatch)
    rows = b"".join(
        b"%s,2026-10-%02d,%d,K-1\n" % (site, day, day)
        for site in (b"North", b"South")
        for day in (5, 7)
    )
    drop(clinic, "two.csv", b"Clinic,Date,Pain before,Patient ID\n" + rows)
    run(clinic)
    answer = shown(browser, "K-1")
    assert "Several clinics have a patient with this id. Which one?" in answer.text
    links = re.findall(r'href="([^"]*)"><bdi>(K-1 \(.*?\))</bdi></a></li>\n', answer.text)
    assert sorted({name for _, name in links}) == ["K-1 (North)", "K-1 (South)"]
    for address, name in links:
        assert f"Patient {name}" in words(browser.at(address.partition(browser.desk.prefix)[2][1:]))


# ---------------------------------------------------------------------- kept, and how things stand


def test_a_month_is_computed_once_and_anew_when_something_changed(monkeypatch, browser, clinic):
    make_fast(monkeypatch)
    computed = []
    compute = month_reports.compute_after
    monkeypatch.setattr(
        "clinicreport.folder.month_again.compute_after",
        lambda *given: computed.append(given[1]) or compute(*given),
    )
    drop(clinic, "october.csv", log())
    run(clinic)
    for _ in range(2):
        page = seen(browser, "figures/2026-10")
        shown(browser, "P-1")
    assert computed == ["2026-10"]
    assert "made before something changed" not in page.text
    toml = clinic.root / "clinic.toml"
    toml.write_text(toml.read_text().replace("Hill Clinic", "Dale Clinic"))
    page = seen(browser, "figures/2026-10")
    assert "Dale Clinic: clinic report" in page.text
    assert "made before something changed" in page.text
    assert computed == ["2026-10"] * 3  # beside the version before, then beside that one
    assert len(browser.desk.jobs._ended) == 1


def test_a_report_of_other_limits_is_said_to_differ(monkeypatch, browser, clinic):
    make_fast(monkeypatch)
    drop(clinic, "october.csv", log(scores=(7, 6, 4, 4)))
    run(clinic)
    (clinic.root / "protocol.toml").write_text("[session.minutes]\nmax = 10\n")
    page = words(seen(browser, "figures/2026-10"))
    assert "The report of Oct 2026 was made before something changed" in page
    run(clinic, remake=("2026-10",))
    assert "made before something changed" not in seen(browser, "figures/2026-10").text


def test_a_long_making_is_waited_for_with_or_without_the_script(monkeypatch, place):
    browser = make_browser(make_desk(place))
    browser.come_in()
    monkeypatch.setattr("clinicreport.desk.prepared.PATIENCE", 0)
    assert 'data-ask="/' in browser.at("figures/2026-10").text
    assert "Hill Clinic: clinic report" in browser.wait_for("figures/2026-10").text
