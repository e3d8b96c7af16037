"""The clinic's own settings: ``clinic.toml``, strictly read.

``templates/clinic.toml`` shows every setting with its default and says what it does. A password
has no place here: it comes from a file that is named here, or from an environment variable.
"""

from __future__ import annotations

import re
import string
import unicodedata
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from clinicreport.ground.errors import UsageError
from clinicreport.ground.strict_toml import SettingsTable, meant, merged, read_toml, validated
from clinicreport.log.declared import Declared
from clinicreport.log.fields import COLUMN_FIELDS, LAYOUT_FIELDS, REGISTER_FIELDS
from clinicreport.log.headings import LONGEST, is_heading, key

ORDERS = {"day-first": "dmy", "month-first": "mdy", "year-first": "ymd"}
SUBJECT_WORDS = frozenset({"month", "clinic", "version"})
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
CODED = "=?"  # the beginning of an encoded word, which mail programs decode
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}"


def one_line(text: str) -> str:
    """Text without line breaks and other control characters: it may stand in a mail's header."""
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in text):
        raise ValueError("a line break or another control character may not stand here")
    if CODED in text:
        raise ValueError(f'"{CODED}" may not stand here: in a mail it begins letters in a code')
    return text


def mail_address(text: str) -> str:
    """A plain mail address. Raises ValueError for anything else."""
    one_line(text)
    if not re.fullmatch(f"{_LOCAL}@{_DOMAIN}", text) or len(text) > 254:
        raise ValueError('this is not a mail address such as "name@clinic.example"')
    return text


def _allowed(text: str) -> str:
    one_line(text)
    if not re.fullmatch(f"(?:{_LOCAL}@)?{_DOMAIN}", text):
        raise ValueError('write a domain ("clinic.example") or one mail address')
    return text.lower()


def _check_headings(aliases: dict[str, list[str]]) -> None:
    """Raises ValueError for a heading that no cell can be found by, or that means two fields."""
    fields: dict[str, str] = {}
    for name, headings in aliases.items():
        for heading in headings:
            if not is_heading(heading):
                raise ValueError(
                    f'{name}: "{heading[:40]}" is no heading; it has 1 to {LONGEST} characters, '
                    "letters or digits among them"
                )
            other = fields.setdefault(key(heading), name)
            if other != name:
                raise ValueError(f'"{heading}" stands under {other} and under {name}; keep one')


Line = Annotated[str, AfterValidator(one_line)]
Address = Annotated[str, AfterValidator(mail_address)]
Allowed = Annotated[str, AfterValidator(_allowed)]


class Ids(SettingsTable):
    """Pairs of ids that a person has looked at."""

    same: list[Annotated[list[str], Field(min_length=2)]] = []
    different: list[Annotated[list[str], Field(min_length=2)]] = []


def _known_names(value: dict[str, list[str]]) -> dict[str, list[str]]:
    """The aliases of fields that there are. Raises ValueError."""
    known = [*COLUMN_FIELDS, *REGISTER_FIELDS, *LAYOUT_FIELDS]
    for name in value:
        if name not in known:
            raise ValueError(f'"{name}" is no field{meant(name, known)}')
    _check_headings(value)
    return value


Headings = Annotated[dict[str, list[str]], AfterValidator(_known_names)]
Order = Annotated[
    Literal["dmy", "mdy", "ymd"] | None,
    BeforeValidator(lambda value: ORDERS.get(value, value) if isinstance(value, str) else value),
]


class Form(SettingsTable):
    """One of several layouts of a clinic's logs, told by the headings that are there (``when``).

    Of the general settings only ``ignore`` and ``two_sessions_a_day`` of ``[reading]`` hold for it
    too; its aliases outrank the general ones.
    """

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    when: Annotated[list[str], Field(min_length=1)]
    date_order: Order = None
    start_date: date | None = None
    aliases: Headings = {}
    reading: Declared = Declared.model_construct()

    @field_validator("when")
    @classmethod
    def _headings_that_can_be_found(cls, value: list[str]) -> list[str]:
        _check_headings({heading: [heading] for heading in value})
        return value

    @field_validator("reading")
    @classmethod
    def _of_one_form(cls, value: Declared) -> Declared:
        for name in ("ignore", "two_sessions_a_day"):
            if name in value.model_fields_set:
                raise ValueError(f"{name} holds for the whole clinic; write it under [reading]")
        return value

    @property
    def keys(self) -> frozenset[str]:
        """The headings that tell it, as they are compared."""
        return frozenset(key(heading) for heading in self.when)


