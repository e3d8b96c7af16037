"""The version that may leave the clinic: nothing of anybody in it, and no small count to be found."""

import datetime as dt
import io
import itertools
import re
import zipfile
from html import escape
from pathlib import Path

import openpyxl
import pytest
from conftest import Cli
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.books.share.conditions import KNOWN, NOT_WRITTEN, OTHER, known
from clinicreport.books.share.suppression import LinkedCounts, Sum, suppress

DAY_0 = dt.date(2026, 7, 6)
PLANTED = {
    "id": ["Zebra-17", "Okapi & Söhne", "Yak<9>", "=Gnu-4"],
    "name": "Zora Quokka",
    "note": "Dances the lambada on Sundays",
    "therapist": "Dr. Narwhal",
    "event": "Turned vermilion",
    "condition": "Xylophone elbow",
    "waiver": "Walrus said so",
    "medication": "Tramadolphin",
    "clinic": "Platypus Road",
    "clearance": "Prof. Axolotl",
    "file": "kakapo-secret.xlsx",
    "sheet": "Lemurs",
}
HEADINGS = (
    "Patient ID",
    "Date",
    "NRS before",
    "NRS after",
    "Duration",
    "Visit type",
    "Condition",
    "Adverse event",
    "Therapist",
    "Notes",
    "Waiver",
    "Medication",
    "Clinic",
    "Clearance",
    "Course label",
)


def planted_log(folder: Path) -> Path:
    """Thirty-four patients, four of them with ids of their own."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = PLANTED["sheet"]
    sheet.append(HEADINGS)
    ids = [*PLANTED["id"], *(f"Ibex{n:03d}" for n in range(30))]
    for n, patient in enumerate(ids):
        condition = PLANTED["condition"] if n % 7 == 0 else "chronic low back pain"
        for visit in range(4 if n != 5 else 1):
            day = DAY_0 + dt.timedelta(days=2 * visit + n % 40)
            sheet.append(
                (
                    patient,
                    day,
                    max(0, 8 - visit * (n % 4)),
                    3,
                    15,
                    None,
                    condition,
                    PLANTED["event"] if (n, visit) == (3, 1) else "none",
                    PLANTED["therapist"],
                    PLANTED["note"],
                    PLANTED["waiver"],
                    PLANTED["medication"],
                    PLANTED["clinic"],
                    PLANTED["clearance"],
                    "Bongo-1",
                )
            )
            if patient.startswith("="):
                sheet.cell(sheet.max_row, 1).data_type = "s"
    register = book.create_sheet("Patients")
    register.append(("Patient ID", "Name", "Birth year"))
    for patient in ids:
        register.append((patient, PLANTED["name"], 1956))
        register.cell(register.max_row, 1).data_type = "s"
    book.properties.creator = "Marmoset"
    path = folder / PLANTED["file"]
    book.save(path)
    return path


def forms(text):
    """A text as it might stand in a part of a workbook."""
    yield from (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    yield escape(text).encode()
    yield escape(text, quote=False).encode()
    yield "".join(f"&#{ord(char)};" for char in text).encode()
    yield "".join(f"&#x{ord(char):x};" for char in text).encode()
    yield "".join(char if ord(char) < 128 else f"&#{ord(char)};" for char in text).encode()


def secrets():
    flat = [*PLANTED["id"], *(text for key, text in PLANTED.items() if key != "id")]
    whole = [*flat, *(f"Ibex{n:03d}" for n in range(30)), "Bongo-1", "Marmoset", "1956"]
    words = [word for text in flat for word in re.findall(r"\w{5,}", text)]
    return sorted({*whole, *words})


def found_in(made: bytes):
    """The secrets found in any part of the file, its names included."""
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = [archive.read(name).lower() for name in archive.namelist()]
        parts += [name.encode().lower() for name in archive.namelist()]
    return {
        text
        for text in secrets()
        for form in forms(text)
        if any(form.lower() in part for part in parts)
    }


@pytest.fixture
def shared(cli: Cli, folder: Path) -> bytes:
    result = cli("report", "--share", planted_log(folder))
    assert result.exit_code == 0, result.output
    (path,) = folder.glob("clinic-report-*.xlsx")
    assert re.fullmatch(r"clinic-report-2026-\d\d-\d\d-share\.xlsx", path.name)
    return path.read_bytes()


def test_no_part_of_the_file_holds_anything_of_anybody(shared):
    assert found_in(shared) == set()


def test_the_search_finds_what_is_there(cli: Cli, folder: Path):
    """The same search over the clinic's own report, which holds all of it."""
    assert cli("report", planted_log(folder), "-o", "own.xlsx").exit_code == 0
    found = found_in((folder / "own.xlsx").read_bytes())
    assert {*PLANTED["id"], PLANTED["note"], PLANTED["therapist"], PLANTED["file"]} <= found


