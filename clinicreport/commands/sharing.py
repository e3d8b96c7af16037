"""Versions for sharing that a person makes: held beside those given before, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from clinicreport.ground.errors import OutputError

if TYPE_CHECKING:
    from clinicreport.books.share.told import Told
    from clinicreport.folder.shared_again import Shareable, Version
    from clinicreport.folder.shared_memory import Memory, Taken

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
    memories: Sequence[Memory | Taken], versions: Iterable[Version], release: str | None
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


def remember(places: Iterable[tuple[Memory, Told]], version: Shareable, release: str | None) -> str:
    """Keep in each place what is given there; what is to be said of it.

    Nobody else can add to any of them meanwhile, and the version is held beside what came since it
    was made. Raises OutputError where it is held now, or a place is in use; UserError otherwise.
    Only afterwards may it be written.
    """
    concerned = list(places)
    with ExitStack() as stack:
        taken, missed = _taken(stack, {memory for memory, _ in concerned})
        held_beside([place or memory for memory, place in taken.items()], [version], release)
        for memory, told in concerned:
            place = taken[memory]
            try:
                if place and told not in place.given():
                    place.keep(told)
            except OSError as error:
                missed.append(f"{memory.where} ({error.strerror})")
    if missed or not concerned:
        return NOT_REMEMBERED.format(where=f" in {', '.join(missed)}" if missed else "")
    return "It is remembered where the logs are: later versions are compared with it."


def _taken(stack: ExitStack, memories: set[Memory]) -> tuple[dict[Memory, Taken | None], list[str]]:
    """Each memory until the stack ends, None for one that cannot be written; and these in words.

    A place is taken once, however its path is written, and all places in the same order.
    """
    from clinicreport.folder.shared_memory import place_of

    at: dict[object, Taken | None] = {}
    missed: list[str] = []
    for memory in sorted(memories, key=lambda one: one.where):
        if (key := place_of(memory.where)) in at:
            continue
        try:
            at[key] = stack.enter_context(memory.taken())
        except OSError as error:
            at[key] = None
            missed.append(f"{memory.where} ({error.strerror})")
    return {memory: at[place_of(memory.where)] for memory in memories}, missed


def read_from(paths: Iterable[str]) -> list[Memory]:
    """Where versions made of the logs at these paths are remembered; none for standard input."""
    from clinicreport.folder.shared_memory import memories_of
    from clinicreport.reading.files import expand

    named = [path for path in paths if path != "-"]
    return memories_of(expand(named)) if named else []
