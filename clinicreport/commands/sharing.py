"""Versions for sharing that a person makes: held beside those given before, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from clinicreport.ground.errors import OutputError

if TYPE_CHECKING:
    from clinicreport.books.share.told import Told
    from clinicreport.folder.shared_again import Version
    from clinicreport.folder.shared_memory import Memory

RELEASE = click.option(
    "--release",
    metavar="NAME",
    help="Share this version although few patients differ from one given before; the name stands"
    " where it is held.",
)
NOT_REMEMBERED = (
    "It is not remembered{where}: the next version cannot be compared with it, and whoever has two"
    " that few patients changed between could subtract (docs/sharing.md)"
)


def held_beside(
    memories: Sequence[Memory], versions: Iterable[Version], release: str | None
) -> Version:
    """The version that may be given. Raises OutputError where it is held, UserError where what was
    given before cannot be read."""
    from clinicreport.folder.shared_again import HeldBack, chosen, why_held

    found = {told.name: told for memory in memories for told in memory.given()}
    given = [told for told in found.values() if told.part_of not in found]
    try:
        return chosen(given, versions, lambda told: told.name == release)
    except HeldBack as held:
        how = f"the same command with --release {held.name}"
        raise OutputError(f"Nothing was written: {why_held(held.few, how)}") from None


def remember(places: Iterable[tuple[Memory, Told]]) -> str:
    """Keep in each place what was given there; what is to be said of it. Raises UserError where a
    clinic folder is in use."""
    missed, anywhere = [], False
    for memory, told in places:
        anywhere = True
        try:
            if told not in memory.given():
                memory.keep(told)
        except OSError as error:
            missed.append(f"{memory.where} ({error.strerror})")
    if missed or not anywhere:
        return NOT_REMEMBERED.format(where=f" in {', '.join(missed)}" if missed else "")
    return "It is remembered where the logs are: later versions are compared with it."


def read_from(paths: Iterable[str]) -> list[Memory]:
    """Where versions made of the logs at these paths are remembered; none for standard input."""
    from clinicreport.folder.shared_memory import memories_of
    from clinicreport.reading.files import expand

    named = [path for path in paths if path != "-"]
    return memories_of(expand(named)) if named else []
