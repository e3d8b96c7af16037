"""Strict TOML: read, merged over the default, and every mistake named with its key's path.

The sentences are for people who have never seen Python: they say what stands in the file and what
would be right.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import tomli
from pydantic import BaseModel, ConfigDict, ValidationError

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import patiently
from clinicreport.ground.odd_toml import parsed_toml
from clinicreport.ground.resources import resource
from clinicreport.ground.rounding import written

Model = TypeVar("Model", bound=BaseModel)


class SettingsTable(BaseModel):
    """A table of a settings file: a key that it does not know is a mistake.

    What checks a table is made when the first is checked: a part of another one needs nothing of
    its own. A table that is a default is taken as it stands (``model_construct``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def read_toml(path: Path) -> dict[str, Any]:
    """The file as nested dicts. Raises UsageError where it is not there or is no TOML."""
    try:
        text = patiently(lambda: path.read_text(encoding="utf-8-sig"))
        return parsed_toml(text, path.name)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name}: {_not_toml(text, str(error))}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name}: not saved as UTF-8 text; save it as UTF-8") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def packaged_toml(name: str) -> dict[str, Any]:
    """A packaged file as nested dicts, ``name`` as in ``"templates/protocol.toml"``. It is the
    program's own: nothing odd is looked for in it, and a compiled parser reads it."""
    return tomli.loads(resource(name).read_text(encoding="utf-8"))


def _not_toml(text: str, error: str) -> str:
    """What is wrong with a file that is no TOML, with the usual cause where it is seen."""
    said = f"not valid TOML: {error}."
    if "“" in text or "”" in text or "„" in text:
        return f'{said} There are curly quotation marks in it; use straight ones (").'
    if "overwrite" in error or "declare" in error or "twice" in error:
        return (
            f"{said} The same heading or key stands in it twice: change the line that was there "
            "before, and take the new one out."
        )
    return (
        f'{said} Words stand in quotation marks (severity = "note"), numbers do not and take a '
        "point (10.5), a heading stands in brackets ([session])."
    )


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


def validated(
    model: type[Model], data: Mapping[str, Any], file: str, said: Sequence[str] = ()
) -> Model:
    """The data as a model. Raises UsageError that lists every mistake, one a line, those ``said``
    already first."""
    lines = list(said)
    try:
        made = model.model_validate(data)
    except ValidationError as error:
        lines += [words for _, words in _explained(model, error)]
    if lines:
        raise UsageError("\n".join(f"{file}: {line}" for line in lines))
    return made


def mistakes(
    model: type[BaseModel], data: Mapping[str, Any]
) -> list[tuple[tuple[str | int, ...], str]]:
    """What keeps the data from being a model: of each mistake its place and its sentence."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return _explained(model, error)
    return []


def _explained(
    model: type[BaseModel], error: ValidationError
) -> list[tuple[tuple[str | int, ...], str]]:
    return [(item["loc"], _explain(model, dict(item))) for item in error.errors()]


def first_problem(make: Callable[[], object]) -> str:
    """What is wrong with the model that ``make`` builds, in words; empty where nothing is."""
    try:
        make()
    except ValidationError as error:
        item = dict(error.errors()[0])
        text = _explain(BaseModel, item)
        return text if item["loc"] else text.removeprefix("the file: ")
    return ""


def _explain(model: type[BaseModel], error: dict[str, Any]) -> str:
    location: tuple[str | int, ...] = error["loc"]
    where = _path(location)
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key{_suggestion(model, location)}"
    if error["type"] == "missing":
        return f"{where}: missing; this entry is needed"
    text = _what_is_wrong(error)
    return f"{where}: {text}" if where else text


def _path(location: Sequence[str | int]) -> str:
    """A key's path as it stands in the file; entries of a list are counted from 1."""
    keys = ".".join(part for part in location if isinstance(part, str))
    entries = "".join(f" (entry {part + 1})" for part in location if isinstance(part, int))
    return keys + entries


