"""The workbook: what stands in it, that it is text where text was read, and how it is saved."""

from __future__ import annotations

import errno
import math
import re
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import openpyxl
import pytest
import report_data as data
from report_data import HOSTILE, VARIANTS

from clinicreport.books.json_report import figures_object
from clinicreport.books.report import report_workbook
from clinicreport.books.report.ordered_visits import event, listed
from clinicreport.ground.errors import OutputError
from clinicreport.ground.frame import Column, as_column
from clinicreport.log.findings import Finding
from clinicreport.workbook.output import save

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")


def cells(content: bytes, *, values: bool = True) -> dict[tuple[str, str], Any]:
    """(sheet, address) -> value, or formula."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=values)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def sheet(content: bytes, name: str) -> list[list[Any]]:
    """A sheet's rows as values."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def table(content: bytes, sheet_name: str, name: str) -> list[dict[str, Any]]:
    """A table's rows by heading, whether or not it says "as made"."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    area = book[sheet_name][book[sheet_name].tables[name].ref]
    headings = [str(cell.value).removesuffix(" (as made)") for cell in area[0]]
    return [dict(zip(headings, [cell.value for cell in row], strict=True)) for row in area[1:]]


def figures(content: bytes) -> dict[str, Any]:
    """The defined names of the headline figures, each with its value."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    found = {}
    for name, defined in book.defined_names.items():
        where, _, address = defined.attr_text.partition("!")
        if where == "Figures":
            found[name] = book[where][address.replace("$", "")].value
    return found


@pytest.fixture(scope="module")
def clinic() -> bytes:
    return report_workbook.content(data.analysis(40))


@pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS)
def test_every_variant_has_every_sheet_and_says_so_in_words(make: Any) -> None:
    content = report_workbook.content(make())
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    assert book.sheetnames == list(report_workbook.CONTENTS)
    assert book.active.title == "Summary"
    for each in book:
        assert each["A1"].value, each.title
        assert each["A2"].value, each.title
    written = cells(content)
    for where, value in written.items():
        assert value != "#N/A" or where[0] in ("Patient", "Charts"), where  # left out of charts
        assert str(value) not in {"nan", "NaN", "NaT", "None", "<NA>", "inf"}, where
        assert not re.search("cured|forever", str(value), re.IGNORECASE), where


def test_same_analysis_same_bytes() -> None:
    assert report_workbook.content(data.analysis(12)) == report_workbook.content(data.analysis(12))


def test_headline_figures_are_the_analysis(clinic: bytes) -> None:
    shown, expected = figures(clinic), figures_object(data.analysis(40).clinic)
    for name in (
        "started",
        "evaluable",
        "mean_baseline",
        "mean_latest",
        "mean_reduction",
        "median_percent_reduction",
        "ratio_of_means",
        "standardised_mean_change",
        "low_baseline",
        "adherence",
        "dropout_rate",
    ):
        assert shown[name] == pytest.approx(expected[name], abs=1e-12), name
    assert shown["worse_observed"] == pytest.approx(expected["worse"]["observed"])
    for name in ("responder_30", "responder_50", "mcid"):
        for kind in ("observed", "all_started"):
            assert shown[f"{name}_{kind}"] == pytest.approx(expected[name][kind])
            ends = [shown[f"{name}_{kind}_{end}"] for end in ("low", "high")]
            assert ends == pytest.approx(expected[name][f"{kind}_ci"])
    ends = [shown["mean_reduction_low"], shown["mean_reduction_high"]]
    assert ends == pytest.approx(expected["mean_reduction_ci"])
    assert shown["adverse_events_per_100"] == pytest.approx(expected["adverse_events"]["per_100"])


def test_started_is_evaluable_plus_each_reason() -> None:
    shown = figures(report_workbook.content(data.nobody_evaluable()))
    reasons = ("no_baseline", "zero_baseline", "single_day", "no_later_score")
    assert [shown[name] for name in reasons] == [1, 1, 1, 1]
    assert shown["started"] == shown["evaluable"] + sum(shown[name] for name in reasons) == 4
    assert shown["mean_reduction"] == "no evaluable patient"


def test_one_patient_has_no_interval_and_says_why() -> None:
    content = report_workbook.content(data.one_patient())
    shown = figures(content)
    assert shown["mean_reduction"] == 4
    assert shown["mean_reduction_low"] == "too few (n = 1)"
    assert shown["standardised_mean_change"] == "too few (n = 1)"
    assert any(
        v == "From 7 to 3 of 10: 57.1 % less pain (50 % or more)." for v in cells(content).values()
    )


