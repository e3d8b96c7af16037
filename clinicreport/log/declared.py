"""Declared readings: what a sheet cannot say by itself, and the clinic says once.

``[reading]`` in ``clinic.toml``. Undeclared, none of it is ever assumed.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, ConfigDict, Field, field_validator

from clinicreport.ground.strict_toml import SettingsTable, meant
from clinicreport.log.cells import VISIT_TYPES, Words, reader
from clinicreport.log.exact import fraction
from clinicreport.log.fields import SCORES, SESSION_FIELDS

_ENDS = r"\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(-?\d+(?:\.\d+)?)\s*"


class Scale(NamedTuple):
    """A scale from no pain to the worst: ``0-100``, ``1-5``, or ``10-0`` where 10 is no pain."""

    none: float
    worst: float
    percent: bool = False  # 80 %, "80%" and 80 are all 8

    def score(self, value: float) -> Fraction:
        """A value as points from 0 to 10, exactly; outside them where it is not on the scale."""
        none, worst = fraction(self.none), fraction(self.worst)
        return 10 * (fraction(value) - none) / (worst - none)


def scale(text: str) -> Scale:
    """A scale from its words in ``clinic.toml``. Raises ValueError for anything else."""
    if text.strip() == "percent":
        return Scale(0.0, 100.0, percent=True)
    found = re.fullmatch(_ENDS, text)
    if not found or float(found[1]) == float(found[2]):
        raise ValueError(
            f'"{text}" is no scale; write its ends as "0-100" (no pain first, "10-0" where 10 is '
            'no pain), or "percent"'
        )
    return Scale(float(found[1]), float(found[2]))


def _scale_text(text: str) -> str:
    scale(text)
    return text


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("a heading, a sheet or a word may not be empty")
    return text


_USABLE = ("score-out-of-range", "score-decimal")  # a score of a declared scale


def _kind(name: str) -> str:
    """What a field's value has to be, in words."""
    kind = SESSION_FIELDS[name].kind
    return "yes or no" if kind == "yes_no" else "a number" if kind != "time" else "a time of day"


ScaleText = Annotated[str, AfterValidator(_scale_text)]
Text = Annotated[str, AfterValidator(_words)]


class Split(SettingsTable):
    """One cell that holds before and after, and what stands between them."""

    column: Text
    by: Annotated[str, Field(min_length=1)]


class Declared(SettingsTable):
    """The readings that a clinic has declared."""

    model_config = ConfigDict(strict=True)

    scale: dict[str, ScaleText] = {}  # score field -> "0-100", "10-0", "percent"
    fill_down: list[str] = []  # fields whose blank cells take the value above
    split: Split | None = None
    rows: Literal["before-and-after"] | None = None
    patient_from: Annotated[list[Text], Field(min_length=1)] | Literal["row"] | None = None
    date_from: Annotated[list[Text], Field(min_length=3, max_length=3)] | None = None
    visits: dict[Text, int] = {}  # a visit's name -> days after the start date
    values: dict[str, dict[Text, str]] = {}  # field -> the clinic's word -> the value
    swapped_dates: bool | None = None
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    two_sessions_a_day: bool = False
    ignore: list[Text] = []  # sheets that are no logs

    @property
    def headings(self) -> dict[str, list[str]]:
        """Field -> the headings that these readings name: as good as the clinic's own aliases."""
        named: dict[str, list[str]] = {}
        if self.patient_from and self.patient_from != "row":
            named["patient_id"] = [self.patient_from[0]]
        if self.split:
            named["nrs_before"] = [self.split.column]
        return named

    @field_validator("scale")
    @classmethod
    def _score_fields(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            if name not in SCORES:
                raise ValueError(f'"{name}" is no score; the scores are {" and ".join(SCORES)}')
        return value

    @field_validator("fill_down")
    @classmethod
    def _fields_of_a_log(cls, value: list[str]) -> list[str]:
        for name in value:
            if name in SCORES:
                raise ValueError(f"{name} cannot be filled down: a score that was not taken")
            _known(name)
        return value

    @field_validator("values")
    @classmethod
    def _values_of_fields(cls, value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for name, words in value.items():
            _known(name)
            for word, said in words.items():
                if name == "visit_type" and said not in VISIT_TYPES:
                    kinds = ", ".join(VISIT_TYPES)
                    raise ValueError(f'{name}: "{word}" cannot mean "{said}"; write one of {kinds}')
                field_ = SESSION_FIELDS[name]
                read = None if field_.kind == "date" else reader(field_)(said, Words())
                if read and read.rule and read.rule not in _USABLE:
                    raise ValueError(f'{name}: "{word}" cannot mean "{said}"; write {_kind(name)}')
        return value


def _known(name: str) -> None:
    """Raises ValueError where the name is no field of the log."""
    if name not in SESSION_FIELDS:
        raise ValueError(f'"{name}" is no field{meant(name, SESSION_FIELDS)}')
