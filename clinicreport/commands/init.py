"""``clinicreport init``: a clinic folder, ready to use."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be made.")
def init(*, directory: Path, dry_run: bool) -> None:
    """Make a clinic folder, ready to use. Nothing that is there is overwritten."""
    from clinicreport.folder import places

    made, left = places.make(directory, dry_run=dry_run)
    verb = "Would make" if dry_run else "Made"
    click.echo(f"{verb}: {', '.join(made)}" if made else "Everything is there already.")
    if left:
        click.echo(f"Left as they were: {', '.join(left)}")
    if not dry_run:
        if sys.platform == "win32":
            from clinicreport.folder import windows_rights as rights

            place = directory.resolve()
            if said := rights.sentence(place, rights.open_to(place)):
                click.echo(f"\n{said}")
        click.echo(
            f"\nNext:\n  1. put your name and the manager's address into "
            f"{directory / 'clinic.toml'}"
            f"\n  2. try it: copy {directory / 'samples' / '2026-08.xlsx'} into "
            f"{directory / 'inbox'}\n  3. clinicreport run {directory}"
        )
