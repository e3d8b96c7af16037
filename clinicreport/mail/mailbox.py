"""Drafts put into a mailbox over IMAP, so that they lie in Outlook or Gmail ready to send.

One connection, logged in. The folder is the one that the server marks as ``\\Drafts``. Before a
draft is put there its identity is looked for, also among what was sent or thrown away: what is
there is never put there once more.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clinicreport.mail.conversation import Conversation, Refused, Stopped
from clinicreport.mail.login import NO_WAY, Credentials
from clinicreport.mail.passwords import NoPassword
from clinicreport.mail.reaching import Deadline, opening_seconds
from clinicreport.settings.config import Mail

DRAFTS = rb"\drafts"
ELSEWHERE = (rb"\all", rb"\sent", rb"\trash")  # where a draft may have gone since
USUAL = (b"drafts", b"[gmail]/drafts", b"inbox.drafts", b"inbox/drafts")
LISTED = re.compile(rb'\(([^)]*)\) (?:"(?:\\.|[^"])*"|NIL) (.*)', re.DOTALL | re.IGNORECASE)


class _WatchedImap(imaplib.IMAP4):
    """A connection that its deadline knows from the server's first line on."""

    def __init__(self, mail: Mail, deadline: Deadline) -> None:
        deadline.watch(self)
        super().__init__(mail.imap_server, mail.mailbox_port, timeout=mail.timeout_seconds)


class _WatchedImapOverTls(imaplib.IMAP4_SSL):
    """The same with TLS from the start."""

    def __init__(self, mail: Mail, deadline: Deadline, context: ssl.SSLContext) -> None:
        deadline.watch(self)
        super().__init__(
            mail.imap_server,
            mail.mailbox_port,
            ssl_context=context,
            timeout=mail.timeout_seconds,
        )


class Mailbox(Conversation):
    """An open mailbox and its folder for drafts, as a context manager. Raises Stopped."""

    errors = (OSError, imaplib.IMAP4.error)

    def __init__(self, mail: Mail, folder: Path) -> None:
        super().__init__(mail, folder, mail.imap_server, f"{mail.imap_server}, the mailbox,")
        self._imap: imaplib.IMAP4 | None = None
        self._is_in = False
        self._drafts = b""
        self._others: list[bytes] = []

    def _open(self, context: ssl.SSLContext, deadline: Deadline, who: Credentials | None) -> None:
        mail = self._mail
        assert who is not None  # settings with imap_server have a login
        if mail.imap_security == "tls":
            self._imap = _WatchedImapOverTls(mail, deadline, context)
        else:
            self._imap = _WatchedImap(mail, deadline)
        if mail.imap_security == "starttls":
            self._imap.starttls(context)
        log_in(self._imap, who)
        self._is_in = True
        self._find_folders()

    def _farewell(self) -> None:
        imap, self._imap = self._imap, None
        if imap is not None:
            try:
                imap.logout()
            except self.errors:
                imap.shutdown()
                raise

    def _refusal(self, error: Exception) -> Stopped | None:
        if isinstance(error, OSError | imaplib.IMAP4.abort):
            return None
        about = "" if self._is_in else "login refused: "
        said = self._short(error)
        return Stopped(f"{about}{self._named} refused (the server said: {said})", alarm=True)

    def holds(self, message_id: str) -> bool:
        """Whether a message of this identity is among the drafts, or was. Raises Stopped."""
        self._time(opening_seconds(self._mail))
        return self._asked(lambda: self._found(message_id, [self._drafts, *self._others]))

    def has_draft(self, message_id: str) -> bool:
        """Whether it lies among the drafts now. Raises Stopped."""
        self._time(opening_seconds(self._mail))
        return self._asked(lambda: self._found(message_id, [self._drafts]))

    def put(self, content: bytes) -> None:
        """Put a message among the drafts. Raises Refused, or Stopped: then it may be there."""
        self._time_for(content)
        answer, said = self._asked(
            lambda: self._line.append(_quoted(self._drafts), r"(\Seen \Draft)", None, content)
        )
        if answer != "OK":
            text = self._answer(_last(said))
            raise Refused(
                f"the mailbox does not take the draft (the server said: {text})", later=True
            )

    @property
    def _line(self) -> imaplib.IMAP4:
        assert self._imap is not None
        return self._imap

    def _find_folders(self) -> None:
        """The folder for drafts, and those where a draft may have gone. Raises Stopped."""
        found = dict(self._listed('"*"'))
        if "SPECIAL-USE" in self._line.capabilities and not _marked(found, DRAFTS):
            found |= dict(self._listed('"*" RETURN (SPECIAL-USE)'))
        self._others = [name for mark in ELSEWHERE for name in _marked(found, mark)]
        named = [modified_utf7(self._mail.drafts_folder)] if self._mail.drafts_folder else []
        usual = [name for name in found if name.lower() in USUAL]
        places = named or _marked(found, DRAFTS) or usual
        if not places:
            raise Stopped(
                f"{self._mail.imap_server} marks no folder for drafts: name it in clinic.toml "
                "([mail] drafts_folder)",
                alarm=True,
            )
        self._drafts = places[0]
        if self._line.select(_quoted(self._drafts), readonly=True)[0] != "OK":
            raise Stopped("the mailbox has no such folder: check mail.drafts_folder", alarm=True)

    def _listed(self, pattern: str) -> Iterator[tuple[bytes, list[bytes]]]:
        """The name of each folder, with its marks in small letters."""
        answer, lines = self._line.list('""', pattern)
        for line in lines if answer == "OK" else []:
            head, literal = line if isinstance(line, tuple) else (line or b"", None)
            found = LISTED.match(head)
            if found:
                name = literal if literal is not None else _unquoted(found[2].strip())
                yield name, found[1].lower().split()

    def _found(self, message_id: str, places: list[bytes]) -> bool:
        for place in places:
            if self._line.select(_quoted(place), readonly=True)[0] != "OK":
                continue
            answer, numbers = self._line.search(None, "HEADER", "Message-ID", f'"{message_id}"')
            if answer != "OK":
                raise Stopped("the mailbox cannot be searched; nothing was put there", alarm=False)
            if any((part or b"").split() for part in numbers):
                return True
        return False


