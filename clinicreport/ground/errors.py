"""Errors that a user can do something about, each with its exit status.

Everything else is a defect. A traceback is shown only with ``-vv``.
"""

from __future__ import annotations

DEFECT = 70  # exit status of what should not happen, beside those of the errors below


class UserError(Exception):
    """Cannot continue; the message is one plain sentence: what is wrong and what to do."""

    exit_status = 2


class UsageError(UserError):
    """Wrong option, configuration or protocol, or a path that does not exist."""

    exit_status = 2


class OutputError(UserError):
    """An output could not be written: open elsewhere, read-only, disk full, there already."""

    exit_status = 5


class DamagedLedger(UsageError):  # noqa: N818 (a sentence for people, like the others)
    """The ledger's file is damaged, or none that this program can go on with: nothing more is
    written to it."""
