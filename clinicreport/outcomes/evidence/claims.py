"""The article's claims, and what studies found, as data: ``templates/evidence.toml``, strictly read."""

from __future__ import annotations

from functools import cache, cached_property
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from clinicreport.ground.own_tables import unchecked
from clinicreport.ground.strict_toml import packaged_toml
from clinicreport.protocol.limits import Strict, Terms, Text

NOTHING = "Nothing on file."


class Study(Strict):
    """One source: ``what`` it looked at, what was ``seen`` of it, and its ``facts`` by name."""

    id: Text
    name: Text
    cite: Text
    what: Text
    seen: Text
    facts: dict[str, Text]

    @property
    def described(self) -> str:
        """Where it is found, what it looked at, and what was read of it."""
        where = self.cite if self.cite.startswith(self.name) else f"{self.name}: {self.cite}"
        return f"{where}. {self.what}. Read: {self.seen}."


class Claim(Strict):
    """One claim of the article; ``test`` names the function that asks the log.

    ``favour``, ``against``: what speaks for it and against it, as ``study.fact``. ``remark``: what
    this project adds.
    """

    id: Text
    claim: Text
    test: Text
    source: Text
    favour: list[Text]
    against: list[Text]
    remark: str = ""


class Topic(Strict):
    """What else to know beside a log's figures, as ``study.fact``, with this project's remark."""

    title: Text
    facts: Terms
    remark: str = ""


class Evidence(Strict):
    """The claims, the studies, and the limits of the claims' tests."""

    population: Text
    drop_points: Annotated[float, Field(gt=0, le=10)]
    enough_patients: Annotated[int, Field(ge=2)]
    week_4_day: Annotated[int, Field(ge=1)]
    first_sessions: Annotated[int, Field(ge=2)]
    late_follow_up: Annotated[int, Field(ge=1)]
    opioids: list[Text]
    claim: list[Claim]
    topic: list[Topic]
    study: list[Study]

    @model_validator(mode="after")
    def _known(self) -> Self:
        """Every fact that is named is there, and every fact is named."""
        named = {ref for entry in self.claim for ref in (*entry.favour, *entry.against)}
        named |= {ref for entry in self.topic for ref in entry.facts}
        if odd := sorted(named ^ set(self._facts)):
            raise ValueError(f"facts that are named but not there, or not named: {', '.join(odd)}")
        return self

    @cached_property
    def _facts(self) -> dict[str, str]:
        """``study.fact`` -> the study's name and the fact, as a sentence."""
        return {
            f"{study.id}.{name}": f"{study.name}: {fact}."
            for study in self.study
            for name, fact in study.facts.items()
        }

    def in_favour(self, claim: Claim) -> str:
        """What speaks for a claim, a line a fact."""
        return "\n".join(self._facts[ref] for ref in claim.favour) or NOTHING

    def contrary(self, claim: Claim) -> str:
        """What speaks against a claim, a line a fact; this project's remark last."""
        lines = [*(self._facts[ref] for ref in claim.against), claim.remark]
        return "\n".join(filter(None, lines))

    def told(self, topic: Topic) -> str:
        """A topic's facts, a line each; this project's remark last."""
        return "\n".join(filter(None, [*(self._facts[ref] for ref in topic.facts), topic.remark]))


@cache
def load() -> Evidence:
    """The packaged claims."""
    return unchecked(Evidence, as_delivered())


def as_delivered() -> dict[str, Any]:
    """The packaged file's entries."""
    return packaged_toml("templates/evidence.toml")