def _what_is_wrong(error: dict[str, Any]) -> str:
    kind, limits, value = error["type"], error.get("ctx") or {}, error["input"]
    if kind == "value_error":
        return str(limits["error"])
    if kind == "literal_error":
        return _not_allowed(limits["expected"], value)
    bounds = {
        "greater_than_equal": ("ge", "or more"),
        "less_than_equal": ("le", "or less"),
    }
    if kind in bounds:
        key, words = bounds[kind]
        return f"must be {written(limits[key])} {words}; it is {_shown(value)}"
    if kind == "greater_than":
        return f"must be more than {written(limits['gt'])}; it is {_shown(value)}"
    if kind == "string_too_long":
        return f"must have at most {limits['max_length']} characters; it has {len(value)}"
    if kind == "too_long":
        return f"must have at most {limits['max_length']} entries; it has {len(value)}"
    if kind == "string_pattern_mismatch":
        return f"has a character that cannot stand there; it is {_shown(value)}"
    if kind in ("too_short", "string_too_short"):
        least = limits.get("min_length", 1)
        return "must not be empty" if least == 1 else f"needs at least {least} entries"
    return f"{_wanted(kind)}; it is {_shown(value)}"


def _wanted(kind: str) -> str:
    """What a type error asks for, in words."""
    if kind.startswith("int"):
        return "must be a whole number"
    if kind.startswith(("float", "finite")):
        return "must be a number"
    if kind.startswith("string"):
        return "must be a text in quotation marks"
    if kind.startswith("bool"):
        return "must be true or false"
    if kind.startswith("date"):
        return "must be a day such as 2026-01-05"
    if kind.startswith("list"):
        return 'must be a list, such as ["one", "two"]'
    return "must have entries of its own below it"


def _not_allowed(expected: str, value: Any) -> str:
    """For a value out of a list: what is allowed; for a fixed one: that it is fixed."""
    if " or " not in expected and "'" not in expected:
        return (
            f"is fixed at {expected}: it is a convention of the field, shown here so that "
            f"everybody can see it, and cannot be changed; it is {_shown(value)}"
        )
    words = expected.replace("'", '"')
    allowed = [word.strip('"') for word in words.replace(" or ", ", ").split(", ")]
    near = difflib.get_close_matches(str(value).casefold(), allowed, n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    return f"must be one of {words}; it is {_shown(value)}{hint}"


def _shown(value: Any) -> str:
    """A value as the file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value[:60]}"'
    if isinstance(value, Mapping):
        return "a table with entries"
    if isinstance(value, list):
        return "a list"
    return str(value)


def meant(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, as the end of a sentence; empty where none is."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _suggestion(model: type[BaseModel], location: Sequence[str | int]) -> str:
    """A key that was probably meant: near in spelling here, or of this name elsewhere."""
    wrong = str(location[-1])
    here = _keys(model, location[:-1])
    near = difflib.get_close_matches(wrong.casefold().replace("-", "_"), here, n=1)
    elsewhere = [path for path in _paths(model) if path.rsplit(".", 1)[-1] == wrong]
    found = near or elsewhere[:1]
    if not found:
        return ""
    top = len(location) > 1 and found == elsewhere[:1] and "." not in found[0]
    where = " It stands on top of the file, above the first line in brackets." if top else ""
    table = found[0].rpartition(".")[0]
    if hasattr(getattr(model.model_fields.get(table), "annotation", None), "model_fields"):
        where = f" It stands below the line [{table}], which may still have a # before it."
    return f'; did you mean "{found[0]}"?{where}'


def _model_of(annotation: Any) -> Any:
    """The model in an annotation such as ``X | None``, ``list[X]`` or ``dict[str, X]``."""
    if hasattr(annotation, "model_fields"):
        return annotation
    inner = (_model_of(part) for part in getattr(annotation, "__args__", ()))
    return next((part for part in inner if part is not None), None)


def _keys(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """The keys that may stand at a place of the model."""
    current: Any = model
    named = False  # whether the next part is a name of one's own, as below "conditions"
    for part in location:
        if named or isinstance(part, int):
            named = False
            continue
        field = getattr(current, "model_fields", {}).get(part)
        annotation = field.annotation if field else None
        named = getattr(annotation, "__origin__", None) is dict
        current = _model_of(annotation)
    return list(getattr(current, "model_fields", {}))


def _paths(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The paths of all keys of the model's tables, without lists and tables of free names."""
    for name, field in model.model_fields.items():
        yield f"{above}{name}"
        if hasattr(field.annotation, "model_fields"):
            yield from _paths(field.annotation, f"{above}{name}.")  # type: ignore[arg-type]
