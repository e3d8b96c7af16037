"""Pages and messages from the templates in ``templates/``, or a clinic's own in their place.

In every ``.html`` each value is text: Jinja2 escapes it, and what hides text is left out. Templates
run in Jinja2's sandbox, since a clinic's own may be written by anybody who can reach its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of, patiently
from clinicreport.ground.resources import resource
from clinicreport.ground.unsafe_text import clean

if TYPE_CHECKING:  # Jinja2 is imported by those who need a page
    from jinja2.sandbox import SandboxedEnvironment

OWN = "mail"  # the folder of a clinic folder whose templates take the place of the packaged ones


def page(name: str, words: Mapping[str, object], folder: Path | None = None) -> str:
    """The template ``name`` ("mail/report.html") filled with ``words``.

    ``folder``: a clinic folder, whose own template of this name comes first. Raises UsageError
    where that one cannot be filled.
    """
    from jinja2 import TemplateError

    environment = _environment(folder, words)
    own = folder is not None and (folder / name).is_file()
    # What a packaged template raises is a defect; what a clinic's own can raise is its writer's.
    mistakes = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
    try:
        return environment.get_template(name).render(words)
    except mistakes as error:
        if not own:
            raise
        line = f", line {error.lineno}" if hasattr(error, "lineno") else ""
        raise UsageError(
            f"{name} in the clinic folder cannot be filled{line}: {error}. Its words are written "
            f"{{{{ month }}}}; there are: {', '.join(words)}. Mend it, or take the file away: then "
            "the usual words are sent"
        ) from error


def piece(name: str, words: Mapping[str, object]) -> str:
    """A packaged part of a page, which stays markup when it stands in another template."""
    from markupsafe import Markup

    return Markup(page(name, words))  # noqa: S704  # every value in it has been escaped


def _environment(folder: Path | None, known: Iterable[str]) -> SandboxedEnvironment:
    """Where templates are found, and how they are filled."""
    from jinja2 import (
        BaseLoader,
        ChoiceLoader,
        FileSystemLoader,
        FunctionLoader,
        PrefixLoader,
        StrictUndefined,
        select_autoescape,
    )
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    loaders: list[BaseLoader] = [FileSystemLoader(resource("templates"))]
    if folder is not None:
        own = FunctionLoader(lambda name: _own_template(folder / OWN, name, known))
        loaders.insert(0, PrefixLoader({OWN: own}))
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> object:
    """A value as it stands in a page; markup stays markup."""
    return type(value)(clean(value)) if isinstance(value, str) else value


def _own_template(folder: Path, name: str, known: Iterable[str]) -> str | None:
    """A clinic's own template, also one with the words of before; None where there is none."""
    path = folder / name
    if path.parent != folder or not path.is_file():
        return None
    source = patiently(lambda: path.read_text(encoding="utf-8-sig"))
    return source if re.search(r"\{\{|\{%", source) else _from_dollars(source, known)


def own_templates(folder: Path) -> list[tuple[str, bytes]]:
    """A clinic folder's own templates: their names and bytes. Raises OSError."""
    lying = sorted(path for path in (folder / OWN).glob("*") if path.is_file())
    return [(path.name, bytes_of(path)) for path in lying]


def _from_dollars(source: str, known: Iterable[str]) -> str:
    """A template of before, whose words were ``$month`` or ``${month}``, in Jinja2's signs."""
    words = "|".join(map(re.escape, known))
    signs = re.compile(rf"\$(?:(?P<dollar>\$)|(?P<bare>{words})\b|\{{(?P<braced>{words})\}})|\{{#")

    def new(match: re.Match[str]) -> str:
        word = match["bare"] or match["braced"]
        return (
            f"{{{{ {word} }}}}"
            if word
            else f"{{{{ '{match[0][-1 if match['dollar'] else 0 :]}' }}}}"
        )

    return signs.sub(new, source)
