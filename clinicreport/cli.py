"""The command line: what a user types and reads. Only this module prints."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clinicreport import __version__
from clinicreport.errors import UserError

if TYPE_CHECKING:
    from clinicreport.analysis import Analysis, Checked, Request

Command = TypeVar("Command", bound=Callable[..., Any])
UNREADABLE = 3
FINDINGS = 1


class _Group(click.Group):
    """Turns errors that a user can mend into one sentence and the right exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            if "-vv" in sys.argv or sys.argv.count("-v") > 1:
                raise
            click.echo(f"clinicreport: {error}", err=True)
            ctx.exit(error.exit_status)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="clinicreport")
def main() -> None:
    """From a pain clinic's session spreadsheets to a formatted outcome report.

    \b
    clinicreport report september.xlsx      writes the clinic report
    clinicreport check september.xlsx       lists what should be looked at
    """


def common_options(command: Command) -> Command:
    """The options that every command on logs takes."""
    options = [
        click.option("--protocol", "protocol_file", type=click.Path(path_type=Path),
                     envvar="CLINICREPORT_PROTOCOL", metavar="FILE",
                     help="The clinic's protocol (a file that holds only changes is enough)."),
        click.option("--config", "config_file", type=click.Path(path_type=Path),
                     envvar="CLINICREPORT_CONFIG", metavar="FILE",
                     help="The clinic's settings (default: clinic.toml in the current folder)."),
        click.option("--period", metavar="YYYY-MM", envvar="CLINICREPORT_PERIOD",
                     help="A month, or YYYY-MM-DD..YYYY-MM-DD. Default: everything."),
        click.option("--today", metavar="YYYY-MM-DD", envvar="CLINICREPORT_TODAY",
                     help="The day of the run, for repeatable runs."),
        click.option("--password-file", type=click.Path(path_type=Path), metavar="FILE",
                     envvar="CLINICREPORT_PASSWORD_FILE",
                     help="A file whose first line is the password of encrypted workbooks."),
        click.option("--json", "as_json", is_flag=True,
                     help="Print one JSON object on standard output."),
        click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True,
                     envvar="CLINICREPORT_JOBS", metavar="N", help="Files read at the same time."),
        click.option("-v", "--verbose", count=True, help="Say more; -vv shows tracebacks."),
        click.option("-q", "--quiet", is_flag=True, help="Print only errors."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Options:
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

    def request(self) -> Request:
        """What was asked for, checked. Raises UsageError."""
        from clinicreport.request import make_request

        return make_request(
            protocol_file=self.protocol_file,
            config_file=self.config_file,
            period=self.period,
            today=self.today,
            password_file=self.password_file,
            jobs=self.jobs,
            progress=self.progress,
        )


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE.xlsx",
              help="Default: clinic-report-<as-of day>.xlsx in the current folder.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite the report if it is there already.")
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--skip-unreadable", is_flag=True, help="Report on the rest where an input fails.")
@common_options
def report(  # noqa: PLR0913
    *, paths: tuple[str, ...], output: Path | None, force: bool, dry_run: bool,
    skip_unreadable: bool, **common: Any
) -> None:  # fmt: skip
    """Read session logs, check them, and write the clinic report.

    PATH: workbooks, CSV files or folders of them; - reads one from standard input.
    """
    options = Options(**common)
    from clinicreport import analysis, json_output, report as workbook, screen

    checked = analysis.check(paths, options.request())
    result = analysis.evaluate(checked)
    refused = [entry for entry in checked.inputs if entry.reason]
    if options.as_json:
        click.echo(json_output.dumps(json_output.report_object(checked, result)))
    for entry in refused:
        click.echo(f"clinicreport: {entry.reason}", err=True)
    if refused and not skip_unreadable:
        click.echo("Nothing was written. With --skip-unreadable the rest is reported.", err=True)
        sys.exit(UNREADABLE)
    target = output or Path(f"clinic-report-{(result.as_of or result.run_day).isoformat()}.xlsx")
    if not dry_run:
        workbook.write(result, target, force=force)
    options.say(screen.report_summary(result, checked))
    options.say(f"{'Would write' if dry_run else 'Written:'} {target}")
    sys.exit(UNREADABLE if refused else 0)


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="error",
              show_default=True, help="The severity from which on the exit status is 1.")  # fmt: skip
@common_options
def check(*, paths: tuple[str, ...], fail_on: str, **common: Any) -> None:
    """List what should be looked at in session logs: the findings alone.

    PATH: workbooks, CSV files or folders of them; - reads one from standard input.
    """
    options = Options(**common)
    from clinicreport import analysis, json_output, screen

    checked = analysis.check(paths, options.request())
    if options.as_json:
        click.echo(json_output.dumps(json_output.check_object(checked)))
    else:
        options.say(screen.findings_table(checked, width=screen.terminal_width()))
    for entry in checked.inputs:
        if entry.reason:
            click.echo(f"clinicreport: {entry.reason}", err=True)
    sys.exit(_check_status(checked, fail_on))


def _check_status(checked: Checked, fail_on: str) -> int:
    if any(entry.reason for entry in checked.inputs):
        return UNREADABLE
    failing = {"error": {"error"}, "warning": {"error", "warning"}, "never": set()}[fail_on]
    return FINDINGS if any(finding.severity in failing for finding in checked.findings) else 0
