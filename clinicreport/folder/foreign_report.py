"""Which report a file is: one of the folder's own, or one that ``clinicreport report`` wrote
elsewhere. Of the latter the gate reads the sheet Findings, as the report itself carries it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from clinicreport.folder.ledger_rows import ErrorFinding, NewReport, ReportRow
from clinicreport.folder.open_folder import OpenFolder
from clinicreport.folder.whole_files import sha256_of
from clinicreport.ground.errors import UsageError

_RATES = {"responder_30": "responder_30_observed", "responder_50": "responder_50_observed"}


def report_row(clinic: OpenFolder, path: Path) -> ReportRow:
    """The ledger's row of a report, made where it comes from elsewhere. Raises UsageError."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such report")
    sha256 = sha256_of(path)
    return clinic.ledger.report_with_content(sha256) or _adopted(clinic, path.resolve(), sha256)


def _adopted(clinic: OpenFolder, path: Path, sha256: str) -> ReportRow:
    day, figures, errors = _read(path)
    figures |= {
        "clinic": clinic.request.config.name,
        "as_of": day,
        "caveat": clinic.request.protocol.caveat,
    }
    name = f"all visits up to {day}"
    with clinic.ledger.change() as change:
        last = clinic.ledger.last_report(name)
        version = last.version + 1 if last else 1
        report = NewReport(
            month=name, version=version, sha256=sha256, path=str(path), figures=figures
        )
        number = change.adopt_report(report, errors)
        change.note("adopted", f"{path.name}: a report made outside the folder")
    row = clinic.ledger.report(number)
    assert row is not None
    return row


def _read(path: Path) -> tuple[str, dict[str, Any], list[ErrorFinding]]:
    """As-of day, headline figures and error findings of a report that clinicreport wrote."""
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl speaks of parts that are not looked at
            book = load_workbook(path, data_only=True)
        rows = list(book["Findings"].iter_rows(values_only=True))
        figures = _figures(book)
        day = book.properties.created.date().isoformat()
    except Exception as error:
        raise UsageError(
            f"{path.name} is not a report of clinicreport (or was changed): only such a report, "
            "whose findings are known, can be mailed"
        ) from error
    return day, figures, _errors(rows)


def _errors(rows: list[tuple[Any, ...]]) -> list[ErrorFinding]:
    """The errors of the sheet Findings; its columns are found by their headings."""
    head: dict[str, int] = {}
    found = []
    for row in rows:
        texts = ["" if cell is None else str(cell) for cell in row]
        if "Severity" in texts and "Rule" in texts:
            head = {name: at for at, name in enumerate(texts) if name}
        elif head and "error" in texts[head["Severity"]]:
            place = " ".join(texts[head[name]] for name in ("File", "Sheet", "Cell"))
            patient = re.sub(r"^–$", "", texts[head["Patient"]])
            found.append(
                ErrorFinding(texts[head["Rule"]], patient, "", place, texts[head["Message"]])
            )
    return found


def _figures(book: Any) -> dict[str, Any]:
    """The headline figures from the workbook's named cells."""

    def value(name: str) -> Any:
        if name not in book.defined_names:
            return None
        sheet, cell = next(iter(book.defined_names[name].destinations))
        found = book[sheet][cell].value
        return found if isinstance(found, int | float) else None

    evaluable = value("evaluable") or 0
    figures: dict[str, Any] = {
        "started": value("started") or 0,
        "evaluable": evaluable,
        "mean_baseline": value("mean_baseline"),
        "mean_latest": value("mean_latest"),
        "mean_reduction": value("mean_reduction"),
        "adherence": value("adherence"),
        "completeness": value("scored_share"),
    }
    ends = value("mean_reduction_low"), value("mean_reduction_high")
    figures["mean_reduction_ci"] = ends if None not in ends else None
    for name, cell in _RATES.items():
        share = value(cell)
        if share is not None:
            figures[name] = {
                "count": round(share * evaluable),
                "observed": share,
                "observed_ci": [value(f"{cell}_low"), value(f"{cell}_high")],
            }
    if figures["mean_baseline"] is None or figures["mean_latest"] is None:
        figures["evaluable"] = 0
    return figures
