"""The protocol's rules over the whole frame: each a function from :class:`Case` to hits.

To add a rule: write one function in a module of this package and give it a stanza of the same name
in ``templates/protocol.toml``. Its page in the docs, its line in ``clinicreport protocol`` and its
findings in report and check follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import isgeneratorfunction

from clinicreport.log.session_log import Located
from clinicreport.rules import (
    doubled_visits,
    entered_dates,
    entered_visits,
    identity,
    moved_columns,
    response,
    safety,
    schedule,
    session,
)
from clinicreport.rules.case import Case, Hits

_MODULES = (
    entered_visits,
    entered_dates,
    doubled_visits,
    identity,
    moved_columns,
    session,
    schedule,
    response,
    safety,
)
# Rule -> its function: each public generator that a module defines, the underscores of its name as
# hyphens.
RULES: dict[str, Callable[[Case], Iterable[Hits]]] = {
    name.replace("_", "-"): function
    for module in _MODULES
    for name, function in vars(module).items()
    if isgeneratorfunction(function) and function.__module__ == module.__name__
    if not name.startswith("_")
}


def check(case: Case) -> list[Located]:
    """The findings of every rule that is switched on."""
    found: list[Located] = []
    for rule, function in RULES.items():
        if case.protocol.active(rule):
            for hits in function(case):
                found += case.located(rule, hits)
    return found
