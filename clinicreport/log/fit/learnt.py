"""What learning gives: lines for ``clinic.toml``, and questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked; the likeliest answer stands first.

    ``cell``, ``heading``: what it is about. ``why``: what speaks for the first answer. ``typed``:
    the key whose value may be typed instead of chosen, as with a day.
    """

    cell: str
    heading: str
    question: str
    choices: tuple[Choice, ...]
    why: str
    typed: str = ""


@dataclass(slots=True)
class Learnt:
    """Proposals and questions, each once."""

    proposals: list[Proposal] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> None:
        """Ask, and propose the likeliest answer without being certain of it."""
        if question not in self.questions:
            self.questions.append(question)
        first = next((one for one in question.choices if one.key), None)
        if first:
            self.propose(Proposal(first.key, first.value, certain=False, why=question.why))

    def propose(self, proposal: Proposal) -> None:
        """A line; the same one only once."""
        if all((one.key, one.value) != (proposal.key, proposal.value) for one in self.proposals):
            self.proposals.append(proposal)
