"""A figure is rounded in one way, wherever it is shown; and no other place rounds one."""

import ast
import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import Cli

from clinicreport.books.report import patient_formulas
from clinicreport.ground import rounding
from clinicreport.mail.headline import bars, figure_rows
from clinicreport.workbook.percents import Percents

PACKAGE = Path(rounding.__file__).parents[1]


# ------------------------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (2.25, 1, "2.3"),
        (2.35, 1, "2.4"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (-2.25, 1, "-2.3"),
        (-0.04, 1, "0.0"),
        (0.1 + 0.2, 1, "0.3"),
        (28.749999999999996, 1, "28.8"),
        (1e-9, 1, "0.0"),
    ],
)
def test_halves_go_away_from_zero(number: float, digits: int, text: str) -> None:
    assert rounding.fixed(number, digits) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1 / 16, "6.3 %"),
        (69 / 240, "28.8 %"),
        (0.3, "30.0 %"),
        (0.2997, "29.97 %"),
        (0.29996, "29.996 %"),
        (0.296, "29.6 %"),
        (0.4996, "49.96 %"),
        (0.5, "50.0 %"),
        (0, "0.0 %"),
        (1, "100.0 %"),
        (0.29999999999999, "30.0 %"),
        (0.3001, "30.0 %"),
    ],
)
def test_a_share_stays_on_its_side_of_a_threshold(share: float, text: str) -> None:
    assert rounding.share(share) == text
    assert rounding.percent(Decimal(repr(share)) * 100) == text
    assert f"{rounding.bare_share(share)} %" == text
    assert 100 * rounding.shown_share(share) == pytest.approx(float(text.removesuffix(" %")))


def test_numbers_as_written_are_not_rounded() -> None:
    assert [rounding.written(n) for n in (12.0, 1234567.5, 0.1 + 0.2, -0.0)] == [
        "12",
        "1234567.5",
        "0.3",
        "0",
    ]


def test_other_kinds() -> None:
    assert rounding.points(-0.25) == "−0.3"
    assert rounding.ratio(0.845) == "0.85"
    assert rounding.per_100(0.125) == "0.13"
    assert rounding.file_size(2_250_000_000) == "2.3 GB"
    assert rounding.percent_over(5.04, 5) == "5.04 %"


# ------------------------------------------------------------------- one figure, every channel


def log(pairs: list[tuple[float, float]]) -> str:
    """A log of one patient a pair: score on the first day, score two days later."""
    rows = [
        f"P-{at:03},2026-09-0{day},{score},12,chronic low back pain,none"
        for at, pair in enumerate(pairs)
        for day, score in zip((1, 3), pair, strict=True)
    ]
    return "Patient ID,Date,NRS before,Minutes,Condition,Adverse event\n" + "\n".join(rows) + "\n"


def shown(cell: Any) -> str:
    """A cell as a spreadsheet shows it: the text, or the number in its format."""
    value, code = cell.value, cell.number_format.removesuffix("_)")
    if isinstance(value, str):
        return value
    exact = Decimal(f"{value:.15g}") * (100 if code.endswith('" "%') else 1)
    digits = len(re.match(r"0\.(0+)", code)[1])  # type: ignore[index]
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + (
        " %" if "%" in code else ""
    )


def named(book: Any, name: str) -> str:
    sheet, cell = next(iter(book.defined_names[name].destinations))
    return shown(book[sheet][cell])


def everywhere(cli: Cli, folder: Path, pairs: list[tuple[float, float]]) -> Any:
    """The screen, the JSON, the report and the mail's figures of a log."""
    (folder / "log.csv").write_text(log(pairs), encoding="utf-8")
    screen = cli("report", "log.csv", "-o", "r.xlsx").output
    clinic = json.loads(cli("report", "log.csv", "-o", "j.xlsx", "--json").stdout)["clinic"]
    mail = dict(figure_rows(clinic | {"findings": {}, "completeness": None}))
    return screen, openpyxl.load_workbook(folder / "r.xlsx", data_only=True), mail, clinic