class FolderSettings(SettingsTable):
    """How the clinic folder is watched."""

    poll_seconds: Annotated[float, Field(gt=0, le=86400)] = 10
    settle_polls: Annotated[int, Field(ge=1, le=1000)] = 3
    settle_seconds: Annotated[float, Field(ge=0, le=600)] = 1
    longest_pause_minutes: Annotated[float, Field(gt=0, le=1440)] = 15
    month_due_day: Annotated[int, Field(ge=1, le=28)] = 10
    log_kilobytes: Annotated[int, Field(ge=10, le=1_000_000)] = 1000
    log_files: Annotated[int, Field(ge=1, le=100)] = 5
    shared: bool = False  # other accounts of the computer may read what the folder holds
    remake: Literal["ask", "always"] = "ask"  # reports made before the settings changed
    both: list[Annotated[list[Line], Field(min_length=2, max_length=2)]] = []  # logs that count
    # beside each other though most of their visits are the same


class DatedChange(SettingsTable):
    """Something that the clinic changed on a day, for the charts by month."""

    day: date
    words: Annotated[Line, Field(min_length=1, max_length=80)]
    rebase: bool = False  # limits begin anew in its month


class Recipient(SettingsTable):
    """Someone on the allow-list, with the role that decides what is sent."""

    address: Address
    role: Literal["manager", "therapist", "outside"]
    name: Line = ""
    therapist: Line = ""  # as in the log's column; for the role "therapist"
    encrypt: bool = False  # patient pages are encrypted whatever stands here
    password_file: str = ""  # this recipient's own; else that of [mail]

    @model_validator(mode="after")
    def _therapist_named(self) -> Self:
        if self.role == "therapist" and not self.therapist.strip():
            raise ValueError('the role "therapist" needs therapist = "the name as in the log"')
        if self.role != "therapist" and self.therapist:
            raise ValueError(f'therapist = … does not go with the role "{self.role}"')
        return self


class Mail(SettingsTable):
    """How reports leave. Without a server only drafts can be made."""

    mode: Literal["off", "drafts", "send"] = "drafts"
    sender: Address | Literal[""] = ""
    sender_name: Line = ""
    allow: list[Allowed] = []
    subject: Line = "Clinic report {month}"
    server: Annotated[Line, Field(pattern=r"^[A-Za-z0-9.:-]*$")] = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str = ""
    imap_server: Annotated[Line, Field(pattern=r"^[A-Za-z0-9.:-]*$")] = ""  # drafts go there too
    imap_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    imap_security: Literal["starttls", "tls", "none"] = "tls"
    drafts_folder: Line = ""  # else the one that the server marks
    login: Literal["none", "password", "xoauth2"] = "none"
    user: Line = ""
    password_file: str = ""
    token_command: list[str] = []
    attachment_password_file: str = ""
    largest_megabytes: Annotated[float, Field(gt=0, le=150)] = 20
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 60

    @field_validator("subject")
    @classmethod
    def _known_words(cls, value: str) -> str:
        try:
            parts = [part for part in string.Formatter().parse(value) if part[1] is not None]
        except ValueError as error:
            raise ValueError("a brace { or } stands alone") from error
        if any(name not in SUBJECT_WORDS or spec or turned for _, name, spec, turned in parts):
            raise ValueError(
                "only {month}, {clinic} and {version} can stand in braces, as they are"
            )
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.mode == "send" and not self.server:
            raise ValueError('mode = "send" needs a server')
        if self.server and not self.sender:
            raise ValueError("a server needs sender, the address that mail comes from")
        if self.security == "none" and self.server and self.server not in HERE:
            raise ValueError('security = "none" is only for a server on this computer')
        if self.imap_server and self.login == "none":
            raise ValueError("imap_server needs login and user, whose mailbox it is")
        if self.imap_security == "none" and self.imap_server and self.imap_server not in HERE:
            raise ValueError('imap_security = "none" is only for a server on this computer')
        if self.login != "none" and not self.user:
            raise ValueError(f'login = "{self.login}" needs user')
        if self.login == "xoauth2" and not self.token_command:
            raise ValueError('login = "xoauth2" needs token_command')
        return self

    @property
    def server_port(self) -> int:
        """The port, else the usual one of the kind of security."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]

    @property
    def mailbox_port(self) -> int:
        """The port of the mailbox's server, else the usual one."""
        return self.imap_port or {"starttls": 143, "tls": 993, "none": 143}[self.imap_security]

    def allows(self, address: str) -> bool:
        """Whether the address, or its domain, is on the list."""
        low = address.lower()
        return low in self.allow or low.rpartition("@")[2] in self.allow


