"""Names lead to one place: no two modules and no two classes, private or not, share one."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

import clinicreport

PACKAGE = Path(clinicreport.__file__).parent
MODULES = [path for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__")]


def shared(named: list[tuple[str, Path]]) -> dict[str, list[str]]:
    """Names with more than one place."""
    places = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(PACKAGE).as_posix())
    return {name: found for name, found in places.items() if len(found) > 1}


def test_no_two_modules_share_a_name() -> None:
    commands = PACKAGE / "commands"  # whose modules are named after their commands
    assert shared([(path.stem, path) for path in MODULES if path.parent != commands]) == {}


def test_no_two_classes_share_a_name() -> None:
    classes = [
        (node.name, path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert len(classes) > 100
    assert shared(classes) == {}


@pytest.mark.parametrize("room", ["reading", "log", "editing"])
def test_a_large_rooms_map_names_its_modules(room: str) -> None:
    package = import_module(f"clinicreport.{room}")
    named = set(re.findall(r"``(\w+)``", package.__doc__ or ""))
    assert named == {module.name for module in pkgutil.iter_modules(package.__path__)}
