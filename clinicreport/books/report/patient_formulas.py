"""Excel formulas over the placed tables: how the workbook follows a corrected score.

Percentages are compared after ROUND(…, 9), so that 3.6 of 9.0 is 40 % and not a hair less.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from clinicreport.ground.rounding import MOST_DIGITS, PERCENT, POINTS, THRESHOLDS
from clinicreport.workbook.table import this_row

NOT_KNOWN = "not known"
NO_RELIEF = "no score after"
NOTHING = Decimal("0.5").scaleb(-PERCENT)  # a percentage under this is shown as 0.0


def usable(cells: str) -> str:
    """Tests of cells for scores that a run would take; text, blanks and errors are none of them."""
    return f'{cells},">=0",{cells},"<=10"'


def _own(heading: str) -> str:
    return this_row("patients", heading)


def reduction() -> str:
    """Baseline minus latest, in points."""
    before, now = _own("Baseline"), _own("Latest")
    return f'=IF(AND(ISNUMBER({before}),ISNUMBER({now})),ROUND({before}-{now},9),"{NOT_KNOWN}")'


def percent() -> str:
    """The percent reduction; undefined from a baseline of 0."""
    before, points = _own("Baseline"), _own("Reduction")
    share = f'IF({before}>0,ROUND(100*{points}/{before},9),"undefined")'
    return f'=IF(ISNUMBER({points}),{share},"{NOT_KNOWN}")'


def evaluable(otherwise: str) -> str:
    """The word yes, or the one reason why not."""
    before = _own("Baseline")
    return (
        f'=IF(NOT(ISNUMBER({before})),"no score at the start",IF({before}=0,"started at 0",'
        f'IF(ISNUMBER({_own("Latest")}),"yes","{otherwise}")))'
    )


def at_least(numerator: int, denominator: int) -> str:
    """Whether the reduction is at least that fraction of the baseline."""
    gap = f"{denominator}*{_own('Reduction')}-{numerator}*{_own('Baseline')}"
    return _if_evaluable(f'IF(ROUND({gap},9)>=0,"yes","no")')


def low(limit: str) -> str:
    """Whether the baseline is so low that 2 points less are hard to reach."""
    before = _own("Baseline")
    return f'=IF(ISNUMBER({before}),IF({before}<{limit},"yes","no"),"{NOT_KNOWN}")'


def important() -> str:
    """Whether pain fell by 2 points or more."""
    return _if_evaluable(f'IF({_own("Reduction")}>=2,"yes","no")')


def response() -> str:
    """The response in words, as on the Method sheet."""
    return _if_evaluable(
        f'IF({_own("Reduction")}<=-2,"worse",IF({_own("50 % less")}="yes","50 % or more",'
        f'IF({_own("30 % less")}="yes","30 % or more","under 30 %")))'
    )


def _if_evaluable(formula: str) -> str:
    return f'=IF({_own("Evaluable")}="yes",{formula},"not evaluable")'


def relief(before: str, after: str, kind: str) -> str:
    """The mean fall within a session, over sessions with both scores; the scores and the kinds of a
    patient's visits, as addresses."""
    both = f'{kind},"treatment",{usable(before)},{usable(after)}'
    return (
        f'=IF(COUNTIFS({both})=0,"{NO_RELIEF}",(SUMIFS({before},{both})'
        f"-SUMIFS({after},{both}))/COUNTIFS({both}))"
    )


def week_mean(scores: str, evaluable: str, week: tuple[str, int] | None = None) -> str:
    """A patient's mean score of one week of the course; ``evaluable``: the cell that says yes.

    ``scores``: of that week's visits; where others stand between them, ``week`` is the cells that
    hold their weeks, and the week.
    """
    tests = usable(scores)
    if week is not None:
        tests += f",{week[0]},{week[1]}"
    return f'=IF({evaluable}="yes",IFERROR(AVERAGEIFS({scores},{tests}),""),"")'


def if_evaluable(evaluable: str, cell: str) -> str:
    """Another cell of an evaluable patient; ``evaluable``: the cell that says yes."""
    return f'=IF({evaluable}="yes",{cell},"")'


def shown_percent(cell: str) -> str:
    """A percentage as text, as :func:`clinicreport.ground.rounding.percent` shows it."""
    true = f"ROUND({cell},{MOST_DIGITS})"
    shown = f"{true}*(ABS({cell})>={NOTHING})"  # no minus before zero
    steps, digits = _digits()
    return f'SUBSTITUTE(FIXED({shown},LOOKUP({true},{steps},{digits})),"-","−")&" %"'


@lru_cache
def _digits() -> tuple[str, str]:
    """From which percentage on so many decimals keep it on its side of the thresholds."""
    found = {Decimal(-1_000_000): PERCENT}
    for limit in map(Decimal, THRESHOLDS):
        for digits in range(PERCENT, MOST_DIGITS):  # what so many decimals would show as the limit
            found[limit - Decimal("0.5").scaleb(-digits)] = digits + 1
        found[limit] = PERCENT
    return f"{{{','.join(map(str, found))}}}", f"{{{','.join(map(str, found.values()))}}}"


def shown_share(cell: str) -> str:
    """A share from 0 to 1 as text."""
    return shown_percent(f"100*{cell}")


def shown_points(cell: str) -> str:
    """A mean score or reduction as text, as :func:`clinicreport.workbook.words.points` shows it."""
    return f'SUBSTITUTE(FIXED(ROUND(ROUND({cell},9),{POINTS}),{POINTS}),"-","−")'


AS_MADE = "As made: no score has been changed since."