def test_sheets_and_properties(shared):
    book = openpyxl.load_workbook(io.BytesIO(shared))
    assert book.sheetnames == ["Summary", "Charts", "Method"]
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert not book.defined_names.keys() - {"_xlnm.Print_Area"}
    with zipfile.ZipFile(io.BytesIO(shared)) as archive:
        assert not [
            n for n in archive.namelist() if "custom" in n or "comment" in n or "media" in n
        ]


def test_conditions_come_from_the_list_only(shared):
    book = openpyxl.load_workbook(io.BytesIO(shared))
    column = [cell.value for cell in book["Charts"]["J"]]
    at = column.index("Condition")
    named = list(itertools.takewhile(bool, column[at + 1 :]))
    assert named
    assert set(named) <= {*KNOWN, OTHER, NOT_WRITTEN}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Chronic Low  Back Pain", "Chronic low back pain"),
        ("CLBP.", "Chronic low back pain"),
        ("Anna's back pain", OTHER),
        ("low back pain since Bosnia", OTHER),
        ("", NOT_WRITTEN),
        (None, NOT_WRITTEN),
        (float("nan"), NOT_WRITTEN),
    ],
)
def test_known_conditions(written, name):
    assert known(written) == name


def test_json_and_sharing_do_not_go_together(cli: Cli, folder: Path):
    result = cli("report", "--share", "--json", planted_log(folder))
    assert result.exit_code == 2
    assert result.stdout == ""


