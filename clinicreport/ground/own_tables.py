"""Packaged settings files as tables, without a check of each entry.

What checks a table (see :mod:`clinicreport.ground.strict_toml`) takes longer to make than such a
file to read; the tests say once that a check finds nothing in these, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

Table = TypeVar("Table", bound=BaseModel)


def unchecked(model: type[Table], data: Mapping[str, Any]) -> Table:
    """The entries as the table that a check of them would give: tables in it are tables, and a
    whole number is a float where its field is one."""
    fields = model.model_fields
    return model.model_construct(
        **{name: _value(fields[name].annotation, value) for name, value in data.items()}
    )


def _value(annotation: Any, value: Any) -> Any:
    kinds = _kinds(annotation)
    if isinstance(value, dict):
        [kind] = (
            kind for kind in kinds if get_origin(kind) is dict or hasattr(kind, "model_fields")
        )
        if hasattr(kind, "model_fields"):
            return unchecked(kind, value)
        return {name: _value(get_args(kind)[1], below) for name, below in value.items()}
    if isinstance(value, list):
        [kind] = (kind for kind in kinds if get_origin(kind) is list)
        return [_value(get_args(kind)[0], below) for below in value]
    if type(value) is int and float in kinds and int not in kinds:
        return float(value)
    return value


def _kinds(annotation: Any) -> list[Any]:
    """The types that a value may have: of ``Annotated[float, ...] | None`` float and None's."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [annotation]
