"""What somebody sees of a log is what ``check`` says of it: figures, words, findings, cells."""

import datetime as dt
import hashlib
import json
import re

import pytest
from kinds_of_logs import FILES, LAYOUTS, Page, text, xlsx

from clinicreport.commands.screen import findings_table
from clinicreport.desk.kept import Kept
from clinicreport.desk.look_model import look
from clinicreport.desk.look_page import ACROSS, ROWS, LookPage, WishedView
from clinicreport.editing.to_fix_sheet import advice
from clinicreport.ground.resources import resource
from clinicreport.settings.request import make_request

TODAY = "2026-11-24"
SAMPLES = resource("pyproject.toml").parent / "samples"
HEAD = ["Patient ID", "Date", "Pain before", "Pain after"]


def visit(patient, day, before, after=3.0):
    return [patient, dt.datetime(2026, 10, day), before, after]


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """Looks at a file of this content and name."""
    monkeypatch.chdir(tmp_path)

    def look_at(content, name="log.xlsx", password=None):
        path = tmp_path / name
        path.write_bytes(content)
        sha = hashlib.sha256(content).hexdigest()
        return look(Kept(sha, name, path, password), make_request(today=TODAY))

    return look_at


def cells_of(page):
    return {(row.number, cell.column): cell for row in page.rows for cell in row.cells}


# --------------------------------------------------------------------- as the command line has it


def _kinds():
    yield "faults.xlsx", (SAMPLES / "faults.xlsx").read_bytes()
    yield "comma.csv", (SAMPLES / "semicolon-decimal-comma.csv").read_bytes()
    for name, pages in LAYOUTS.items():
        yield f"{name}.xlsx", xlsx(*pages)
    for at, kind in enumerate(FILES.values()):
        if not kind.password and not kind.unread:
            yield f"{at}-{next(iter(kind.files))}", next(iter(kind.files.values()))


KINDS = dict(_kinds())


@pytest.mark.parametrize("name", KINDS)
def test_figures_words_and_findings_are_those_of_check(name, seen, cli, folder):
    content = KINDS[name]
    (folder / name).write_bytes(content)
    told = json.loads(cli("check", "--json", name).stdout)
    found = seen(content, name)
    assert [one.finding.as_dict() for one in found.findings] == [
        {key: value for key, value in entry.items() if key not in ("id", "state")}
        for entry in json.loads(json.dumps(told["findings"]))
    ]
    inputs = told["inputs"]
    assert found.rows.rows == sum(entry["rows"] for entry in inputs)
    assert found.rows.set_aside == sum(entry["set_aside"] for entry in inputs)
    assert found.reasons == [entry["reason"] for entry in inputs if entry["reason"]]
    screen = findings_table(found.checked, width=100)
    assert f"Findings: {found.verdict}." in screen
    assert found.nothing_to_mend == ("NOTHING TO MEND." in screen)
    for one in found.findings:
        assert advice(one.finding) in " ".join(one.finding.message.split())
    every_finding_is_on_its_cell_and_in_the_list(found)


def every_finding_is_on_its_cell_and_in_the_list(found):
    listed = [one.number for kind in found.kinds for one in kind.findings]
    assert sorted(listed) == list(range(1, len(found.findings) + 1))
    for one in found.findings:
        page = LookPage(found, LookPage(found, WishedView()).wish_for(one))
        assert page.current is one
        if one.row is None:
            assert one in page.loose
            continue
        row = next(row for row in page.rows if row.number == one.row)
        assert one in row.findings
        if one.finding.cell:
            cell = cells_of(page)[one.row, one.column]
            assert one in cell.findings
            assert f"{cell.letters}{one.row}" == one.finding.cell


@pytest.mark.parametrize("name", LAYOUTS)
def test_headings_are_read_as_fit_says(name, seen, cli, folder):
    content = xlsx(*LAYOUTS[name])
    (folder / "log.xlsx").write_bytes(content)
    told = json.loads(cli("fit", "--json", "--today", TODAY, "log.xlsx").stdout)
    found = seen(content)
    for entry in told["seen"]:
        sheet = next(one for one in found.sheets if one.name == entry["sheet"])
        by_letters = {head.letters: head for head in sheet.heads}
        for heading in entry["headings"]:
            head = by_letters[re.sub(r"\d", "", heading["cell"])]
            assert heading["heading"] in (head.heading, "")  # a date is no text
            assert head.read == (heading["field"] is not None)


# ---------------------------------------------------------------------------------- the sheet


def test_faults_are_counted_and_rows_set_aside_are_marked(seen):
    found = seen((SAMPLES / "faults.xlsx").read_bytes())
    assert found.size == "24 rows × 13 columns"
    assert found.rows[1:] == (18, 6)
    (sheet,) = found.sheets
    assert len(sheet.set_aside) == 6
    page = LookPage(found, WishedView())
    assert [row.number for row in page.rows if row.set_aside] == sorted(sheet.set_aside)
    assert cells_of(page)[5, 5].worst == "error"
    assert found.kinds[0].rule == "bad-score"
    assert [kind.severity for kind in found.kinds] == sorted(
        [kind.severity for kind in found.kinds], key=["error", "warning", "note"].index
    )