def test_all_alike_has_no_interval() -> None:
    shown = figures(report_workbook.content(VARIANTS["all alike"]()))
    assert shown["mean_reduction"] == 0
    assert shown["mean_reduction_low"] == "all reductions alike"
    assert shown["standardised_mean_change"] == "all started alike"


def test_no_visit_is_said() -> None:
    content = report_workbook.content(data.empty())
    assert "no usable visit" in str(sheet(content, "Summary")[2][0])
    assert "nothing to list" in str(sheet(content, "Sessions"))
    formulas = [value for value in cells(content, values=False).values() if str(value)[:1] == "="]
    assert all(text.startswith("=HYPERLINK(") for text in formulas)


def test_patients_come_by_who_needs_attention(clinic: bytes) -> None:
    rows = table(clinic, "Patients", "patients")
    assert len(rows) == 40
    worse = [row["Response"] == "worse" for row in rows]
    assert worse.index(False) == sum(worse) > 0
    known = [row["Percent"] for row in rows if row["Needs attention"] == "–"]
    numbers = [value for value in known if isinstance(value, float | int)]
    assert numbers == sorted(numbers)
    assert {row["Evaluable"] for row in rows} >= {"yes", "no score at the start"}


def test_baseline_and_latest_refer_to_the_patients_own_cells(clinic: bytes) -> None:
    formulas, values = cells(clinic, values=False), cells(clinic)
    rows = table(clinic, "Patients", "patients")
    heads = {value: where[1] for where, value in values.items() if where[0] == "Patients"}
    head = next(
        at for (name, at), value in values.items() if (name, value) == ("Sessions", "Patient")
    )
    patients = re.sub(r"\d", "", head)
    for heading in ("Baseline", "Latest"):
        column = re.sub(r"\d", "", heads[heading])
        top = int(re.sub(r"\D", "", heads[heading]))
        for offset, row in enumerate(rows, start=1):
            formula = formulas["Patients", f"{column}{top + offset}"]
            targets = re.findall(r"\$([A-Z]+)\$(\d+)", formula)
            assert targets or row[heading] == "not known", formula
            own = {values["Sessions", f"{patients}{number}"] for _, number in targets}
            assert own <= {row["Patient"]}
            held = {values.get(("Sessions", f"{letters}{at}")) for letters, at in targets}
            span = re.search(r":\$", formula)
            assert span or row[heading] in held | {"not known"}


def test_sessions_name_their_source(clinic: bytes) -> None:
    analysis = data.analysis(40)
    rows = table(clinic, "Sessions", "sessions")
    told = {(row["File"], row["Sheet"], row["Row"]): row for row in rows}
    assert len(told) == len(analysis.sessions)
    for visit in analysis.sessions.frame.rows():
        row = told[visit["file"], visit["sheet"], visit["row"]]
        assert row["Patient"] == visit["patient_id"]
        assert row["NRS before"] == (
            None if visit["nrs_before"] != visit["nrs_before"] else visit["nrs_before"]
        )
    serials = [row["No."] for row in rows]
    assert serials == sorted(serials)


def test_findings_are_sorted_and_lead_to_their_visit(clinic: bytes) -> None:
    rows = table(clinic, "Findings", "findings")
    assert len(rows) == len(data.analysis(40).findings)
    order = [("error", "warning", "note").index(row["Severity"].split()[1]) for row in rows]
    assert order == sorted(order)
    assert all(row["Severity"].split()[0] in "✖▲●" for row in rows)
    links = [v for v in cells(clinic, values=False).values() if str(v).startswith("=HYPERLINK(")]
    visits = table(clinic, "Sessions", "sessions")
    line = int(rows[0]["Visit"].split()[1].replace(",", ""))
    assert visits[line - 1]["Patient"] == rows[0]["Patient"]
    assert any(f'"line {line}"' in link for link in links)


