"""Network: the headline figures and the funnel, on one page."""

from __future__ import annotations

from clinicreport.books.network.network_book import NetworkBook
from clinicreport.books.network.network_words import interval, share_interval
from clinicreport.books.network.points_sheet import NAMES, OUTCOMES, is_wide, judged, named
from clinicreport.ground.rounding import fixed, share
from clinicreport.outcomes.figures import Rate
from clinicreport.outcomes.network.network_result import Network
from clinicreport.workbook.cards import caveat_band
from clinicreport.workbook.chart import Chart
from clinicreport.workbook.page import Cell, Page
from clinicreport.workbook.table import Column, place
from clinicreport.workbook.words import count

WIDTHS = (40, 14, 20, 56)
SIZE = (915, 560)
CHART_ROWS = 29
SCORED = "baseline_and_latest"
ROW_HEIGHT = 18
LOOKS = {
    "Within": ("primary_mid", ("circle", 7)),
    "Outside 95 %": ("warning", ("diamond", 9)),
    "Outside 99.8 %": ("error", ("triangle", 10)),
}

Line = tuple[str, Cell, str, str, str]  # label, value, style, interval, out of whom


def write(book: NetworkBook) -> None:
    """The sheet; its table is ``network``."""
    page = book.page("Network")
    page.widths(WIDTHS)
    network = book.network
    row = page.head(book.title, [_covers(book)])
    row = caveat_band(page, row, [book.caveat], len(WIDTHS)) + 1
    if network.refused:
        page.put(
            row, 0, f"{count(len(network.refused), 'file')} could not be read: see Files.", "strong"
        )
        row += 2
    row = page.section(row, "All clinics together", len(WIDTHS))
    table = place(page, row, _columns(), _lines(network), "network", widths=False)
    for offset in range(table.rows):
        page.sheet.set_row(row + 1 + offset, ROW_HEIGHT)
    row = page.section(book.add(table).below + 1, "Clinic by clinic", len(WIDTHS))
    for line in _said(network):
        row = page.prose(row, line, sum(WIDTHS))
    if network.funnel:
        _funnel(book, page, row)
        row += CHART_ROWS
    page.sheet.print_area(0, 0, row, len(WIDTHS) - 1)
    book.print_setup(page, pages_high=1, landscape=False)


def _covers(book: NetworkBook) -> str:
    clinics = count(len(book.network.clinics), "clinic")
    text = f"{clinics}, {book.covers}"
    return text[0].upper() + text[1:] + ". Each clinic's figures are on sheet Clinics."


def _columns() -> list[Column[Line]]:
    return [
        Column("Figure", lambda line: line[0], "figure"),
        Column("Value", lambda line: line[1], lambda line: line[2]),
        Column("95 % interval", lambda line: line[3], "cell"),
        Column("Out of", lambda line: line[4], "cell"),
    ]


def _lines(network: Network) -> list[Line]:
    total = network.total
    evaluable = count(total.evaluable, "evaluable patient")
    started = count(total.started, "patient") + " who started"
    reduction, median = _or(total.mean_reduction), _or(total.median_percent_reduction)
    ends = interval(total.mean_reduction_ci)
    return [
        ("Started treatment", total.started, "figure_count", "", "patients of all clinics"),
        _rate("Pain down by 30 % or more", total.responder_30, evaluable),
        _rate("Pain down by 50 % or more", total.responder_50, evaluable),
        ("Mean reduction", reduction, "figure_points", ends, evaluable),
        ("Median of the patients' percentages", median, "figure_percent", "", evaluable),
        *(
            (label, _or(value), "figure_share", "", out_of)
            for label, value, out_of in (
                ("Scored at the start and later", total.completeness[SCORED], started),
                ("Followed up", total.followed_up, started),
                ("Weeks with the planned number of sessions", total.adherence, "full weeks"),
                ("Dropped out", total.dropout_rate, "courses that ended"),
            )
        ),
    ]


def _rate(label: str, rate: Rate, evaluable: str) -> Line:
    ends = share_interval(rate.observed_ci)
    return (label, _or(rate.observed), "figure_share", ends, f"{rate.count:,} of {evaluable}")


def _or(value: float | None) -> Cell:
    return "–" if value is None else value


def _verdicts(network: Network) -> tuple[list[str], int]:
    """The verdicts of the clinics that are judged, and how many lie outside the 95 % limits."""
    places = [clinic.verdict for clinic in network.clinics if clinic.verdict != "not judged"]
    return places, sum(place != "within" for place in places)


