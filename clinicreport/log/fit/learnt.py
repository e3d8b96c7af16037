"""What learning gives: lines for ``clinic.toml``, and questions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clinicreport.log.findings import Finding
    from clinicreport.log.fit.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the dotted key of ``clinic.toml``, its value, and what it means in words.

    An empty key changes nothing.
    """

    key: str
    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that would be written. ``certain``: nothing else is possible."""

    key: str
    value: Any
    certain: bool
    why: str
    layout: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked; the likeliest answer stands first.

    ``cell``, ``heading``: what it is about. ``why``: what speaks for the first answer. ``typed``:
    the key whose value may be typed instead of chosen, as with a day; ``names``: what is given a
    value each, where that key's value is a table of several. ``layout``: which of the tables.
    """

    cell: str
    heading: str
    question: str
    choices: tuple[Choice, ...]
    why: str
    typed: str = ""
    names: tuple[str, ...] = ()
    layout: int = 0


@dataclass(slots=True)
class Learnt:
    """Proposals and questions, each once. ``layout``: the table that is being learnt, an index of
    ``tables``; -1: all of them."""

    proposals: list[Proposal] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    tables: list[Candidate] = field(default_factory=list)
    layout: int = -1

    def ask(self, question: Question) -> None:
        """Ask, and propose the likeliest answer without being certain of it."""
        question = replace(question, layout=self.layout)
        if question not in self.questions:
            self.questions.append(question)
        first = next((one for one in question.choices if one.key), None)
        if first:
            self.propose(Proposal(first.key, first.value, certain=False, why=question.why))

    def propose(self, proposal: Proposal) -> None:
        """A line; the same one of a table only once."""
        proposal = replace(proposal, layout=self.layout)
        bare = replace(proposal, certain=False, why="")
        if all(replace(one, certain=False, why="") != bare for one in self.proposals):
            self.proposals.append(proposal)

    def about(self, finding: Finding) -> int:
        """The table that a finding stands in; -1 where it is none of them."""
        for at, table in enumerate(self.tables):
            if table.holds(finding.file, finding.sheet):
                return at
        return -1