class Config(SettingsTable):
    """What a clinic can set. Everything has a default, so that no file is needed."""

    name: Line = ""
    logo: Line = ""  # a PNG or JPEG picture, as seen from the clinic folder
    date_order: Order = None
    start_date: date | None = None
    languages: list[Literal["en", "de", "fr", "es", "it", "nl", "pt"]] = ["en"]
    missing: list[str] = []
    aliases: Headings = {}
    reading: Declared = Declared.model_construct()
    forms: list[Form] = []
    ids: Ids = Ids.model_construct()
    changes: list[DatedChange] = []
    folder: FolderSettings = FolderSettings.model_construct()
    mail: Mail = Mail.model_construct()
    recipients: list[Recipient] = []

    @field_validator("missing", mode="before")
    @classmethod
    def _codes_as_text(cls, value: object) -> object:
        return [str(code) for code in value] if isinstance(value, list) else value

    @field_validator("forms")
    @classmethod
    def _told_apart(cls, value: list[Form]) -> list[Form]:
        names = [form.name.casefold() for form in value]
        for at, form in enumerate(value):
            if form.name.casefold() in names[:at]:
                raise ValueError(f'the form "{form.name}" stands twice; give each its own name')
            for other in value[:at]:
                if other.keys == form.keys:
                    raise ValueError(
                        f'"{other.name}" and "{form.name}" have the same headings in when; nothing '
                        "would tell them apart"
                    )
        return value

    @field_validator("changes")
    @classmethod
    def _by_day(cls, value: list[DatedChange]) -> list[DatedChange]:
        return sorted(value, key=lambda change: change.day)

    @model_validator(mode="after")
    def _only_allowed_recipients(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for number, recipient in enumerate(self.recipients, 1):
            if not self.mail.allows(recipient.address):
                raise ValueError(
                    f"recipients: number {number} ({recipient.address}) is not on the list "
                    "mail.allow; correct the address, or allow its domain there"
                )
            who = (recipient.address.lower(), recipient.role)
            if who in seen:
                raise ValueError(f"recipients: {recipient.address} stands twice as {who[1]}")
            seen.add(who)
        return self


def load(path: Path | None, folder: Path | None = None) -> tuple[Config, tuple[Path, ...]]:
    """The settings in force and the files they came from: ``path`` over the folder's file.

    Raises UsageError for a file that is missing or not as it should be.
    """
    data, used = _merged_data(path, folder)
    settings = Config.model_validate(data) if used else Config.model_construct()
    return settings, tuple(file for file, _ in used)


def origins(path: Path | None, folder: Path | None = None) -> list[tuple[str, object, str]]:
    """Each setting in force as (key path, value, where it came from)."""
    data, used = _merged_data(path, folder)
    settings = Config.model_validate(data)
    places: dict[str, str] = {}
    for file, own in used:
        places |= dict.fromkeys(_flat(own), file.name)
    return [
        (key, value, places.get(key) or places.get(key.rpartition(".")[0], "built-in"))
        for key, value in _flat(settings.model_dump()).items()
    ]


def _merged_data(
    path: Path | None, folder: Path | None
) -> tuple[dict[str, object], list[tuple[Path, dict[str, object]]]]:
    data: dict[str, object] = {}
    used: list[tuple[Path, dict[str, object]]] = []
    for file in (folder / "clinic.toml" if folder else None, path):
        if file is None or (file is not path and not file.exists()):
            continue
        if not file.exists():
            raise UsageError(f"{file}: there is no such file")
        own = read_toml(file)
        data = merged(data, own)
        validated(Config, data if used else own, file.name)
        used.append((file, own))
    return data, used


def _flat(data: dict[str, object], before: str = "") -> dict[str, object]:
    """Nested tables as one, keys joined by dots. Aliases stay one table each."""
    result: dict[str, object] = {}
    for name, value in data.items():
        if isinstance(value, dict) and (value or name != "aliases"):
            result |= _flat(value, f"{before}{name}.")
        else:
            result[f"{before}{name}"] = value
    return result
