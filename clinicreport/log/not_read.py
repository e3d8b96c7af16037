"""What is said of score columns on another scale, and of names in two columns."""

from __future__ import annotations

from clinicreport.log.heading_rows import row_of
from clinicreport.log.layout import LogTable
from clinicreport.log.other_scale import heading_of, in_words, lacking_columns, spot
from clinicreport.log.session_log import Log, Reading
from clinicreport.log.table_findings import add_finding
from clinicreport.log.to_declare import patient_from_line


def report_other_scales(tables: list[LogTable], reading: Reading, log: Log) -> None:
    """One finding a column that is on another scale."""
    for table in tables:
        for other in table.other_scales:
            heading = heading_of(table, other.column)
            finding = reading.reporter.finding(
                "other-scale", spot(table, other), str(heading), detail=other.why, limit=other.line
            )
            add_finding(log, finding)


def declared_line(table: LogTable, name: str) -> str:
    """What to write in clinic.toml under [reading] about a needed column that is not there."""
    return patient_from_line(row_of(table.sheet, table.heading_row)) if name == "patient_id" else ""


def scale_reason(table: LogTable) -> str:
    """Why a table's file counts as not read, where nothing but scores from 0 to 10 is lacking."""
    if lacking_columns(table):
        return ""
    return next(in_words(table, o) for o in table.other_scales if o.field in table.missing)
