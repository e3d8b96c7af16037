"""Spreadsheets as they are: paths in, :class:`Book` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinicreport.reading.book import (
    Book,
    CellError,
    Column,
    Percent,
    Sheet,
    Uncached,
    Value,
    column_letters,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from clinicreport.reading.books import Books

__all__ = [
    "Book", "CellError", "Column", "Percent", "Sheet", "Uncached", "Value", "column_letters",
    "expand", "read_books",
]  # fmt: skip


def read_books(
    paths: Sequence[str | Path],
    *,
    password: str | None = None,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Books:
    """An iterator over the books at these paths, in their order; reading begins at once.

    A path is a file (see :func:`expand` for folders) or ``-`` for standard input. A file that
    cannot be read gives a Book with a ``reason``, never an exception. The same content is given
    once; ``skipped`` of the iterator names what was left out. ``jobs``: how many files are read
    at the same time; ``progress`` is called with each file's name before it is given.
    """
    from clinicreport.reading.books import Books

    return Books(paths, password=password, jobs=jobs, progress=progress)


def expand(paths: Sequence[str | Path]) -> list[Path]:
    """Files at these paths: a folder gives its spreadsheets by name, ``-`` stays.

    Raises UsageError for a path that does not exist and for a folder without a spreadsheet.
    """
    from clinicreport.reading.books import expand_paths

    return expand_paths(paths)
