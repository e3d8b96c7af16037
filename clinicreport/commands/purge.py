"""``clinicreport purge``: the one thing that ever deletes, on purpose and on record."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import click

from clinicreport.commands.monthly import FolderOptions, folder_options, status_of, tell
from clinicreport.ground.errors import OutputError, UsageError

if TYPE_CHECKING:
    from clinicreport.folder.open_folder import OpenFolder


@click.command()
@click.option("--patient", metavar="ID", help="Remove this patient from every log and report.")
@click.option("--older-than", metavar="YYYY-MM", help="Remove all of the months before this one.")
@click.option("--who", required=True, metavar="NAME", help="Who asks for it: kept on record.")
@click.option("--why", required=True, metavar="TEXT", help="Why: kept on record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Say what would go.")
@folder_options
def purge(
    *,
    patient: str | None,
    older_than: str | None,
    who: str,
    why: str,
    yes: bool,
    dry_run: bool,
    **common: Any,
) -> None:
    """Remove a patient, or what is older than a month. It cannot be undone.

    A patient's rows are emptied in every kept log, the reports they are in are made anew without
    them, and stored messages with them are deleted. What was mailed is out of reach.
    """
    options = FolderOptions(**common)
    if bool(patient) == bool(older_than):
        raise UsageError("purge: name either --patient ID or --older-than YYYY-MM")
    if older_than and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", older_than):
        raise UsageError(f"--older-than {older_than}: write the month as 2020-01")
    from clinicreport.folder import month_reports, status_page
    from clinicreport.folder import purging as work
    from clinicreport.folder.doubtful_clock import check_clock
    from clinicreport.folder.open_folder import opened
    from clinicreport.folder.recover import recover

    folder = options.folder()
    with opened(folder, options.request(folder)) as clinic:
        check_clock(clinic)
        recover(clinic)
        if not _named(clinic, options, patient, older_than, warn=dry_run or not yes):
            return
        if dry_run or not (yes or click.confirm("Remove all of this for good?", err=True)):
            options.say("Nothing was removed.")
            return
        kind, what = (work.PATIENT, patient) if patient else (work.OLDER, older_than)
        work.begin(clinic, kind, str(what), who, why)
        work.finish(clinic)
        month_reports.make_due(clinic)
        status_page.write(clinic)
        tell(options, clinic.done)
        options.say(f"{_done(clinic)} The record: clinicreport status --history")
        sys.exit(status_of(clinic.done))


def _done(clinic: OpenFolder) -> str:
    if clinic.ledger.purges_to_do():
        return "Not all of it is removed yet: see above. The next run goes on with it."
    return f"Removed{', but for what is said above' if clinic.done.problems else ''}."


def _named(
    clinic: OpenFolder,
    options: FolderOptions,
    patient: str | None,
    older_than: str | None,
    *,
    warn: bool,
) -> bool:
    """Say what would go; False where there is nothing. ``warn``: and what is left to do by hand,
    which a purge says too."""
    from clinicreport.folder import purge_places as places
    from clinicreport.folder import purging as work

    if patient:
        rows, faults = work.affected(clinic, patient)
        lying = places.in_inbox(clinic, patient)
        faults += [f"{clinic.folder.relative(path)}: {places.IN_INBOX}" for path in lying]
        months = [month for row in rows for month in row.months]
        named = list(places.named(clinic, patient, min(months, default=None)))
        emptied = list(places.named_emptied(clinic, patient))
        nothing = not rows and not named and not emptied
        for text in faults if warn or nothing else ():
            click.echo(f"clinicreport: {text}", err=True)
        if faults and nothing:
            raise OutputError("nothing was removed: what is said above is to be done by hand first")
    else:
        emptied = []
        rows = work.older(clinic, str(older_than))
        named = list(places.named_older(clinic, str(older_than)))
    if not rows and not named and not emptied:
        options.say("Nothing of that is here.")
        return False
    options.say("Affected:")
    for row in rows:
        changed = patient and work.by_hand(clinic, row)
        options.say(f"  {row.path}{' (changed by hand: kept as it is now)' if changed else ''}")
    for name in named:
        again = ", and made anew where logs are left" if name.startswith("reports/") else ""
        options.say(f"  {name} (deleted{again})")
    for name in emptied:
        options.say(f"  {name} (what is the patient's)")
    return True
