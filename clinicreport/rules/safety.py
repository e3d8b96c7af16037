"""Rules about precautions, contraindications and adverse events. None of them can be waived.

Blank is not no: an empty cell is "not documented", never a yes, a no or a none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from clinicreport.ground.frame import codes, firsts, missing
from clinicreport.log.cells import YES, plain
from clinicreport.log.fields import PRECAUTIONS
from clinicreport.log.register import RegisterEntry
from clinicreport.log.reporter import Spot
from clinicreport.rules.case import Bools, Case, Hits
from clinicreport.rules.named_terms import named

# Of the words for yes, those that say that somebody asked, not that something was found.
_ASKED = frozenset(["ok", "done", "worn"])


def _says_no(case: Case, name: str) -> Hits:
    said_no = case.treatment & (case.visits[name] == "no")
    return Hits(said_no, name, actual="this treatment no")


def no_eye_protection(case: Case) -> Iterator[Hits]:
    """A treatment whose eye protection cell says no. Blank is not no: that is not documented."""
    yield _says_no(case, "eye_protection")


def unsafe_distance(case: Case) -> Iterator[Hits]:
    """A treatment whose safe distance cell says no."""
    yield _says_no(case, "safe_distance")


def lotion_on_skin(case: Case) -> Iterator[Hits]:
    """A treatment whose skin clean cell says no: there was lotion or cream on it."""
    yield _says_no(case, "skin_clean")


def precaution_not_documented(case: Case) -> Iterator[Hits]:
    """A treatment with a blank cell in a precaution's column that the table has."""
    for name in PRECAUTIONS:
        yield Hits(case.treatment & case.blank(name), name)


# ------------------------------------------------------------------- contraindications


def _cleared(case: Case) -> Bools:
    """Visits cleared on their own row, on an earlier row of the course, or in the register."""
    given = ~missing(case.visits["clearance"])
    first = np.full(len(case.courses.table) + 1, len(given))  # -1, no course, is the last
    at = np.flatnonzero(given & (case.cid >= 0))[::-1]
    first[case.cid[at]] = at  # the last one first, so the first one stays
    since = np.arange(len(given)) >= first[case.cid]
    return given | since | _cleared_in_register(case)


def _cleared_in_register(case: Case) -> Bools:
    result = np.zeros(len(case.visits), dtype=bool)
    if "clearance" not in case.log.register.columns:
        return result
    people = case.visits.where(firsts(case.visits["who"]))
    cleared = [
        who
        for who, clinic, patient in zip(
            people["who"].tolist(), people["clinic"], people["patient_id"], strict=True
        )
        if case.log.register.entry(clinic, patient, "clearance")
    ]
    return np.isin(case.visits["who"], cleared)


def _named_without_clearance(case: Case, names: Callable[[str], str]) -> Iterator[Hits]:
    """Cells of log and register for which ``names`` gives what they name, not cleared."""
    said, written = codes(case.visits["contraindications"])
    named_ = [*map(names, written), ""]
    if not any(named_) and "contraindications" not in case.log.register.columns:
        return
    cleared = _cleared(case)
    found = np.array(named_, dtype=object)[said]
    hit = (found != "") & ~cleared
    yield Hits(hit, "contraindications", detail=found[hit])
    if "contraindications" not in case.log.register.columns:
        return
    open_ = case.visits.where(~cleared & case.patient_looked_at)
    open_ = open_.where(firsts(open_["who"]))
    told: dict[
        Spot, tuple[RegisterEntry, str]
    ] = {}  # one finding a cell, whichever clinics it is about
    for clinic, patient in zip(open_["clinic"], open_["patient_id"], strict=True):
        entry = case.log.register.entry(clinic, patient, "contraindications")
        if entry and (what := names(entry.value)):
            told[entry.spot] = (entry, what)
    for entry, what in told.values():
        yield Hits(entries=[entry], detail=what)


