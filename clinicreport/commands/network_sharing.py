"""A network's version for sharing: held beside those given before, and remembered by whom it tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.books.network_share.network_version import NetworkVersion, versions
from clinicreport.commands.sharing import held_beside, remember
from clinicreport.folder.shared_memory import Memory, memories_at, memories_of

if TYPE_CHECKING:
    from clinicreport.books.share.told import Told
    from clinicreport.commands.network_units import NetworkUnit
    from clinicreport.outcomes.network.network_result import Network


@dataclass(frozen=True, slots=True)
class MemoryPlaces:
    """Where a network is remembered: as a whole, and beside each unit's logs what concerns it."""

    whole: tuple[Memory, ...]
    units: tuple[tuple[Memory, ...], ...]


def places(paths: Iterable[str], units: Sequence[NetworkUnit]) -> MemoryPlaces:
    """As a whole: where the clinics' folders lie side by side, or the one log."""
    folders = {Path(log).parent for unit in units for log in unit.paths}
    given = [Path(path).resolve() for path in paths]
    own = (path.parent if path.is_file() or _is_unit(path, folders) else path for path in given)
    whole = memories_at(own)
    known = {memory.where for memory in whole}
    parts = (memories_of(unit.paths) for unit in units)
    return MemoryPlaces(
        tuple(whole),
        tuple(tuple(one for one in part if one.where not in known) for part in parts),
    )


def _is_unit(path: Path, folders: set[Path]) -> bool:
    """Whether a folder is a clinic's itself: logs lie in it, or in its archive."""
    return path in folders or (path / "archive").is_dir() or path.name == "archive"


@dataclass(frozen=True, slots=True)
class SharedNetwork:
    """The version that may be given, and where it is remembered."""

    version: NetworkVersion
    at: MemoryPlaces
    release: str | None

    @classmethod
    def of(cls, network: Network, at: MemoryPlaces, release: str | None) -> SharedNetwork:
        """The version for sharing that may be given. Raises OutputError where it is held."""
        memories = [*at.whole, *(memory for unit in at.units for memory in unit)]
        return cls(held_beside(memories, versions(network), release), at, release)

    def remember(self) -> str:
        """Keep it everywhere; what is to be said of that. Raises OutputError where it is held now."""
        return remember(self._told(), self.version, self.release)

    def _told(self) -> Iterator[tuple[Memory, Told]]:
        whole = self.version.told
        yield from ((memory, whole) for memory in self.at.whole)
        for unit, memories in enumerate(self.at.units):
            if memories:
                part = self.version.told_to(unit)
                yield from ((memory, part) for memory in memories)
