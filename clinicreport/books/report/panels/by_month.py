"""Month by month: what each month's own report said, with limits and signals."""

from __future__ import annotations

from clinicreport.books.report.panels import AXIS, numbers
from clinicreport.books.report.report_book import ReportBook
from clinicreport.outcomes.figures import TrendLimits
from clinicreport.outcomes.trend import JUDGED_FROM, LIMITS_FROM
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.words import count, day, month

SAY = (
    "Each month's value is what that month's own report says, from the logs as they are"
    " now; a patient who comes in two months counts in both. Hollow: under"
    f" {JUDGED_FROM} patients; such a month is not judged. A gap: nobody was evaluable."
)
WITH_LIMITS = (
    " Within the limits months differ by chance alone. Signals: a month beyond them; 7 on one side"
    " of the mean; 7 rising or falling; 2 of 3 between two thirds of the way and a limit."
)
INSTEAD = "Not known: it takes two months with scores."
LIMITS = ("Mean", "Lower limit", "Upper limit")
HELPERS = (AXIS, "Judged", "Few", "Signal at", "Change at")


def say(book: ReportBook) -> str:
    """What to know when looking at it."""
    if book.analysis.clinic.trend_limits:
        return SAY + WITH_LIMITS
    return f"{SAY} Limits need {LIMITS_FROM} months that are judged; there are fewer."


def wanted(book: ReportBook) -> bool:
    """Two months with a value."""
    return sum(entry.n > 0 for entry in book.analysis.clinic.trend) > 1


def panel(book: ReportBook, page: Page, row: int) -> None:
    """The table ``months``."""
    numbers(book, page, row, "months", columns(book), rows(book), HELPERS)


def columns(book: ReportBook) -> list[tuple[str, str]]:
    """Headings and styles of the table."""
    shown = [
        ("Month", "cell_strong"),
        ("Patients", "cell_count"),
        ("Mean reduction", "cell_mean"),
        ("30 % less", "cell_share"),
    ]
    if book.analysis.clinic.trend_limits:
        shown += [(heading, "cell_mean") for heading in LIMITS]
    shown += [("Signal", "cell")]
    shown += [("Changed", "cell")] if book.analysis.changes else []
    return shown


def rows(book: ReportBook) -> list[dict[str, Cell]]:
    """A row a month, with what only the chart needs."""
    clinic = book.analysis.clinic
    changed = _changed(book)
    top = max(
        [entry.mean_reduction for entry in clinic.trend if entry.mean_reduction is not None]
        + [each.high for each in clinic.trend_limits],
        default=1.0,
    )
    found: list[dict[str, Cell]] = []
    for entry in clinic.trend:
        mean, judged = entry.mean_reduction, entry.n >= JUDGED_FROM
        row: dict[str, Cell] = {
            "Month": month(entry.month),
            AXIS: f"{month(entry.month)}\nn = {entry.n}",
            "Patients": entry.n,
            "Mean reduction": mean,
            "30 % less": entry.responder_30,
            "Signal": entry.signal or ("none" if judged else "not judged"),
            "Judged": mean if judged else None,
            "Few": None if judged else mean,
            "Signal at": mean if entry.signal else None,
        }
        if entry.month in changed:
            row |= {"Changed": changed[entry.month], "Change at": max(top, 1.0)}
        found.append(row | _limits(clinic.trend_limits, entry.month))
    return found


def _limits(limits: tuple[TrendLimits, ...], name: str) -> dict[str, Cell]:
    """The limits that hold in a month."""
    for each in limits:
        if each.first <= name <= each.last:
            return dict(zip(LIMITS, (each.mean, each.low, each.high), strict=True))
    return {}


def _changed(book: ReportBook) -> dict[str, str]:
    """Month -> what the clinic changed in it, each with its day."""
    told: dict[str, str] = {}
    for change in book.analysis.changes:
        name, words = f"{change.day:%Y-%m}", f"{day(change.day)}: {change.words}"
        told[name] = f"{told[name]}; {words}" if name in told else words
    return told


def chart(book: ReportBook) -> Chart:
    """The months with their limits; few patients hollow, signals and changes marked."""
    made = book.chart(title(book), "line")
    table, helper = book.tables["months"], book.tables["months_chart"]
    months = helper.ref(AXIS)
    drawn = 0
    if book.analysis.clinic.trend_limits:
        for name, style in zip(LIMITS, ("solid", "dash", "dash"), strict=True):
            line = {"color": made.colour("muted"), "width": 1.25, "dash_type": style}
            made.line(table, months, name, "muted", name.lower(), line=line)
        drawn = 3
    made.line(table, months, "Mean reduction", "primary", "mean reduction")
    made.points(helper, months, "Judged", "primary", "judged month", mark=("circle", 6))
    made.points(
        helper,
        months,
        "Few",
        "primary",
        f"under {JUDGED_FROM} patients",
        mark=("circle", 6),
        marker=made.pale_marker("primary"),
    )
    made.points(helper, months, "Signal at", "accent", "signal", mark=("square", 9))
    if book.analysis.changes:
        _lines_of_changes(book, made)
    made.x_axis()
    made.y_axis("points less pain")
    seen = {heading for row in rows(book) for heading, value in row.items() if value is not None}
    unseen = [at for at, heading in ((2, "Few"), (3, "Signal at")) if heading not in seen]
    made.legend(hide=[drawn + 1, *(drawn + at for at in unseen)])
    return made


def title(book: ReportBook) -> str:
    """What is seen."""
    signals = [entry for entry in book.analysis.clinic.trend if entry.signal]
    if not book.analysis.clinic.trend_limits:
        return "Mean reduction by month: too few months for limits"
    if not signals:
        return "Mean reduction by month: no signal"
    last = f"the last {month(signals[-1].month)}: {signals[-1].signal}"
    return f"Mean reduction by month: {count(len(signals), 'month')} with a signal, {last}"


def _lines_of_changes(book: ReportBook, made: Chart) -> None:
    """A line down from the top of the chart in each month with a change, with its words."""
    labels = [
        {"value": str(row["Changed"])} if row.get("Changed") else {"delete": True}
        for row in rows(book)
    ]
    made.points(
        book.tables["months_chart"],
        book.tables["months_chart"].ref(AXIS),
        "Change at",
        "muted",
        "something was changed",
        mark=("short_dash", 5),
        y_error_bars={
            "type": "percentage",
            "value": 100,
            "direction": "minus",
            "end_style": 0,
            "line": {"color": made.colour("muted"), "width": 1, "dash_type": "dash"},
        },
        data_labels={"value": True, "custom": labels, "position": "right", "font": made.font(8)},
    )
