"""The letter: the page's words and chart as a document of Word, and where it is written."""

import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from conftest import Cli
from docx.oxml.ns import qn
from PIL import Image
from report_data import from_rows, visit

from clinicreport.books.patient import Facts, facts, letter, sentences
from clinicreport.books.patient.score_shapes import HEIGHT, TOP, WIDTH, apart, drawing
from clinicreport.books.patient.shown_patient import shown_patient
from clinicreport.outcomes.analysis import Analysis
from clinicreport.workbook.shapes import Lettering, Mark, Stroke
from clinicreport.workbook.theme import Theme

THEME = Theme.load()
PAUSE = 14


class NoChecked:
    """A log without a register."""

    class log:  # noqa: N801
        class register:  # noqa: N801
            @staticmethod
            def entry(*_):
                return None


def told(*rows) -> tuple[Analysis, Facts]:
    analysis = from_rows(list(rows), "2027-12-31")
    (found,) = facts.gather(NoChecked, analysis)  # type: ignore[arg-type]
    return analysis, found


RELAPSED = (
    visit("P-1", 0, 7, nrs_after=6),
    visit("P-1", 2, None, nrs_after=5, adverse_event="warmth"),
    visit("P-1", 4, 5),
    visit("P-1", 7, 4),
    visit("P-1", 45, 7, visit_type="follow-up"),
)


def written(analysis: Analysis, found: Facts):
    return docx.Document(io.BytesIO(letter.content(analysis, found, THEME)))


def test_the_same_without_a_document() -> None:
    """What a page in a browser shows: the letter's words, figures and picture, and every visit."""
    analysis, found = told(*RELAPSED)
    shown = shown_patient(analysis, found)
    texts = [paragraph.text for paragraph in written(analysis, found).paragraphs]
    for text in (shown.heading, *shown.lead, *shown.change, *shown.details, shown.caveat):
        assert text in texts
    assert shown.notes
    assert [note.line for note in shown.notes if note.line not in texts] == []
    assert shown.drawing == drawing(found, THEME.colour, PAUSE)
    assert [row[:4] for row in shown.visits] == [
        ("Date", "Visit", "Before", "After"),
        ("5 Oct 2026", "session", "7", "6"),
        ("7 Oct 2026", "session", "–", "5"),
        ("9 Oct 2026", "session", "5", "–"),
        ("12 Oct 2026", "session", "4", "–"),
        ("19 Nov 2026", "follow-up", "7", "–"),
    ]
    assert shown.visits[2][5] == "✖ event"


def test_a_patient_without_a_score_has_no_picture_there() -> None:
    shown = shown_patient(*told(visit("P-1", 0, None), visit("P-1", 2, None)))
    assert shown.drawing is None
    assert shown.cards[0].figure == "not known"
    assert len(shown.visits) == 3


def test_the_letter_says_what_the_page_says() -> None:
    analysis, found = told(*RELAPSED)
    document = written(analysis, found)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "Patient P-1"
    assert f"{sentences.change_and_now(found)}" in " ".join(texts)
    assert "the pain has come back" in " ".join(texts)
    assert analysis.protocol.caveat in texts
    assert any("Adverse event: warmth" in text for text in texts)
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == [
        "Pain, start → end → now",
        "Change over the course",
        "Sessions",
        "Next checkpoint",
    ]
    assert cells[1] == ["7 → 4 → 7", "42.9 % less", "4", "now"]
    assert [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")] == [
        "Heading 1"
    ] * 2


def test_the_picture_says_what_it_shows() -> None:
    analysis, found = told(*RELAPSED)
    document = written(analysis, found)
    (shape,) = document.inline_shapes
    alt = shape._inline.docPr.get("descr")
    assert alt.startswith("Pain before and after each session by day, 5 Oct 2026 to 19 Nov 2026.")
    assert alt.endswith(sentences.change_and_now(found))
    (part,) = [p for p in document.part.package.iter_parts() if p.partname.endswith(".png")]
    image = Image.open(io.BytesIO(part.blob))
    assert image.width / image.height == pytest.approx(WIDTH / HEIGHT, rel=0.01)
    assert len(part.blob) < 200_000


def test_the_properties_name_no_patient() -> None:
    analysis, found = told(*RELAPSED)
    content = letter.content(analysis, found, THEME)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist() if "docProps" in name}
    assert b"Report on a course of treatment" in parts["docProps/core.xml"]
    assert not any(b"P-1" in part for part in parts.values())
    assert content == letter.content(analysis, found, THEME)


ODD = {
    "no baseline": [visit("P", 0, None), visit("P", 2, 5), visit("P", 4, 4)],
    "single day": [visit("P", 0, 7)],
    "screening alone": [visit("P", 0, 7, visit_type="screening")],
    "start at 0": [visit("P", 0, 0), visit("P", 3, 2)],
    "start at 1": [visit("P", 0, 1), visit("P", 3, 1)],
    "long": [visit("P", day, 9 - day % 5) for day in range(0, 400, 5)],
    "paused": [visit("P", 0, 7), visit("P", 3, 6), visit("P", 33, 6), visit("P", 35, 5)],
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_courses_have_a_letter_and_a_chart_within_its_frame(kind) -> None:
    analysis, found = told(*ODD[kind])
    assert sentences.change(found) in [p.text for p in written(analysis, found).paragraphs]
    made = drawing(found, THEME.colour, PAUSE)
    assert made is not None
    for shape in made.shapes:
        points = shape.points if isinstance(shape, Stroke) else (shape.at,)
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)


