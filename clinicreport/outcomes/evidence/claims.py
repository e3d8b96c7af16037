"""The article's claims as data: ``templates/evidence.toml``, strictly read."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml, validated
from clinicreport.protocol.limits import Strict, Text


class Claim(Strict):
    """One claim of the article; ``test`` names the function that asks the log."""

    id: Text
    claim: Text
    test: Text
    source: Text
    contrary: Text


class Evidence(Strict):
    """The claims, and the limits of their tests."""

    population: Text
    drop_points: Annotated[float, Field(gt=0, le=10)]
    enough_patients: Annotated[int, Field(ge=2)]
    week_4_day: Annotated[int, Field(ge=1)]
    first_sessions: Annotated[int, Field(ge=1)]
    late_follow_up: Annotated[int, Field(ge=1)]
    documented_share: Annotated[float, Field(ge=0, le=1)]
    opioids: list[Text]
    claim: list[Claim]


def load() -> Evidence:
    """The packaged claims. Raises UsageError where the file is not as it should be."""
    path = resource("templates/evidence.toml")
    return validated(Evidence, read_toml(path), path.name)
