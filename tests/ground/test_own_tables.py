"""The program's own files are taken without a check: here they are checked."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from clinicreport.ground.own_tables import unchecked
from clinicreport.ground.strict_toml import SettingsTable
from clinicreport.outcomes.evidence import claims
from clinicreport.protocol import in_force


def alike(one: Any, other: Any) -> None:
    """The same values of the same types, down to the last field, and the same fields given."""
    assert type(one) is type(other)
    if isinstance(one, BaseModel):
        assert one.model_fields_set == other.model_fields_set
        for name in type(one).model_fields:
            alike(getattr(one, name), getattr(other, name))
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for name in one:
            alike(one[name], other[name])
    elif isinstance(one, list):
        for ours, theirs in zip(one, other, strict=True):
            alike(ours, theirs)
    else:
        assert one == other


@pytest.mark.parametrize(
    ("model", "data", "made"),
    [
        (in_force.Protocol, in_force.as_delivered, in_force.load),
        (claims.Evidence, claims.as_delivered, claims.load),
    ],
    ids=["protocol", "evidence"],
)
def test_a_check_changes_nothing_in_a_packaged_file(model: Any, data: Any, made: Any) -> None:
    alike(made(), model.model_validate(data()))


class Inner(SettingsTable):
    """A table in a table."""

    ends: Annotated[list[float], Field(min_length=1)]
    mean: Annotated[float, Field(gt=0)] | None = None


class Outer(SettingsTable):
    """Every way in which a packaged file may hold another table."""

    count: int
    either: int | float | None = None
    text: str | float | None = None
    one: Inner | None = None
    listed: list[Inner] = Field(default_factory=list)
    named: dict[str, Inner] = Field(default_factory=dict)
    words: dict[str, list[str]] = Field(default_factory=dict)


def test_tables_lists_and_numbers_are_as_a_check_leaves_them() -> None:
    inner = {"ends": [1, 2.5], "mean": 3}
    data = {
        "count": 1,
        "either": 2,
        "text": 3,
        "one": inner,
        "listed": [inner, {"ends": [0]}],
        "named": {"first": inner},
        "words": {"yes": ["ja", "oui"]},
    }
    alike(unchecked(Outer, data), Outer.model_validate(data))
    alike(unchecked(Outer, {"count": 1}), Outer.model_validate({"count": 1}))
