"""``clinicreport config``: each setting in force and where it came from."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from clinicreport.commands.monthly import OVER_THE_FOLDERS
from clinicreport.commands.options import JSON, config_option


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@config_option(OVER_THE_FOLDERS)
@JSON
def config(*, directory: Path | None, config_file: Path | None, as_json: bool) -> None:
    """Show each setting in force and where it came from. Mistakes are named with their place."""
    from clinicreport.folder.places import find
    from clinicreport.settings import config as settings

    folder = find(directory).root if directory else None
    here = folder or (Path() if Path("clinic.toml").is_file() else None)
    found = [
        (key, value.isoformat() if isinstance(value, date) else value, origin)
        for key, value, origin in settings.origins(config_file, here)
    ]
    if as_json:
        click.echo(
            json.dumps(
                {key: {"value": value, "from": origin} for key, value, origin in found}, indent=2
            )
        )
        return
    width = max(len(key) for key, _, _ in found)
    for key, value, origin in found:
        click.echo(f"{key:<{width}}  {json.dumps(value, ensure_ascii=False)}  ({origin})")
