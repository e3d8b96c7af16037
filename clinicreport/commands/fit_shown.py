"""What ``clinicreport fit`` shows: the columns as seen, the first visits, the JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from clinicreport.ground.unsafe_text import on_screen
from clinicreport.log.fields import LAYOUT_FIELDS, SESSION_FIELDS
from clinicreport.log.fit.candidates import Candidate, SeenColumn, field_words
from clinicreport.log.fit.learnt import Learnt

if TYPE_CHECKING:
    from clinicreport.fitting import Fitting

_LONGEST = 20  # characters of an example


def seen_table(table: Candidate, learnt: Learnt, *, asks: bool = False) -> str:
    """What was seen of a table, a heading a line. ``asks``: a person may choose another place."""
    names = ", ".join(f'"{on_screen(sheet.name)}"' for sheet in table.sheets if sheet.name)
    where = f"Sheet {names}, headings" if names else "Headings"
    ways = " (r: another row, t: another sheet)" if asks else ""
    row = f"in row {table.heading_row}{ways}, {table.rows} rows"
    lines = [f"{on_screen(table.book.name)}: {where} {row}"]
    width = max((len(on_screen(column.heading)) for column in table.columns), default=0)
    for column in table.columns:
        said, label = _sureness(column, learnt)
        examples = ", ".join(f'"{on_screen(text, _LONGEST)}"' for text in column.look.examples)
        looks = f"{said}{column.look.words}{f', {examples}' if examples else ''}"
        letter = column.cell.rstrip("0123456789")
        lines.append(f"  {letter:<3} {on_screen(column.heading):<{width}}  {label:<18} {looks}")
    return "\n".join(lines)


def _sureness(column: SeenColumn, learnt: Learnt) -> tuple[str, str]:
    """How sure it is (sure, asks, nothing), and the field in words, with ? where it is to be asked."""
    fields = {**SESSION_FIELDS, **LAYOUT_FIELDS}
    if any(question.cell == column.cell for question in learnt.questions):
        likely = _proposed(column, learnt) or column.field
        return "asks: ", f"{fields[likely].label}?" if likely in fields else "?"
    sure = next(
        (one for one in learnt.proposals if one.certain and _names(one.value, column)), None
    )
    name = sure.key.rpartition(".")[2] if sure else column.field
    return ("sure: " if name in fields else "", field_words(name))


def _proposed(column: SeenColumn, learnt: Learnt) -> str | None:
    found = [one for one in learnt.proposals if _names(one.value, column)]
    names = [one.key.rpartition(".")[2] for one in found if one.key.startswith("aliases.")]
    return names[0] if names else None


def _names(value: Any, column: SeenColumn) -> bool:
    return isinstance(value, list) and column.heading in value


def fit_json(work: Fitting, written: str | None) -> str:
    """The object that ``fit --json`` prints."""
    from clinicreport.books.json_report import inputs_object
    from clinicreport.log.inputs import inputs_of

    learnt = work.learnt
    told = {
        "schema": 1,
        "seen": [entry for table in work.tables for entry in _seen(table)],
        "proposals": [
            {"key": one.key, "value": one.value, "certain": one.certain, "why": one.why}
            for one in learnt.proposals
        ],
        "unclear": [
            {
                "cell": one.cell,
                "heading": one.heading,
                "question": one.question,
                "choices": [
                    {"key": choice.key, "value": choice.value, "words": choice.words}
                    for choice in one.choices
                ],
            }
            for one in learnt.questions
        ],
        "written": written,
        "inputs": inputs_object(inputs_of(work.log)),
    }
    return json.dumps(told, indent=2, ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of the JSON")


def _seen(table: Candidate) -> list[dict[str, Any]]:
    return [
        {
            "file": table.book.name,
            "sheet": sheet.name,
            "heading_row": table.heading_row,
            "headings": [
                {
                    "cell": column.cell,
                    "heading": column.heading,
                    "field": column.field,
                    "looks_like": column.look.words,
                }
                for column in table.columns
            ],
            "rows": table.rows,
        }
        for sheet in table.sheets
    ]