@pytest.mark.parametrize("text", HOSTILE)
def test_clinic_text_stays_text(text: str) -> None:
    rows = [
        data.visit(text, 0, 6.0, notes=text, therapist=text, condition=text, adverse_event=text),
        data.visit(text, 3, 2.0, notes=text),
    ]
    analysis = data.from_rows(rows, clinic_name=text)
    finding = Finding("bad-score", "error", text, text, text, "C2", 2, "nrs_before", text, text)
    content = report_workbook.content(analysis._replace(findings=(finding,)))
    kept = re.sub("[\x00\x07\ud800\u202e]", "", text)
    visits = table(content, "Sessions", "sessions")
    assert visits[0]["Notes"] == kept
    assert visits[0]["Patient"] == kept.removeprefix("'")  # it keeps an id's leading zeros
    found = table(content, "Findings", "findings")
    assert (found[0]["Message"], found[0]["Value"]) == (kept, kept)
    formulas = openpyxl.load_workbook(BytesIO(content))
    for name in ("Sessions", "Findings"):
        top = int(re.findall(r"\d+", formulas[name].tables[name.lower()].ref)[0])
        for row in formulas[name].iter_rows(min_row=top):
            for cell in row:
                linked = str(cell.value).startswith("=HYPERLINK(")
                assert cell.data_type != "f" or linked, (name, cell.coordinate)
                assert cell.hyperlink is None
    with ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name]
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b"External" not in archive.read(name), name


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    long = "é" * 20_000 + "😀" * 10_000
    content = report_workbook.content(data.from_rows([data.visit("1", 0, 5.0, notes=long)]))
    note = table(content, "Sessions", "sessions")[0]["Notes"]
    assert note.endswith("(cut: too long for one cell)")
    assert len(note.encode("utf-16-le")) // 2 <= 32_767


def test_ids_that_excel_takes_for_alike_stay_apart() -> None:
    rows = [
        data.visit(name, day, score)
        for name, last in (("a*", 5.0), ("A*", 1.0), ("a?", 2.0), ("ab", 3.0), ("7", 4.0))
        for day, score in ((0, 6.0), (3, last))
    ]
    rows_shown = table(report_workbook.content(data.from_rows(rows)), "Patients", "patients")
    latest = {row["Patient"]: row["Latest"] for row in rows_shown}
    assert latest == {"a*": 5, "A*": 1, "a?": 2, "ab": 3, "7": 4}


def _format_of(book: openpyxl.Workbook, sheet: str, heading: str) -> str:
    """The number format of the first cell below a heading."""
    rows = book[sheet].iter_rows()
    found = next(cell for row in rows for cell in row if cell.value == heading)
    return str(book[sheet].cell(found.row + 1, found.column).number_format)


def test_a_percentage_never_crosses_a_threshold() -> None:
    rows = [data.visit("A", 0, 9.99), data.visit("A", 3, 6.994)]  # 29.99 %
    content = report_workbook.content(data.from_rows(rows))
    row = table(content, "Patients", "patients")[0]
    assert row["Response"] == "under 30 %"
    assert row["Percent"] == pytest.approx(29.98999, abs=1e-4)
    assert any("29.99 % less pain" in str(value) for value in cells(content).values())
    book = openpyxl.load_workbook(BytesIO(content))
    rules = [
        rule
        for area in book["Patients"].conditional_formatting
        for rule in area.rules
        if rule.dxf and rule.dxf.numFmt
    ]
    shown = ['0.00000" %"_)', '0.0000" %"_)', '0.000" %"_)', '0.00" %"_)', '0.0" %"_)']
    assert [rule.dxf.numFmt.formatCode for rule in rules] == shown
    assert all("<30" in rule.formula[0] and "<50" in rule.formula[0] for rule in rules[:-1])
    assert _format_of(book, "Patients", "Percent") == '0.00" %"_)'


@pytest.mark.parametrize(
    ("text", "said"),
    [("none", "none"), ("No", "none"), ("0", "none"), (None, "not documented"), ("rash", "event")],
)
def test_blank_is_never_none(text: str | None, said: str) -> None:
    assert event("treatment", text) == said


def test_blank_events_are_no_zero_rate() -> None:
    content = report_workbook.content(data.one_patient())
    assert figures(content)["adverse_events_per_100"] == "not documented"


def test_no_event_gives_the_upper_bound() -> None:
    rows = [data.visit("1", day, 5.0, adverse_event="none") for day in (0, 2, 4)]
    content = report_workbook.content(data.from_rows(rows))
    assert figures(content)["adverse_events_per_100"] == 0
    bound = 100 * (1 - 0.05 ** (1 / 3))
    assert f"up to {bound:.2f}: no event so far" in cells(content).values()


