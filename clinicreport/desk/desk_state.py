"""What one start of the desk knows: its clinic folder, its secrets, its work."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.desk.jobs import Jobs
from clinicreport.desk.kept import Kept, find_kept
from clinicreport.desk.one_time_keys import OneTimeKeys
from clinicreport.ground.errors import UsageError

if TYPE_CHECKING:
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import Request


def _secret() -> str:
    """32 random bytes."""
    return secrets.token_hex(32)


class FolderGoneError(UsageError):
    """The clinic folder cannot be reached."""


class NotKeptError(UsageError):
    """The file is not looked at any more: it was used, thrown away, or is too old."""


@dataclass(slots=True, repr=False)  # it holds secrets
class Desk:
    """One start of the desk, found at ``current_app.extensions["desk"]``.

    ``folder``: the clinic folder; None until one is chosen. ``port``: where it listens, on
    127.0.0.1 alone. ``make_request``: the settings in force, as the command line would make them
    for the folder; ``config_file``: of ``--config``, which then holds what is answered.
    ``idle_minutes``: without a click, until it ends.
    """

    folder: Path | None
    port: int
    make_request: Callable[[Path], Request]
    idle_minutes: float = 60
    config_file: Path | None = None
    prefix: str = field(default_factory=lambda: secrets.token_hex(16))
    cookie: str = field(default_factory=_secret)
    form_token: str = field(default_factory=_secret)
    keys: OneTimeKeys = field(default_factory=OneTimeKeys)
    jobs: Jobs = field(default_factory=Jobs)
    ended: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], float] = time.monotonic
    last_click: float = 0.0
    chosen: Callable[[Path], None] = lambda _: None  # told of a folder that is chosen
    passwords: dict[str, str] = field(default_factory=dict)  # by SHA-256, in memory alone

    def __post_init__(self) -> None:
        """The start is a click."""
        self.click()

    def choose(self, folder: Path) -> None:
        """The clinic folder from here on."""
        self.folder = folder
        self.jobs.forget_all()
        self.passwords.clear()
        self.chosen(folder)

    def kept(self, sha: str) -> Kept:
        """The file that is looked at. Raises FolderGoneError, and NotKeptError where it is none."""
        found = find_kept(self.place().root, sha)
        if found is None:
            raise NotKeptError(
                "This file is not looked at any more: it was used or thrown away, or is a week old. "
                "If it was not used, choose it once more."
            )
        return replace(found, password=self.passwords.get(sha))

    def request(self) -> Request:
        """What is in force in the clinic folder, as on the command line. Raises UserError."""
        return self.make_request(self.place().root)

    @property
    def settings_file(self) -> Path:
        """Where answers are kept, as ``fit`` keeps them. Raises FolderGoneError."""
        return self.config_file or self.place().root / "clinic.toml"

    @property
    def shared(self) -> bool:
        """Whether several accounts work in the clinic folder on purpose. Raises UserError."""
        return self.request().config.folder.shared

    def place(self) -> Folder:
        """The clinic folder's places. Raises FolderGoneError where it cannot be reached."""
        from clinicreport.folder.places import find

        if self.folder is None:
            raise FolderGoneError("No clinic folder is chosen yet.")
        try:
            return find(self.folder)
        except (UsageError, OSError) as error:
            raise FolderGoneError(str(error)) from error

    def handle(self, name: str) -> str:
        """What stands for a name in an address: another one at each start, and told to nobody."""
        return hmac.new(self.cookie.encode(), name.encode(), "sha256").hexdigest()[:32]

    def click(self) -> None:
        """Somebody is here."""
        self.last_click = self.clock()

    @property
    def minutes_left(self) -> float:
        """Until it ends for want of a click; never while a job is under way."""
        if self.jobs.busy:
            return self.idle_minutes
        return self.idle_minutes - (self.clock() - self.last_click) / 60