def test_without_a_score_there_is_no_chart() -> None:
    analysis, found = told(visit("P", 0, None), visit("P", 2, None))
    assert drawing(found, THEME.colour, PAUSE) is None
    assert not written(analysis, found).inline_shapes


def test_the_chart_marks_what_the_log_holds() -> None:
    _, found = told(*RELAPSED)
    made = drawing(found, THEME.colour, PAUSE)
    kinds = [shape.kind for shape in made.shapes if isinstance(shape, Mark)]
    # Each with its mark in the legend.
    assert [kinds.count(kind) for kind in ("circle", "diamond", "square", "x")] == [
        4 + 1,
        2 + 1,
        2,
        2,
    ]
    words = [shape.text for shape in made.shapes if isinstance(shape, Lettering)]
    assert {"end 4", "now 7", "start: 7", "30 % less: 4.9", "50 % less: 3.5"} <= set(words)
    assert not any("P-1" in word for word in words)


def test_the_line_breaks_where_a_score_is_missing_and_is_dotted_to_the_follow_up() -> None:
    _, found = told(*RELAPSED)
    made = drawing(found, THEME.colour, PAUSE)
    own = [s for s in made.shapes if isinstance(s, Stroke) and s.colour == THEME.colour("primary")]
    dotted, joined = own
    assert (len(joined.points), bool(joined.dash)) == (2, False)  # of days 4 and 7 alone
    assert (dotted.points[0], bool(dotted.dash)) == (joined.points[-1], True)
    assert dotted.points[1][1] == TOP + 3 / 10 * (HEIGHT - TOP - 20)


def test_lettering_of_near_lines_does_not_overlap() -> None:
    placed = apart([180.0, 184.0, 186.0])
    assert all(b - a >= 10 for a, b in pairwise(placed))
    assert placed[-1] <= HEIGHT - 20
    assert apart([50.0, 90.0, 110.0]) == [50.0, 90.0, 110.0]


# ------------------------------------------------------------------------- on the command line


@pytest.fixture
def logs(folder: Path) -> Path:
    """A log with a name from the right and an id that is no file name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Patient ID", "Date", "NRS before"])
    for patient in ("P-1", "a/b"):
        for day, score in ((5, 7), (7, 5)):
            sheet.append([patient, f"2026-10-{day:02}", score])
    register = book.create_sheet("Patients")
    register.append(["Patient ID", "Name"])
    register.append(["P-1", "שרה כהן"])
    book.save(folder / "log.xlsx")
    return folder / "log.xlsx"


def test_one_letter_under_its_default_name(cli: Cli, logs: Path, folder: Path) -> None:
    result = cli("patient", "P-1", logs.name, "--letter")
    assert result.exit_code == 0, result.output
    assert "Written: patient-P-1.docx" in result.output
    (title, *_) = docx.Document(folder / "patient-P-1.docx").paragraphs
    assert [(run.text, run.font.rtl) for run in title.runs] == [
        ("Patient P-1: ", None),
        ("שרה כהן", True),
    ]
    language = title.style.element.getparent().find(f".//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"
    again = cli("patient", "P-1", logs.name, "--letter")
    assert (again.exit_code, "is there already" in again.output) == (5, True)
    assert cli("patient", "P-1", logs.name, "--letter", "--force").exit_code == 0


def test_a_letter_for_everybody(cli: Cli, logs: Path, folder: Path) -> None:
    dry = cli("patient", "--all", "letters", logs.name, "--letter", "--dry-run")
    assert (dry.exit_code, (folder / "letters").exists()) == (0, False)
    assert "Would write 2 letters in letters" in dry.output
    told = json.loads(cli("patient", "--all", "letters", logs.name, "--letter", "--json").stdout)
    names = sorted(path.name for path in (folder / "letters").iterdir())
    assert names == ["patient-P-1.docx", "patient-a_b~c14cddc033f6.docx"]
    assert sorted(Path(page["file"]).name for page in told["pages"]) == names


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("-o", "x.xlsx", "--letter"), 2, "ends in .docx"),
        (("-o", "x.docx"), 2, "ends in .xlsx"),
        (("-o", "none/x.docx", "--letter"), 5, "there is no folder"),
    ],
)
def test_names_that_do_not_fit(cli: Cli, logs: Path, words, status, said) -> None:
    result = cli("patient", "P-1", logs.name, *words)
    assert (result.exit_code, said in result.output) == (status, True), result.output


def test_a_letter_of_its_own_name(cli: Cli, logs: Path, folder: Path) -> None:
    assert cli("patient", "P-1", logs.name, "--letter", "-o", "x.docx", "--dry-run").exit_code == 0
    assert not (folder / "x.docx").exists()
    assert cli("patient", "P-1", logs.name, "--letter", "-o", "x.docx").exit_code == 0
    assert docx.Document(folder / "x.docx").core_properties.title.startswith("Report on a course")
