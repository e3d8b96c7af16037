"""The command line: the group, its commands by name, and errors as one sentence."""

from __future__ import annotations

import importlib
import re
from typing import Any

import click

from clinicreport import __version__
from clinicreport.ground.errors import DEFECT, OutputError, UserError

# In the order of a newcomer's needs; each lives in clinicreport/commands/<name>.py. What they do is
# said here too, so that --help answers without loading them.
COMMANDS = {
    "report": "Read session logs, check them, and write the clinic report.",
    "check": "List what should be looked at in session logs.",
    "fit": "Learn a clinic's own spreadsheet.",
    "patient": "Write one patient's report: one page to print.",
    "network": "Write one report for several clinics.",
    "template": "Write a blank session log for data entry.",
    "protocol": "Show the protocol in force.",
    "init": "Make a clinic folder, ready to use.",
    "run": "Handle what lies in the inbox once.",
    "watch": "Look into the inbox again and again, until stopped with Ctrl-C.",
    "desk": "Open the clinic's page in the browser.",
    "status": "Say what came, what failed, what waits.",
    "acknowledge": "Say that an error finding was looked at, so that mail may go.",
    "mail": "Draft a report to those on the list in clinic.toml, or send it.",
    "purge": "Remove a patient, or what is older than a month.",
    "config": "Show each setting in force and where it came from.",
}
HIDDEN = ("dropped",)  # what launchers start


class _Group(click.Group):
    """Loads a command when it is asked for, and turns errors that a user can mend into one
    sentence and the right exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS and cmd_name not in HIDDEN:
            return None
        module = importlib.import_module(f"clinicreport.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            ctx.fail(f"{error.message} Did you mean '{near[0]}'?")

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        words = list(ctx.args)  # those of the command
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if _verbosity(words) > 1:
                raise
            click.echo(f"clinicreport: {_sentence(error)}", err=True)
            ctx.exit(_status(error))


def _verbosity(words: list[str]) -> int:
    """How often -v stands among the words of a command, as -vv or apart."""
    short = sum(len(word) - 1 for word in words if re.fullmatch("-v+", word))
    return short + words.count("--verbose")


def _status(error: Exception) -> int:
    if isinstance(error, UserError):
        return error.exit_status
    return OutputError.exit_status if isinstance(error, OSError) else DEFECT


def _sentence(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        names = [name for name in (error.filename2, error.filename) if name is not None]
        return (
            f"{names[0] if names else 'a file'} cannot be used now "
            f"({error.strerror or type(error).__name__}): close it in other programs, check the "
            "share, the free space and your rights, and run it again"
        )
    return (
        f"this should not have happened: {type(error).__name__}: {error}. Please report it with "
        "what the same command says with -vv; take patients' data out first."
    )


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="clinicreport")
def main() -> None:
    """From a pain clinic's session spreadsheets to a formatted outcome report.

    \b
    clinicreport report september.xlsx      writes the clinic report
    clinicreport check september.xlsx       lists what should be looked at
    """
