"""What a field is: all that one entry of :mod:`clinicreport.log.fields` tells."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "id",
    "label",
    "date",
    "score",
    "minutes",
    "number",
    "yes_no",
    "visit_type",
    "time",
    "text",
    "contraindications",
    "event",
    "medication",
    "given",
    "clearance",
    "severity",
    "relation",
    "name",
    "birth_date",
    "birth_year",
]
MEASURED = ("minutes", "number")
NUMERIC_KINDS = ("score", *MEASURED, "time")


class SessionsColumn(NamedTuple):
    """A field's column on the report's Sessions sheet, which is there where a log has the field.

    ``heading``: where it is not the field's own. ``printed``: among the columns that are printed.
    The columns stand by ``place``, those of one place as the fields do.
    """

    width: float = 12
    heading: str = ""
    printed: bool = False
    place: int = 0


class Field(NamedTuple):
    """One field. ``label`` is what people read, ``unit`` what a number is in (of ``UNITS``)."""

    name: str
    kind: Kind
    label: str
    unit: str = ""
    needed: bool = False
    bounds: tuple[float, float] = (0, 100_000)  # that the blank log takes; negative: read so too
    whole: bool = False  # a number without decimals
    each_visit: bool = False  # in a row a patient, one column of it belongs to no visit
    filled: str = ""  # how completeness names it; empty: it is not counted there
    kept: str = ""  # of a precaution: that it was taken, in words
    width: float = 12  # of the blank log's column, in characters
    daily: bool = False  # on the blank log's first page
    what: str = ""  # what to write, where its kind does not say it; may name {dose_tolerance}
    choices: tuple[str, ...] = ()  # of a drop-down that takes other words too
    sessions: SessionsColumn | None = SessionsColumn()  # None: it has no column of that kind

    @property
    def heading(self) -> str:
        """The label, with the unit of a number where the label does not say it."""
        said = self.kind not in MEASURED or self.unit in ("", *self.label.lower().split())
        return self.label if said else f"{self.label} ({self.unit})"

    @property
    def sessions_heading(self) -> str:
        """The heading on the report's Sessions sheet."""
        return (self.sessions.heading if self.sessions else "") or self.heading