def test_hidden_figures_are_hidden_in_the_charts_too(shared):
    """Every number a chart's cache holds is one that its cells show."""
    book = openpyxl.load_workbook(io.BytesIO(shared))
    with zipfile.ZipFile(io.BytesIO(shared)) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if "charts/chart" in n]
    assert charts
    for xml in charts:
        for part in re.findall(r"<c:val>.*?</c:val>", xml, re.DOTALL):
            name, area = re.search(r"<c:f>(.*?)!(.*?)</c:f>", part).groups()
            cells = [cell.value for (cell,) in book[name][area.replace("$", "")]]
            points = dict(re.findall(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v>', part))
            for at, value in enumerate(cells):
                held = points.get(str(at))
                assert (held is None) if value is None else float(held) == value


def test_numbers_are_rounded_to_what_is_shown(shared):
    book = openpyxl.load_workbook(io.BytesIO(shared))
    numbers = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    assert numbers
    assert all(round(value, 3) == value for value in numbers)
    with zipfile.ZipFile(io.BytesIO(shared)) as archive:
        assert not any(b"<f>" in archive.read(n) for n in archive.namelist() if "sheets/" in n)


def test_no_count_of_1_to_4_stands_on_any_sheet(shared):
    book = openpyxl.load_workbook(io.BytesIO(shared))
    texts = [
        cell.value
        for name in ("Summary", "Charts")
        for row in book[name].iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert "<5" in texts
    assert not [text for text in texts if re.fullmatch(r"[1-4]", text)]
    assert not [text for text in texts if re.match(r"[1-4] (of|in) ", text)]
    assert not [text for text in texts if re.search(r"\d of [1-4]\b", text)]


@pytest.mark.parametrize("patients", [0, 1, 3, 4, 9])
def test_small_clinics_give_a_report_that_says_little(cli: Cli, folder: Path, patients):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS[:3])
    for n in range(patients):
        for day in (0, 3):
            book.active.append((f"P{n}", DAY_0 + dt.timedelta(days=day), 8 - day))
    book.save(folder / "log.xlsx")
    result = cli("report", "--share", "log.xlsx", "-o", "share.xlsx")
    assert result.exit_code == 0, result.output
    sheet = openpyxl.load_workbook(folder / "share.xlsx")["Summary"]
    rows = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value}
    expected = {0: "0", 1: "<5", 3: "<5", 4: "<5", 9: "9"}[patients]
    assert rows["Started treatment"] in (expected, "not shown")


# ------------------------------------------------------------------------------ hiding


def possible(counts, marks, name):
    """Every value of a count that fits what is shown, by trying all of them."""
    names = list(counts.values)
    most = sum(counts.values.values()) + 12
    choices = []
    for cell in names:
        if marks[cell] == "shown":
            choices.append([counts.values[cell]])
        elif marks[cell] == "primary":
            choices.append([1, 2, 3, 4])
        elif marks[cell] == "secondary":
            choices.append(range(5, most))
        else:
            choices.append(range(most))
    values = set()
    # The totals follow from their parts, so only what is no total is tried.
    totals = {entry.total for entry in counts.sums}
    free = [at for at, cell in enumerate(names) if cell not in totals]
    for picked in itertools.product(*(choices[at] for at in free)):
        trial = {names[at]: value for at, value in zip(free, picked, strict=True)}
        for entry in counts.sums:
            whole = sum(trial[part] for part in entry.parts)
            if trial.setdefault(entry.total, whole) != whole:
                break
        else:
            if all(trial[cell] in choices[at] for at, cell in enumerate(names)):
                values.add(trial[name])
                if len(values) > 1:
                    return values
    return values


def one_row(parts):
    names = tuple(f"part {n}" for n in range(len(parts)))
    values = dict(zip(names, parts, strict=True)) | {"total": sum(parts)}
    return LinkedCounts(values, [Sum("total", names)], {"total": 10})


def crossed(cells, width):
    """A table of rows and columns with totals on both sides, as counts."""
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    values, sums = {}, []
    for r, row in enumerate(rows):
        values |= {f"{r},{c}": value for c, value in enumerate(row)}
        sums.append(Sum(f"row {r}", tuple(f"{r},{c}" for c in range(width))))
    sums += [Sum(f"column {c}", tuple(f"{r},{c}" for r in range(len(rows)))) for c in range(width)]
    for entry in sums:
        values[entry.total] = sum(values[part] for part in entry.parts)
    sums.append(Sum("all", tuple(f"row {r}" for r in range(len(rows)))))
    sums.append(Sum("all", tuple(f"column {c}" for c in range(width))))
    values["all"] = sum(cells)
    return LinkedCounts(values, sums, {"all": 100})


def assert_hidden(counts, found=possible):
    marks = suppress(counts)
    for name, value in counts.values.items():
        if 0 < value < 5:
            assert marks[name] != "shown", name
            assert len(found(counts, marks, name)) > 1, (name, value, dict(counts.values), marks)
        if marks[name] == "secondary":
            assert value >= 5
    return marks


@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
@settings(max_examples=150)
def test_a_row_of_counts_cannot_be_undone(parts):
    assert_hidden(one_row(parts))


@given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
@settings(max_examples=80)
def test_a_table_with_totals_on_both_sides_cannot_be_undone(cells):
    assert_hidden(crossed(cells, 2), extremes)


@given(st.integers(2, 3), st.lists(st.integers(0, 30), min_size=9, max_size=9))
@settings(max_examples=60)
def test_larger_tables_cannot_be_undone(width, cells):
    assert_hidden(crossed(cells[: 3 * width], width), extremes)


def extremes(counts, marks, name):
    """The smallest and the largest value that fits, by linear programming over whole numbers."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = list(counts.values)
    bounds = {"primary": (1, 4), "secondary": (5, 10_000), "withheld": (0, 10_000)}
    known = {cell: (value, value) for cell, value in counts.values.items()}
    low, high = zip(*(bounds.get(marks[cell], known[cell]) for cell in names), strict=True)
    matrix = np.zeros((len(counts.sums), len(names)))
    for row, entry in enumerate(counts.sums):
        matrix[row, names.index(entry.total)] = -1
        for part in entry.parts:
            matrix[row, names.index(part)] = 1
    goal = np.array([float(cell == name) for cell in names])
    ends = set()
    for sign in (1, -1):
        result = milp(
            sign * goal,
            integrality=np.ones(len(names)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, 0, 0),
        )
        ends.add(round(float(result.x[names.index(name)])))
    return ends


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ((20, 30), 0),
        ((20, 0), 0),
        ((3, 20, 30), 2),
        ((3, 20, 0), 2),
        ((3, 2, 40), 2),
        ((3, 3, 40), 3),
        ((4, 1), 2),
    ],
)
def test_no_more_is_hidden_than_needed(parts, hidden):
    marks = suppress(one_row(parts))
    assert sum(mark != "shown" for mark in marks.values()) == hidden
    assert marks["total"] == "shown"  # what would be missed most stays


def test_where_the_marks_alone_tell_everything_is_withheld():
    marks = suppress(one_row([1, 1, 1, 1]))  # "<5" four times and "<5" in all: each must be 1
    assert set(marks.values()) == {"withheld"}


def test_hiding_only_the_small_counts_would_not_do():
    """The test's own search can tell: without secondary hiding the count is found."""
    counts = one_row([3, 20])
    naive = {"part 0": "primary", "part 1": "shown", "total": "shown"}
    assert possible(counts, naive, "part 0") == {3}
    assert extremes(counts, naive, "part 0") == {3}


def test_the_whole_report_cannot_be_undone(cli: Cli, folder: Path):
    """Every small count of a real log, against everything that the report shows of it."""
    from clinicreport.books.share.shared_counts import tally
    from clinicreport.path import report
    from clinicreport.settings.request import make_request

    result = report([planted_log(folder)], make_request(today="2026-11-24")).analysis
    counts = tally(result).counts
    marks = suppress(counts)
    assert marks["evaluable"] == "shown"  # the headline survives
    summed = {cell for entry in counts.sums for cell in entry.cells}
    hidden = [name for name, value in counts.values.items() if 0 < value < 5]
    assert hidden
    for name in hidden:
        assert marks[name] != "shown"
        if name in summed:
            assert len(extremes(counts, marks, name)) > 1, name


def test_moderate_events_are_no_moderate_responses(folder: Path):
    """Ten patients respond moderately (8 to 5); six sessions have an event of moderate severity."""
    from clinicreport.books.share.shared_counts import graded, tally
    from clinicreport.path import report
    from clinicreport.settings.request import make_request

    lines = ["Patient ID,Date,NRS before,Adverse event,Event severity"]
    for n in range(10):
        lines.append(f"P{n},2026-09-01,8,{'rash,moderate' if n < 6 else 'none,'}")
        lines.append(f"P{n},2026-09-11,5,none,")
    (folder / "log.csv").write_text("\n".join(lines), encoding="utf-8")
    analysis = report([folder / "log.csv"], make_request(today="2026-11-24")).analysis
    assert analysis.clinic.adverse_events.by_severity["moderate"] == 6
    values = tally(analysis).values
    assert (values["moderate"], values[graded("moderate")]) == (10, 6)
