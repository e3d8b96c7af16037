"""What the commands on a clinic folder share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.options import (
    JOBS,
    JSON,
    PASSWORD_FILE,
    QUIET,
    TODAY,
    VERBOSE,
    Command,
    config_option,
    protocol_option,
    with_options,
)

if TYPE_CHECKING:
    from clinicreport.folder.open_folder import Done
    from clinicreport.folder.places import Folder
    from clinicreport.settings.request import Request

OVER_THE_FOLDERS = "Settings over those of the folder's clinic.toml."
REJECTED, NO_MAIL, NOT_WRITTEN = 1, 4, 5  # exit statuses, the later one outranks


def folder_options(command: Command) -> Command:
    """The clinic folder, and the settings it is used with."""
    argument = click.argument(
        "directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path)
    )
    return argument(settings_options(command))


def settings_options(command: Command) -> Command:
    """The settings a clinic folder is used with."""
    return with_options(
        command,
        protocol_option("A protocol in place of the folder's protocol.toml."),
        config_option(OVER_THE_FOLDERS),
        TODAY,
        PASSWORD_FILE,
        JOBS,
        JSON,
        VERBOSE,
        QUIET,
    )


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """These options as given."""

    directory: Path | None
    protocol_file: Path | None
    config_file: Path | None
    today: str | None
    password_file: Path | None
    jobs: int
    as_json: bool
    verbose: int
    quiet: bool

    def folder(self) -> Folder:
        """The clinic folder. Raises UsageError where it is none."""
        from clinicreport.folder.places import find

        return find(self.directory)

    def request(self, folder: Folder) -> Request:
        """What was asked for, checked. Raises UsageError."""
        from clinicreport.settings.request import make_request

        return make_request(
            protocol_file=self.protocol_file,
            config_file=self.config_file,
            today=self.today,
            password_file=self.password_file,
            jobs=self.jobs,
            folder=folder.root,
        )

    def say(self, text: str) -> None:
        """Something for people: never where the JSON goes."""
        if text and not self.quiet:
            click.echo(text, err=self.as_json)


def tell(options: FolderOptions, done: Done) -> None:
    """What a run did, in words."""
    from clinicreport.folder.folder_status import held_line

    last = _tell_archived(options, done)
    for name in done.repeated:
        options.say(f"{name}: the same content was processed already; nothing to do")
    for one in done.rejected:
        click.echo(f"✖ rejected: {one['reason']}", err=True)
    for one in done.held:
        click.echo(f"▲ held: {held_line(one)}", err=True)
    for text in done.stale:
        click.echo(f"▲ {text}", err=True)
    for one in done.waiting:
        options.say(f"{one['file']} waits: it {one['why']}")
    for one in done.reports:
        errors = f" ({one['errors']} error findings)" if one["errors"] else ""
        options.say(f"Report: {one['file']}, version {one['version']}{errors}")
    for one in done.messages:
        options.say(message_line(one))
    for text in dict.fromkeys([*done.problems, *done.mail_problems]):
        click.echo(f"clinicreport: {text}", err=True)
    if not done.anything:
        options.say("Nothing new.")
    options.say("\n".join(last))


def _tell_archived(options: FolderOptions, done: Done) -> list[str]:
    """The rows of each log that was taken; what the last lines warn of."""
    from clinicreport.log.inputs import RowCounts

    last = []
    for one in done.archived:
        counts = RowCounts(one["rows"], one["used"], one["set_aside"])
        said = f", replaces {one['replaces']}" if one["replaces"] else ""
        options.say(f"{one['file']}: {counts.said}, archived under {one['month']}{said}")
        if counts.warning:
            last.append(f"{one['file']}: {counts.warning}")
    return last


def message_line(one: dict[str, Any]) -> str:
    """One message in words."""
    words = {
        "drafted": f"draft ready in {one['file']}",
        "not-sent": "not sent",
        "held": "held back",
        "queued": "waits to be sent",
    }
    state = words.get(one["state"], one["state"])
    reason = f": {one['reason']}" if one["reason"] and one["state"] != "sent" else ""
    return f"Mail to {one['address']} ({one['role']}), {one['month']}: {state}{reason}"


def status_of(done: Done) -> int:
    """The exit status of a run."""
    if done.problems:
        return NOT_WRITTEN
    if done.mail_problems:
        return NO_MAIL
    return REJECTED if done.rejected else 0
