"""What the commands on a clinic folder share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
from clinicreport.ground.errors import UsageError

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


def told_request(
    options: FolderOptions, folder: Folder, *, keep: bool = True, show: bool = False
) -> Request:
    """What was asked for. Raises UsageError; with ``keep`` STATUS.html says it too, where it is the
    folder's own settings that cannot be read, and with ``show`` it is opened then."""
    try:
        return options.request(folder)
    except UsageError:
        if keep:
            from clinicreport.commands import showing
            from clinicreport.folder import status_page

            if status_page.write_unreadable_settings(folder) and show:
                showing.show(folder.status_page)
        raise


def tell(options: FolderOptions, done: Done) -> None:
    """What a run did, in words; what went wrong on standard error, whatever is asked for."""
    from clinicreport.folder.run_words import MARKS, run_lines

    for line in run_lines(done):
        if line.kind in MARKS:
            click.echo(f"{MARKS[line.kind]}{line.words}", err=True)
        elif line.kind == "problem":
            click.echo(f"clinicreport: {line.words}", err=True)
        else:
            options.say(line.words)


def status_of(done: Done) -> int:
    """The exit status of a run."""
    if done.problems:
        return NOT_WRITTEN
    if done.mail_problems:
        return NO_MAIL
    return REJECTED if done.rejected else 0
