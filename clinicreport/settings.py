"""Strict TOML: read, merged over the default, and every mistake named with its key's path."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from clinicreport.errors import UsageError

Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """The file as nested dicts. Raises UsageError where it is not there or is no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name}: not valid TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name}: not saved as UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def merged(default: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The default with one's own entries over it; tables are merged, everything else replaced."""
    result = dict(default)
    for key, value in own.items():
        below = result.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def validated(model: type[Model], data: Mapping[str, Any], file: str) -> Model:
    """The data as a model. Raises UsageError that lists every mistake, one a line."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [_explain(model, dict(item)) for item in error.errors()]
        raise UsageError("\n".join(f"{file}: {line}" for line in lines)) from error


def _explain(model: type[BaseModel], error: dict[str, Any]) -> str:
    location: tuple[str | int, ...] = error["loc"]
    where = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(location[-1]), _keys(model, location[:-1]), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        return f"{where}: unknown key{hint}"
    if error["type"] == "missing":
        return f"{where}: missing; every new entry needs it"
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message} (it is {error['input']!r})" if where else message


def _keys(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place of the model."""
    current: Any = model
    for part in location:
        fields = getattr(current, "model_fields", None)
        if fields is not None and part in fields:
            current = fields[str(part)].annotation
        current = next(
            (arg for arg in getattr(current, "__args__", ()) if hasattr(arg, "model_fields")),
            current,
        )
    return list(getattr(current, "model_fields", {}))
