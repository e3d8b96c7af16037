"""Why a table's file counts as not read, and which line of ``clinic.toml`` would help."""

from __future__ import annotations

from clinicreport.log.fields import SESSION_FIELDS
from clinicreport.log.layout import LogTable, row_of
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


def lines_for(table: LogTable, name: str) -> str:
    """What to write in clinic.toml about a needed column that is not there."""
    return patient_from_line(row_of(table.sheet, table.heading_row)) if name == "patient_id" else ""


def why_not_read(table: LogTable) -> str:
    """Why a table's file counts as not read."""
    lacking = lacking_columns(table)
    if not lacking:
        return next(in_words(table, o) for o in table.other_scales if o.field in table.missing)
    labels = ", ".join(SESSION_FIELDS[name].label for name in lacking)
    more = "".join(dict.fromkeys(lines_for(table, name) for name in lacking))
    return f"{table.sheet.name or 'the file'} has no column for {labels}.{more}".removesuffix(".")
