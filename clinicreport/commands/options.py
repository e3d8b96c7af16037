"""The options that every command on logs takes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from clinicreport.folder.known_books import KnownBooks
    from clinicreport.folder.logs_in_force import NamedLogs
    from clinicreport.reading.files import Books
    from clinicreport.settings.request import Request

Command = TypeVar("Command", bound=Callable[..., Any])
FINDINGS = 1  # exit statuses, see also clinicreport.ground.errors
UNREADABLE = 3


Decorator = Callable[[Command], Command]


def _file(flag: str, name: str, variable: str, words: str) -> Decorator[Any]:
    """An option that names a file."""
    kind = click.Path(path_type=Path)
    return click.option(flag, name, type=kind, envvar=variable, metavar="FILE", help=words)


def protocol_option(words: str) -> Decorator[Any]:
    """``--protocol FILE``."""
    return _file("--protocol", "protocol_file", "CLINICREPORT_PROTOCOL", words)


def config_option(words: str) -> Decorator[Any]:
    """``--config FILE``."""
    return _file("--config", "config_file", "CLINICREPORT_CONFIG", words)


PERIOD = click.option(
    "--period",
    metavar="YYYY-MM",
    envvar="CLINICREPORT_PERIOD",
    help="A month, or YYYY-MM-DD..YYYY-MM-DD. Default: everything.",
)
TODAY = click.option(
    "--today",
    metavar="YYYY-MM-DD",
    envvar="CLINICREPORT_TODAY",
    help="The day of the run, for repeatable runs.",
)
PASSWORD_FILE = _file(
    "--password-file",
    "password_file",
    "CLINICREPORT_PASSWORD_FILE",
    "A file whose first line is the password of encrypted workbooks.",
)
PREVIOUS = click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="What an earlier report --json printed: say what is different now.",
)
JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output."
)
JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    envvar="CLINICREPORT_JOBS",
    metavar="N",
    help="Files read at the same time.",
)
VERBOSE = click.option("-v", "--verbose", count=True, help="Say more; -vv shows tracebacks.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print only errors.")


def with_options(command: Command, *options: Decorator[Any]) -> Command:
    """The command with these options, in this order in its help."""
    for option in reversed(options):
        command = option(command)
    return command


def common_options(command: Command) -> Command:
    """The options that every command on logs takes."""
    return with_options(
        command,
        protocol_option("The clinic's protocol (a file that holds only changes is enough)."),
        config_option("The clinic's settings (default: clinic.toml in the current folder)."),
        PERIOD,
        TODAY,
        PASSWORD_FILE,
        JSON,
        JOBS,
        VERBOSE,
        QUIET,
    )


class Options(NamedTuple):
    """The common options as given."""

    protocol_file: Path | None
    config_file: Path | None
    period: str | None
    today: str | None
    password_file: Path | None
    as_json: bool
    jobs: int
    verbose: int
    quiet: bool

    def say(self, text: str) -> None:
        """Something for people: never where the JSON goes."""
        if not self.quiet:
            click.echo(text, err=self.as_json)

    def progress(self, text: str) -> None:
        """Progress of long work, on standard error."""
        if not self.quiet and (self.verbose or sys.stderr.isatty()):
            click.echo(text, err=True)

    def named(self, paths: Sequence[str]) -> NamedLogs:
        """The logs that the paths name: a clinic folder gives those in force in its archive."""
        from clinicreport.folder.logs_in_force import named_logs

        return named_logs(paths)

    @contextmanager
    def known(self, named: NamedLogs) -> Iterator[KnownBooks | None]:
        """What the logs of a clinic folder gave before; None without one. Raises UsageError."""
        if named.folder is None:
            yield None
            return
        from clinicreport.folder.known_books import known_in

        with known_in(named.folder, self.request(named.folder)) as known:
            yield known

    def start(
        self, paths: Sequence[str], *, keep: bool = False, known: KnownBooks | None = None
    ) -> Books:
        """Begin to read the files, in processes of their own, while the rest is being loaded.

        ``keep``: what was read is wanted once more. ``known``: of these nothing is read."""
        from clinicreport.reading.files import expand, read_books
        from clinicreport.settings.password_file import read_password

        password = read_password(self.password_file)
        return read_books(
            expand(paths),
            password=password,
            jobs=self.jobs,
            progress=self.progress,
            known=known.knows if known else None,
            keep=keep,
        )

    def request(self, folder: Path | None = None) -> Request:
        """What was asked for, checked; ``folder``: the clinic folder. Raises UsageError."""
        from clinicreport.settings.request import make_request

        return make_request(
            protocol_file=self.protocol_file,
            config_file=self.config_file,
            period=self.period,
            today=self.today,
            password_file=self.password_file,
            jobs=self.jobs,
            progress=self.progress,
            folder=folder,
        )


def earlier_report(previous: Path | None, *, findings_only: bool = False) -> dict[str, Any]:
    """The earlier report's JSON, before anything is read; empty where none is named."""
    if previous is None:
        return {}
    from clinicreport.books.earlier_report import load

    return load(previous, findings_only=findings_only)
