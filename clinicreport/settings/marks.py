"""What of the settings a result rests on, as short marks that are compared later: what changed?

A mark is a digest of one setting's value, so that no list of headings or ids is kept twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clinicreport.settings.config import Config
    from clinicreport.settings.request import Request

Marks = dict[str, str]
PROTOCOL = "protocol.toml"
# Settings that decide how a log is read, and those that a report shows besides.
READING = (
    "date_order",
    "start_date",
    "languages",
    "missing",
    "aliases",
    "reading",
    "forms",
    "ids",
)
SHOWN = ("name", "logo", "changes")


def reading_marks(config: Config) -> Marks:
    """A mark of each setting that decides how a log is read."""
    return _marks(config, READING)


def report_marks(request: Request) -> Marks:
    """A mark of everything but the logs that a report rests on."""
    protocol = {PROTOCOL: _mark(repr(request.protocol))}
    return _marks(request.config, (*READING, *SHOWN)) | protocol


def different(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The names whose marks are not the same, in their order."""
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def _marks(config: Config, names: tuple[str, ...]) -> Marks:
    told = config.model_dump(mode="json", include=set(names))
    return {name: _mark(json.dumps(told[name], sort_keys=True)) for name in names}


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
