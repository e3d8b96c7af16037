"""The intervals of the headline figures as formulas, with the values they give."""

from __future__ import annotations

from collections.abc import Sequence

from clinicreport.outcomes.intervals import CHANGE_FROM, CHANGE_Z
from clinicreport.workbook.page import Cell, Formula
from clinicreport.workbook.words import ALIKE, too_few

CellInterval = tuple[Cell, Cell]
NO_SPREAD = "no spread of scores"


def few() -> str:
    return '"too few (n = "&evaluable&")"'


def t_interval(interval: tuple[float, float] | None, n: int) -> CellInterval | None:
    """The 95 % t interval of the mean reduction; none for n < 2 or where all are equal."""
    if not n:
        return None
    points = 'IF(patients[Evaluable]="yes",patients[Reduction])'
    half = f"TINV(0.05,evaluable-1)*STDEV({points})/SQRT(evaluable)"
    instead = too_few(n) if n < 2 else ALIKE
    ends: Sequence[str | float] = interval or (instead, instead)
    low, high = (
        Formula(
            f'=IF(evaluable<2,{few()},IF(MAX({points})=MIN({points}),"{ALIKE}",'
            f"mean_reduction{sign}{half}))",
            end,
            array=True,
        )
        for sign, end in zip("-+", ends, strict=True)
    )
    return low, high


def median_interval(interval: tuple[float, float] | None, n: int) -> CellInterval | None:
    """The interval of the median: two of the patients' own percentages."""
    if not n:
        return None
    rank = "CRITBINOM(evaluable,0.5,0.025)"
    ends: Sequence[str | float] = interval or [too_few(n)] * 2
    low, high = (
        Formula(f"=IF(evaluable<6,{few()},{take}(patients[Percent],{rank}))", end)
        for take, end in zip(("SMALL", "LARGE"), ends, strict=True)
    )
    return low, high


def change_interval(interval: tuple[float, float] | None, n: int) -> CellInterval | None:
    """The interval of the standardised mean change; the correlation of the two scores follows from
    their variances and that of their difference."""
    if not n:
        return None
    first, last, change = (
        f'VAR(IF(patients[Evaluable]="yes",patients[{name}]))'
        for name in ("Baseline", "Latest", "Reduction")
    )
    r = f"({first}+{last}-{change})/(2*SQRT({first}*{last}))"
    d = "standardised_mean_change"
    half = f"{CHANGE_Z}*SQRT(MAX(0,2*(1-{r})/evaluable)+{d}^2/(2*evaluable))"
    instead = too_few(n) if n < CHANGE_FROM else NO_SPREAD
    ends: Sequence[str | float] = interval or (instead, instead)
    low, high = (
        Formula(
            f'=IF(evaluable<{CHANGE_FROM},{few()},IF({first}*{last}=0,"{NO_SPREAD}",{d}{sign}{half}))',
            end,
            array=True,
        )
        for sign, end in zip("-+", ends, strict=True)
    )
    return low, high


def wilson(
    rate: str, total: str, interval: tuple[float, float] | None, n: int
) -> CellInterval | None:
    """The 95 % Wilson interval of a share."""
    if not n or interval is None:
        return None
    z = "NORMSINV(0.975)"
    centre = f"({rate}+{z}^2/(2*{total}))"
    half = f"{z}*SQRT({rate}*(1-{rate})/{total}+{z}^2/(4*{total}^2))"
    scale = f"(1+{z}^2/{total})"
    return (
        Formula(f"=IF(ISNUMBER({rate}),MAX(0,({centre}-{half})/{scale}),{rate})", interval[0]),
        Formula(f"=IF(ISNUMBER({rate}),MIN(1,({centre}+{half})/{scale}),{rate})", interval[1]),
    )