def contraindication(case: Case) -> Iterator[Hits]:
    """A contraindication on the protocol's list is recorded without a clearance.

    The clearance may stand on that row, on an earlier row of the course, or in the register. One
    finding a cell; what the register holds is marked there. "No recent burns" names none.
    """
    listed = [(item.name, tuple(item.terms)) for item in case.protocol.safety.contraindications]

    def names(text: str) -> str:
        found = " and ".join(name for name, terms in listed if named(text, terms))
        return found[:1].upper() + found[1:]

    yield from _named_without_clearance(case, names)


def unnamed_contraindication(case: Case) -> Iterator[Hits]:
    """A yes, TRUE, 1, x or tick: there is a contraindication, and nobody knows which.

    A clearance counts as for a contraindication that is named.
    """

    def names(text: str) -> str:
        return text if plain(text).rstrip(".!") in YES - _ASKED else ""

    yield from _named_without_clearance(case, names)


def contraindication_to_ask(case: Case) -> Iterator[Hits]:
    """A condition that the article does not name but another source does is recorded without a
    clearance, which counts as for contraindications.

    The protocol lists them, each with its source. A part of the cell that says that it is somebody
    else's, or benign, names none ("family history of cancer").
    """
    listed = case.protocol.safety.to_ask

    def names(text: str) -> str:
        found = " and ".join(
            f"{item.name} ({item.source})"
            for item in listed
            if named(_without(text, tuple(item.unless)), tuple(item.terms))
        )
        return found[:1].upper() + found[1:]

    yield from _named_without_clearance(case, names)


def _without(text: str, terms: tuple[str, ...]) -> str:
    """The text without its parts, up to a comma, semicolon or point, that name one of the terms."""
    return "".join(part for part in re.split(r"(?<=[;,.])", text) if not named(part, terms))


def photosensitive_medication(case: Case) -> Iterator[Hits]:
    """Photosensitive medication is recorded without a clearance, which counts as for
    contraindications."""
    terms = tuple(case.protocol.safety.photosensitive_terms)

    def names(text: str) -> str:
        return "Photosensitive medication" if named(text, terms) else ""

    yield from _named_without_clearance(case, names)


def not_screened(case: Case) -> Iterator[Hits]:
    """Nothing is recorded about contraindications by the first treatment of a course, though log
    or register has a column for it. Once a course."""
    visits = case.visits
    register = case.log.register
    in_register = "contraindications" in register.columns
    own_column = case.has_column("contraindications")
    first = visits["nth"] == 0
    asked = first & (own_column | in_register)
    recorded = ~missing(visits["contraindications"]) | case.unusable("contraindications")
    at = np.flatnonzero(asked & ~_by_then(case, recorded))
    if in_register:
        clinics, patients = visits["clinic"], visits["patient_id"]
        at = np.array(
            [
                i
                for i in at.tolist()
                if not register.entry(clinics[i], patients[i], "contraindications")
            ],
            dtype=np.intp,
        )
    yield Hits(at[own_column[at]], "contraindications", value="")
    yield Hits(at[~own_column[at]], "date")


def _by_then(case: Case, recorded: Bools) -> Bools:
    """Visits by whose day something is recorded of their patient."""
    who, day = case.visits["who"], case.visits["date"]
    earliest = np.full(len(day), "NaT", dtype=day.dtype)  # of each patient; of most rows unused
    at = np.flatnonzero(recorded)[::-1]
    earliest[who[at]] = day[at]  # the last one first, so the first one stays
    return np.asarray(earliest[who] <= day)


def adverse_event(case: Case) -> Iterator[Hits]:
    """An adverse event is recorded, on any kind of visit."""
    yield Hits(case.courses.visits.events(), "adverse_event")


def adverse_event_not_documented(case: Case) -> Iterator[Hits]:
    """A treatment with a blank adverse event cell where the table has the column.

    n/a, - and ? count as blank; none, no, nil and 0 say that there was none.
    """
    yield Hits(case.treatment & case.blank("adverse_event"), "adverse_event")