def test_tables_and_charts_are_complete(clinic: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(clinic))
    names = [name for each in book for name in each.tables]
    assert len(names) == len(set(names))
    with ZipFile(BytesIO(clinic)) as archive:
        drawings = [n for n in archive.namelist() if re.search(r"drawings/drawing\d+\.xml$", n)]
        frames = b"".join(archive.read(name) for name in drawings).count(b"<xdr:graphicFrame")
        told = sum(archive.read(name).count(b'descr="') for name in drawings)
        charts = [n for n in archive.namelist() if re.search(r"charts/chart\d+\.xml$", n)]
        assert frames == told == len(charts) >= 12
        for name in charts:
            text = archive.read(name).decode()
            assert "#REF" not in text
            refs = re.findall(r"<c:f>([^<]+)</c:f>", text)
            assert refs
            assert all(re.match(r"('?[\w ]+'?)!\$", ref) for ref in refs), name
            assert "dispBlanksAs" not in text  # left out, blanks are gaps


def test_printing_is_set_up(clinic: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(clinic))
    for each in book:
        assert each.page_setup.paperSize == 9, each.title
        assert each.page_setup.fitToWidth in (None, 1)
        assert each.sheet_properties.pageSetUpPr.fitToPage or each.title == "Summary"
        assert "&P of &N" in each.oddFooter.right.text
    assert book["Summary"].page_setup.scale in range(80, 98)  # a first page that is a bit long
    assert book.active.title == "Summary"  # which is printed unless another is chosen
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["Summary"]
    assert book["Sessions"].page_setup.fitToHeight in (None, 1)  # its first rows alone
    assert book["Patients"].page_setup.fitToHeight == 0
    for name in ("Patients", "To do"):
        assert book[name].print_title_rows, name
    for name in ("Patients", "Findings", "Sessions", "Weeks", "To do"):
        assert book[name].freeze_panes, name
        assert any(t.autoFilter for t in book[name].tables.values()), name


def test_trial_arms_stand_only_beside_their_population() -> None:
    with_them = report_workbook.content(data.analysis(40))
    points = table(with_them, "Charts", "by_week")
    treated = [row["Gale 2006, treated"] for row in points]
    assert treated[0] == 6.9
    assert treated[6] == 3.0
    assert [value for value in treated if value is not None] == [6.9, 3.0]
    rows = [data.visit("1", day, 7.0 - day / 7, condition="menstrual") for day in (0, 7, 14)]
    assert (
        "Gale 2006, treated"
        not in table(report_workbook.content(data.from_rows(rows)), "Charts", "by_week")[0]
    )


def test_created_is_the_last_day_of_the_report() -> None:
    book = openpyxl.load_workbook(BytesIO(report_workbook.content(data.one_patient())))
    assert book.properties.created.date() == date(2026, 10, 19)
    book = openpyxl.load_workbook(BytesIO(report_workbook.content(data.empty())))
    assert book.properties.created.date() == date(2026, 11, 2)


# Saving -----------------------------------------------------------------------------------------


def test_refuses_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="is there already") as caught:
        save(report_workbook.content(data.one_patient()), path)
    assert caught.value.exit_status == 5
    assert path.read_bytes() == b"mine"
    save(report_workbook.content(data.one_patient()), path, force=True)
    assert path.read_bytes()[:2] == b"PK"
    assert [each.name for each in tmp_path.iterdir()] == ["report.xlsx"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "read-only"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "could not be written"),
    ],
)
def test_what_the_system_refuses_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OutputError, match=said):
        save(report_workbook.content(data.one_patient()), tmp_path / "report.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_open_in_excel_is_said_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def locked(*_: object) -> None:
        raise PermissionError(errno.EACCES, "sharing violation")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(OutputError, match="open in Excel"):
        save(report_workbook.content(data.one_patient()), path, force=True)
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["missing/report.xlsx", "."])
def test_no_such_place(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        save(report_workbook.content(data.one_patient()), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (as_column(["a", None, "b"]), ["a", None, "b"]),
        (as_column([1, None]), [1, None]),
        (as_column([True, math.nan]), [True, None]),
        (np.array([1, 2]), [1, 2]),
        (np.array([1.5, math.nan]), [1.5, None]),
        (np.array(["2026-10-31", "NaT"], dtype="datetime64[s]"), [datetime(2026, 10, 31), None]),
    ],
)
def test_values_as_python_has_them(column: Column, found: list[Any]) -> None:
    assert listed(column) == found
    assert [type(value) for value in listed(column)] == [type(value) for value in found]