def _said(network: Network) -> list[str]:
    """The funnel in words, and why there is none."""
    if not network.funnel:
        return ["Fewer than two clinics have enough evaluable patients for a comparison."]
    places, outside = _verdicts(network)
    far = sum(place.endswith("99.8") for place in places)
    observed = network.total.responder_30.observed
    assert observed is not None  # clinics are judged
    rate = share(observed)
    lines = [
        f"Around the network's rate of {rate}, {outside} of {count(len(places), 'clinic')} judged"
        f" lie outside the 95 % limits, {far} of them outside the 99.8 % limits; chance alone puts"
        f" about {fixed(0.05 * len(places))} outside the 95 % limits. Sheet How to read says what"
        " to make of it."
    ]
    if network.phi is not None:
        lines.append(
            f"Overdispersion φ = {fixed(network.phi, 2)}"
            + (
                ": clinics vary by more than chance; limits widened by √φ are drawn thin beside them."
                if network.phi > 1
                else ": clinics vary no more than by chance."
            )
        )
    if network.not_judged:
        lines.append(f"Not judged, as too small: {count(network.not_judged, 'clinic')}.")
    return lines


def _funnel(book: NetworkBook, page: Page, row: int) -> None:
    """Clinics as points between the limits; shapes and dashes tell them apart without colour."""
    chart = book.chart(
        _seen(book.network),
        "scatter",
        "straight",
    )
    limits, points = book.tables["funnel_limits"], book.tables["funnel_points"]
    for heading, dash, name in (
        ("Network", "solid", "network's rate"),
        ("High 95 %", "dash", "95 % limits"),
        ("Low 95 %", "dash", "95 % limits, low"),
        ("High 99.8 %", "round_dot", "99.8 % limits"),
        ("Low 99.8 %", "round_dot", "99.8 % limits, low"),
    ):
        width = 1.5 if heading == "Network" else 1.25
        line = {"color": chart.colour("muted"), "width": width, "dash_type": dash}
        chart.line(limits, "Evaluable", heading, "muted", name, line=line)
    wide = _widened(book, chart)
    for heading in OUTCOMES:
        colour, mark = LOOKS[heading]
        chart.points(points, "Evaluable", heading, colour, heading.lower(), mark=mark)
    used = _names(book, chart)
    hidden = [2, 4, *([6, 8] if wide else [])]
    verdicts = {clinic.verdict for clinic in judged(book)}
    unseen = [at for at, kinds in enumerate(OUTCOMES.values()) if not verdicts & set(kinds)]
    first = 5 + wide
    hidden += [first + at for at in unseen]
    chart.legend(hide=[*hidden, *range(first + len(OUTCOMES), first + len(OUTCOMES) + used)])
    chart.x_axis("evaluable patients", min=0, label_position="low")
    chart.y_axis("share of evaluable patients", min=0, max=1, num_format="0 %", major_unit=0.2)
    chart.insert(page, row + 1, 0, _alt(book), SIZE)


def _seen(network: Network) -> str:
    """The chart's title: what is seen."""
    places, outside = _verdicts(network)
    told = f"{outside} of {count(len(places), 'clinic')}" if outside else "No clinic"
    return f"Pain down by 30 % or more: {told} outside the 95 % limits"


def _widened(book: NetworkBook, chart: Chart) -> int:
    """The limits with overdispersion, where there is any; how many lines they are."""
    if not is_wide(book):
        return 0
    for level, dash in (("95", "square_dot"), ("99.8", "long_dash_dot")):
        for side in ("High", "Low"):
            line = {"color": chart.colour("primary_mid"), "width": 0.75, "dash_type": dash}
            heading, low = f"{side} {level} %, widened", ", low" if side == "Low" else ""
            name = f"{level} % limits, widened{low}"
            chart.line(book.tables["funnel_limits"], "Evaluable", heading, "muted", name, line=line)
    return 4


def _names(book: NetworkBook, chart: Chart) -> int:
    """Name the clinics outside: a series without markers for each side; how many there are."""
    places, shown = named(book), judged(book)
    sides = [where for where in NAMES if where in places.values()]
    sizes = book.tables["funnel_points"].ref("Evaluable")
    for where in sides:
        labels = [
            {"value": f"{clinic.name}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"}
            if places.get(clinic.name) == where
            else {"delete": True}
            for clinic in shown
        ]
        chart.line(
            book.tables["funnel_names"],
            sizes,
            f"Name {where}",
            "ink",
            "",
            line={"none": True},
            data_labels={"value": True, "custom": labels, "position": where, "font": chart.font(9)},
        )
    return len(sides)


def _alt(book: NetworkBook) -> str:
    return (
        "Funnel plot: each clinic's responder rate over its number of evaluable patients, with the"
        f" network's rate and its limits. {_said(book.network)[0]}"
    )