def texts(book: Any) -> str:
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def headline(book: Any, label: str, below: int = 1) -> Any:
    """The cell below the label of a card of the first page."""
    cells = (cell for row in book["Summary"].iter_rows() for cell in row)
    (found,) = (cell for cell in cells if cell.value == label)
    return found.offset(below, 0)


@pytest.mark.parametrize(
    ("hits", "total", "text"), [(1, 16, "6.3 %"), (69, 240, "28.8 %"), (9, 16, "56.3 %")]
)
def test_a_share_is_one_figure(hits: int, total: int, text: str, cli: Cli, folder: Path) -> None:
    pairs = [(8, 5) if at < hits else (8, 8) for at in range(total)]
    screen, book, mail, clinic = everywhere(cli, folder, pairs)
    assert f"{hits} of {total} evaluable = {text} " in screen
    assert shown(headline(book, "At least 30 % less pain")) == text
    assert named(book, "responder_30_observed") == text
    assert f"({text}; 95 %" in mail["Pain down by 30 % or more"]
    assert clinic["responder_30"]["observed"] == hits / total
    (folder / "logs").mkdir()
    (folder / "log.csv").rename(folder / "logs" / "log.csv")
    network = cli("network", "logs", "-o", "n.xlsx").output
    assert f"= {text} (" in network
    shared = cli("report", "logs", "--share", "-o", "s.xlsx")
    assert shared.exit_code == 0
    if hits >= 5:
        assert text in texts(openpyxl.load_workbook(folder / "s.xlsx"))


def test_a_mean_is_one_figure(cli: Cli, folder: Path) -> None:
    pairs: list[tuple[float, float]] = [(8, 6), (8, 6), (8, 6), (8, 5)]  # 2.25 points less
    screen, book, mail, clinic = everywhere(cli, folder, pairs)
    assert clinic["mean_reduction"] == 2.25
    assert "reduction 2.3 (" in screen
    assert named(book, "mean_reduction") == "2.3"
    assert "down 2.3 points" in headline(book, "Pain, start → end", 2).value
    assert "(reduction 2.3," in mail["Mean pain score (0 to 10)"]
    assert "5.8 latest" in mail["Mean pain score (0 to 10)"]
    (_, _, drawn), *_ = bars(clinic)
    assert [text for _, _, text in drawn] == ["8.0", "5.8"]
    headings = {cell.value: cell for row in book["Charts"].iter_rows() for cell in row}
    mean = headings["Counted"].offset(1, 2)
    assert shown(mean) == "2.3"
    assert "8.0 to 5.8: 2.3 points" in texts(book)


def test_a_percentage_is_one_figure_and_never_crosses(cli: Cli, folder: Path) -> None:
    screen, book, *_ = everywhere(cli, folder, [(9.99, 6.996)])  # 29.97 % less
    assert "0 of 1 evaluable = 0.0 %" in screen
    assert named(book, "median_percent_reduction") == "29.97 %"
    assert named(book, "ratio_of_means") == "29.97 %"
    assert "29.97 % less pain (under 30 %)" in texts(book)
    cli("patient", "P-000", "log.csv", "-o", "p.xlsx")
    assert "29.97 % less" in texts(openpyxl.load_workbook(folder / "p.xlsx"))


def test_a_patients_percentage_has_the_decimals_of_the_clinics(cli: Cli, folder: Path) -> None:
    _, book, *_ = everywhere(cli, folder, [(7, 3)])
    cli("patient", "P-000", "log.csv", "-o", "p.xlsx")
    for found in (book, openpyxl.load_workbook(folder / "p.xlsx")):
        assert "57.1 % less" in texts(found)


def test_a_share_shows_alike_where_a_program_multiplies_in_binary() -> None:
    kind = Percents('0.0" "%')
    for hits in range(241):
        share = kind.steady(hits / 240)
        product = Decimal(100 * float(f"{share:.16G}"))  # as the file has it
        there = str(product.quantize(Decimal("0.1"), ROUND_HALF_UP))
        assert f"{there} %" == rounding.share(hits / 240)
        assert f"{share:.15g}" == f"{hits / 240:.15g}"


