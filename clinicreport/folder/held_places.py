"""Files that cannot be changed now, since another program has them: passed over, and named at the
end, so that everything else is done and nothing is taken for done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clinicreport.folder.guards import concerns_all, why
from clinicreport.ground.errors import OutputError


class HeldPlaces:
    """What was passed over, each with the reason."""

    def __init__(self) -> None:
        self._said: list[str] = []

    @contextmanager
    def passed_over(self, name: str) -> Iterator[None]:
        """Do one thing with a file; where another program is in the way, go on with the next."""
        try:
            yield
        except OSError as error:
            if concerns_all(error):
                raise
            self._said.append(f"{name}: {why(error)}")

    def refuse(self) -> None:
        """Raise OutputError where anything was passed over."""
        if self._said:
            raise OutputError(f"to be closed in other programs first: {'; '.join(self._said)}")