def log_in(connection: imaplib.IMAP4, who: Credentials) -> None:
    """Log in. Raises IMAP4.error or NoPassword."""
    if who.by_token:
        asked = []

        def answer(question: bytes) -> bytes:
            asked.append(question)  # a second question is the refusal, answered by an empty line
            return who.xoauth2() if len(asked) == 1 else b""

        connection.authenticate("XOAUTH2", answer)
    elif "AUTH=PLAIN" in connection.capabilities:
        connection.authenticate("PLAIN", lambda _: who.plain())
    elif who.plain_letters:
        connection.login(_word(who.user), who.secret)
    else:
        raise NoPassword(NO_WAY)


def _word(user: str) -> str:
    """A user's name as one word of a command, in quotation marks where it is none as it stands."""
    return user if re.fullmatch(r"[\w.@+-]+", user) else str(_quoted(user.encode()), "ascii")


def modified_utf7(name: str) -> bytes:
    """A folder's name as IMAP writes it: ``Entwürfe`` as ``Entw&APw-rfe``."""
    parts = re.findall(r"[ -~]+|[^ -~]+", name)
    return "".join(
        part.replace("&", "&-") if part[0] in _PLAIN else f"&{_base64_of(part)}-" for part in parts
    ).encode()


_PLAIN = frozenset(map(chr, range(0x20, 0x7F)))


def _base64_of(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")


def _marked(folders: dict[bytes, list[bytes]], mark: bytes) -> list[bytes]:
    return [name for name, marks in folders.items() if mark in marks]


def _unquoted(name: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", name[1:-1]) if name.startswith(b'"') else name


def _quoted(name: bytes) -> Any:
    """A folder's name in quotation marks; imaplib takes bytes too, whatever its types say."""
    return b'"' + re.sub(rb'(["\\])', rb"\\\1", name) + b'"'


def _last(said: Any) -> bytes | str:
    return said[-1] if said and isinstance(said[-1], bytes | str) else ""