def test_the_formula_of_a_text_shows_what_the_text_says() -> None:
    """The workbook's own words: the decimals it looks up, for values on both sides of each step."""
    formula = patient_formulas.shown_percent("A1")
    steps, digits = (
        [Decimal(part) for part in found.split(",")] for found in re.findall(r"{(.*?)}", formula)
    )
    assert steps == sorted(steps)
    near = Decimal("1e-9")
    values = [step + more for step in steps for more in (-near, 0, near)]
    for value in [*values, Decimal("12.34"), Decimal(-30), Decimal(100)]:
        looked_up = max((at for at, step in enumerate(steps) if step <= value), default=0)
        assert rounding.percent_digits(value) == digits[looked_up], value


# ------------------------------------------------------------------------ no other place rounds

# What only computes, draws or writes a file: pixels, noise of floats, whole numbers of patients.
COMPUTES = {
    "log/exact.py": {"value:.{}g"},
    "log/rescaled.py": {"100 * value.number:.12g"},
    "reading/cellstyle.py": {"round((size - whole) * below)"},
    "reading/spreadsheet.py": {"number:.15g"},
    "mail/body.py": {"round(WIDTH * min(1.0, max(0.0, share)))"},
    "folder/foreign_report.py": {"round(share * evaluable)"},
    "editing/marked_styles.py": {"round(share * a + (1 - share) * b)"},
    "editing/to_fix_sheet.py": {"min(height, 400):g"},
    "outcomes/network/funnel.py": {"np.round(np.geomspace(FEWEST, last, POINTS))"},
    "books/patient/score_tables.py": {"round(start * f, 9)"},
    "books/protocol_page/protocol_workbook.py": {"math.ceil(len(part) / (width * 1.1))"},
    "books/share/differencing.py": {"np.rint(best.x[many:])"},
    "books/report/edited_mark.py": {"made:.15g", "value:g"},
    "books/report/panels/curves.py": {
        "round(float(patient.course['percent_reduction']), 9)",
        "round(value, 9)",
    },
    "books/report/panels/distribution.py": {"round(patient.course['percent_reduction'], 9)"},
    "workbook/percents.py": {"held:.15g", "100 * held:.{}f"},
    "workbook/row_blocks.py": {"info.height * 0.75:.16g", "number:.16G"},
    "books/report/sheets/patients_sheet.py": {
        "round(float(patient.course['adherence'] or 0) * int(patient.course['weeks_judged']))"
    },
    "books/restatement.py": {"round((entry['responder_30'] or 0) * entry['n'])"},
    "books/share/suppression.py": {"np.rint(result.x[:size] - result.x[size:])"},
}
NUMERIC = re.compile(r"[^%]*(?:\.\{?\d*\}?[fFeEgGn%]|[fFeEgGn%])")
ROUNDS = {"round", "around", "rint", "floor", "ceil", "trunc", "quantize", "format"}
OLD_STYLE = re.compile(r"%[-+ #0]*\d*\.\d+[fFeEgG]|\{\w*:[^{}]*\.\d+[fFeEgG%]\}")


def roundings(source: str) -> list[str]:
    """Each place in a module that rounds a number, as Python writes it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}"
                for part in node.format_spec.values
            )
            if NUMERIC.fullmatch(spec):
                found.append(f"{ast.unparse(node.value)}:{spec}")
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            text = isinstance(node.func, ast.Attribute) and name == "format"  # of a text
            if name in ROUNDS and not text:
                found.append(ast.unparse(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += OLD_STYLE.findall(node.value)
    return found


def test_the_walk_sees_a_rounding() -> None:
    source = 'f"{x:.1f} {y:g} {z:.0%} {n:,} {d:%B %Y} {t:<8} {w:.{digits}f}"; round(a); "%.2f" % b'
    assert sorted(roundings(source)) == ["%.2f", "round(a)", "w:.{}f", "x:.1f", "y:g", "z:.0%"]


def test_only_the_words_round() -> None:
    stray = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name != "ground/rounding.py":
            found = set(roundings(path.read_text(encoding="utf-8"))) - COMPUTES.get(name, set())
            if found:
                stray[name] = sorted(found)
    assert not stray, "clinicreport/ground/rounding.py turns numbers into shown figures"
