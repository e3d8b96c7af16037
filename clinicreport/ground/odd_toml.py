"""Settings files that nobody writes by hand: nested too deeply, or with numbers of thousands of
digits. They are refused with the key, before anything works with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from clinicreport.ground.errors import UsageError

DEEPEST = 30  # lists and tables inside each other
LONGEST = 1024  # bits of a number; 308 digits
_DEEP = "lists or tables stand inside each other too often"
_LONG = "the number is longer than any that means something"
_DIGITS = r"[0-9a-fA-F_]{300,}"


def parsed_toml(text: str, name: str) -> dict[str, Any]:
    """A TOML text as nested dicts; ``name``: what sentences call the file.

    Raises tomllib.TOMLDecodeError where it is no TOML, UsageError where it is an odd one.
    """
    try:
        data = tomllib.loads(text)
    except RecursionError:
        key = _key(max(text.splitlines(), key=lambda line: line.count("[") + line.count("{")))
        raise UsageError(f"{name}: {key}: {_DEEP}") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python turns no text of thousands of digits into a number
        keys = (_key(line) for line in text.splitlines() if re.search(_DIGITS, line))
        raise UsageError(f"{name}: {next(keys, 'a number')}: {_LONG}") from None
    for key, odd in _odd(data):
        raise UsageError(f"{name}: {key}: {odd}")
    return data


def _key(line: str) -> str:
    """The key of a line, as far as it can be told."""
    return line.partition("=")[0].strip()[:60] or "a list"


def _odd(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is odd, with its key's path. Not by recursion: the nesting is what is looked for."""
    stack: list[tuple[str, int, Any]] = [(key, 1, value) for key, value in data.items()]
    while stack:
        key, depth, value = stack.pop()
        if isinstance(value, int) and value.bit_length() > LONGEST:
            yield key, _LONG
        if isinstance(value, dict | list) and depth > DEEPEST:
            yield key.split(".")[0], _DEEP
            return
        if isinstance(value, dict):
            stack += [(f"{key}.{name}", depth + 1, below) for name, below in value.items()]
        elif isinstance(value, list):
            stack += [(key, depth + 1, below) for below in value]
