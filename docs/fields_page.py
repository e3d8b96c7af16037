# ruff: noqa: INP001 (docs are no package)
"""``docs/fields.md``: every field, what it holds, its headings by language, the words of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clinicreport.books.template.entry_columns import register_entries, session_entries
from clinicreport.log.answer_words import answers
from clinicreport.log.cells import NO, RELATIONS, SEVERITIES, VISIT_TYPES, YES
from clinicreport.log.field import Field
from clinicreport.log.fields import LAYOUT_FIELDS, PEOPLE_FIELDS
from clinicreport.log.headings import headings_by_language
from clinicreport.log.months import LANGUAGE_NAMES
from clinicreport.log.units import UNITS
from clinicreport.protocol import in_force

HEAD = """# The fields

What a column of the log can hold, the headings by which it is known in each language, and the words that its cells are
read by. Case, accents, spaces, punctuation and the field's unit in brackets do not matter; a column in another unit is not
used. A number may stand with its unit in the cell, never with another. A log may mix languages.

A heading that is not here is never guessed: it is named, with the line to write. A clinic adds its own headings in
`clinic.toml` under `[aliases]` (`clinicreport fit` writes them), its own words for values under `[reading]`, `values`, and
its own codes for "not known" under `missing`. Form tools put the names of groups before a heading ("grp_visit/pain_before"):
such a heading is not known either, and `clinicreport fit` proposes it.
"""
PEOPLE = "Read only to tell two people of one id apart. Never printed, written or passed on."
LAYOUT = {
    "start_date": "The first day of the course. Week 3 is then the 21st day after it.",
    "week": "The week of the visit, counted from the start date: 3, Week 3, W3, 3 weeks.",
}


def fields_page() -> str:
    """The whole page."""
    usual = in_force.load()
    lines = [HEAD.rstrip()]
    for title, entries in (
        ("The sessions", session_entries(usual, {})),
        ("The register of patients", register_entries(usual, {})),
    ):
        lines += ["", f"## {title}"]
        for entry in entries:
            lines += _field(entry.field, entry.what)
    lines += ["", "## Who is who", "", PEOPLE]
    for field in PEOPLE_FIELDS.values():
        lines += _field(field, f"{field.label}, as it stands.")
    lines += ["", "## Weeks instead of dates"]
    for name, what in LAYOUT.items():
        lines += _field(LAYOUT_FIELDS[name], what)
    lines += ["", "## Blank in every field", "", _listed(answers()["placeholders"]) + ";"]
    lines += [
        "each also in `<>` or `()`. In adverse event and contraindications, none is an answer."
    ]
    return "\n".join(lines) + "\n"


def _field(field: Field, what: str) -> list[str]:
    words = UNITS[field.unit].words if field.unit else ()
    units = f"- Unit: {', '.join((field.unit, *words))}"
    languages = headings_by_language()
    headings = ((name, languages[name].get(field.name, ())) for name in languages)
    return [
        *("", f"### {field.label}", "", f"{'Needed. ' if field.needed else ''}{what}", ""),
        f"- Name in `clinic.toml`: `{field.name}`",
        *([units] if field.unit else []),
        *(f"- {LANGUAGE_NAMES[name]}: {', '.join(texts)}" for name, texts in headings if texts),
        *_values(field),
    ]


def _values(field: Field) -> list[str]:
    """The words of a field's cells, where it has any."""
    choices = _CHOICES.get(field.kind)
    if choices:
        return [f"- *{name}* is: {_listed(words)}" for name, words in choices.items()]
    if field.kind in ("event", "contraindications", "given", "clearance"):
        none = [f"- *none* is: {_listed(answers()['none'])}"]
        asked = [f"- Not documented is also: {_listed(answers()['not_documented'])}"]
        return [*none, *(_no_event() if field.kind == "event" else []), *asked]
    return []


def _no_event() -> list[str]:
    """Sentences that say that there was no event, in each language."""
    return [
        f"- None in {LANGUAGE_NAMES[name]}: {_listed(words['whole'])}; or {_listed(words['no'])} "
        f"with {_listed(words['what'])}"
        for name, words in answers()["no_event"].items()
    ]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_CHOICES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "yes_no": {"yes": sorted(YES), "no": sorted(NO)},
    "visit_type": VISIT_TYPES,
    "severity": SEVERITIES,
    "relation": RELATIONS,
}