def test_cells_stand_as_in_the_file(seen):
    rows = [
        HEAD,
        visit("H-014", 5, 7.0),
        visit("<script>alert(1)</script>", 6, "=1+1"),
        visit("P-3\u202e", 7, 6.5),
    ]
    page = LookPage(seen(xlsx(Page(rows))), WishedView())
    cells = {at: cell.text for at, cell in cells_of(page).items()}
    assert [cells[2, at] for at in range(1, 5)] == ["H-014", "2026-10-05", "7", "3"]
    assert cells[3, 1] == "<script>alert(1)</script>"
    assert cells[4, 1] == "P-3"
    assert [head.read_as for head in page.heads] == ["Patient", "Date", "NRS before", "NRS after"]


def test_a_long_cell_is_cut_and_says_so(seen):
    rows = [[*HEAD, "Remark"], [*visit("P-1", 5, 7.0), "x" * 10_000]]
    page = LookPage(seen(xlsx(Page(rows))), WishedView())
    assert cells_of(page)[2, 5].text == f"{'x' * 300}… (10,000 characters)"


def test_two_hundred_rows_a_page_and_only_those_with_findings(seen):
    rows = [
        visit(f"P-{at:03}", 1 + at % 28, 11.0 if at in (5, 230, 449) else 6.0) for at in range(450)
    ]
    found = seen(xlsx(Page([HEAD, *rows])))
    page = LookPage(found, WishedView(page=3))
    assert (page.first, page.last, page.total, page.pages) == (401, 451, 451, 3)
    assert [row.number for row in page.rows] == list(range(401, 452))
    assert LookPage(found, WishedView(page=99)).page == 3
    rows_found = sorted({one.row for one in found.findings if one.row})
    few = LookPage(found, WishedView(only=True))
    assert [row.number for row in few.rows] == rows_found[:ROWS]
    assert {7, 232, 451} <= set(rows_found)
    last = next(one for one in found.findings if one.row == 451)
    assert page.wish_for(last) == WishedView(page=3, at=last.number)
    assert few.wish_for(last).only


def test_a_wide_sheet_is_shown_in_parts(seen):
    weeks = 80
    head = ["Patient", "Start date", *(f"Wk {at}" for at in range(weeks))]
    row = ["P-1", dt.datetime(2025, 1, 6), *([7.0] * (weeks - 1)), "many"]
    found = seen(xlsx(Page([head, row])))
    one = next(one for one in found.findings if one.finding.rule == "bad-score")
    wish = LookPage(found, WishedView()).wish_for(one)
    assert wish.across == 2
    page = LookPage(found, wish)
    assert len(LookPage(found, WishedView()).heads) == ACROSS
    assert one in cells_of(page)[2, weeks + 2].findings


def test_next_and_previous_go_through_all_of_them(seen):
    found = seen((SAMPLES / "faults.xlsx").read_bytes())
    at, walked = LookPage(found, WishedView()), []
    while at.next:
        walked.append(at.next.number)
        at = LookPage(found, at.wish_for(at.next))
    assert walked == list(range(1, len(found.findings) + 1))
    assert at.previous is found.findings[-2]
    assert LookPage(found, WishedView()).previous is None


def test_several_sheets_are_counted_together(seen):
    pages = [
        Page([HEAD, visit("P-1", 5, 7.0), visit("P-2", 6, 6.0)], name) for name in ("Sep", "Oct")
    ]
    found = seen(xlsx(*pages))
    assert found.size == "4 rows × 4 columns"
    assert [sheet.name for sheet in found.sheets] == ["Sep", "Oct"]
    other = Page([[*HEAD, "Minutes"], [*visit("P-3", 7, 5.0), 12.0]], "Nov")
    assert seen(xlsx(*pages, other)).size == "5 rows on 3 sheets"


# --------------------------------------------------------------------------------- the states


def test_nothing_to_mend(seen):
    found = seen(
        text([HEAD, ["P-1", "2026-10-05", "7", "3"], ["P-1", "2026-10-07", "6", "3"]]), "good.csv"
    )
    assert found.state == "read"
    assert found.nothing_to_mend
    assert found.size == "2 rows × 4 columns"


@pytest.mark.parametrize(
    ("content", "name", "state"),
    [
        (b"%PDF-1.7 rest", "october.xlsx", "no-spreadsheet"),
        (b"\x89PNG\r\n\x1a\n", "october.xlsx", "no-spreadsheet"),
        (b"", "october.xlsx", "unreadable"),
        (xlsx(Page([["Rota"], ["Monday", "B. Example"]], "Rota")), "rota.xlsx", "no-visits"),
        (xlsx(Page([HEAD])), "blank.xlsx", "read"),
    ],
)
def test_what_cannot_be_read_has_a_way_out(content, name, state, seen):
    found = seen(content, name)
    assert found.state == state
    assert not found.nothing_to_mend
    assert bool(found.reasons) == (state != "read")


def test_a_locked_file_asks_for_its_password(seen):
    from kinds_of_logs import _encrypted

    content = _encrypted(xlsx(Page([HEAD, visit("P-1", 5, 7.0)])), "pain")
    assert seen(content).state == "locked"
    assert seen(content, password="wrong").state == "locked"
    opened = seen(content, password="pain")
    assert opened.state == "read"
    assert opened.rows.used == 1
