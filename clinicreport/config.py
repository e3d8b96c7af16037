"""The clinic's own settings: ``clinic.toml``, strictly read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from clinicreport.errors import UsageError
from clinicreport.fields import REGISTER_FIELDS, SESSION_FIELDS
from clinicreport.settings import merged, read_toml, validated

ORDERS = {"day-first": "dmy", "month-first": "mdy", "year-first": "ymd"}


class Ids(BaseModel):
    """Pairs of ids that a person has looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    same: list[Annotated[list[str], Field(min_length=2)]] = []
    different: list[Annotated[list[str], Field(min_length=2)]] = []


class Config(BaseModel):
    """What a clinic can set. Everything has a default, so that no file is needed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    languages: list[Literal["en", "de", "fr", "es"]] = ["en"]
    missing: list[str] = []
    aliases: dict[str, list[str]] = {}
    ids: Ids = Ids()

    @field_validator("date_order", mode="before")
    @classmethod
    def _order_in_words(cls, value: object) -> object:
        return ORDERS.get(value, value) if isinstance(value, str) else value

    @field_validator("missing", mode="before")
    @classmethod
    def _codes_as_text(cls, value: object) -> object:
        return [str(code) for code in value] if isinstance(value, list) else value

    @field_validator("aliases")
    @classmethod
    def _known_fields(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        import difflib

        known = [*SESSION_FIELDS, *REGISTER_FIELDS]
        for name in value:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f'; did you mean "{near[0]}"?' if near else ""
                raise ValueError(f'"{name}" is no field{hint}')
        return value


def load(path: Path | None, folder: Path | None = None) -> tuple[Config, tuple[Path, ...]]:
    """The settings in force and the files they came from: ``path`` over the folder's file.

    Raises UsageError for a file that is missing or not as it should be.
    """
    data: dict[str, object] = {}
    used: list[Path] = []
    for file in (folder / "clinic.toml" if folder else None, path):
        if file is None or (file is not path and not file.exists()):
            continue
        if not file.exists():
            raise UsageError(f"{file}: there is no such file")
        own = read_toml(file)
        validated(Config, own, file.name)
        data = merged(data, own)
        used.append(file)
    return Config.model_validate(data), tuple(used)
