"""What a user asked for, from options, files and defaults: one :class:`Request`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clinicreport.ground.errors import UsageError
from clinicreport.ground.period import Period, parse_period
from clinicreport.log.declared import Declared
from clinicreport.log.headings import Aliases, key
from clinicreport.protocol import in_force
from clinicreport.protocol.in_force import Protocol
from clinicreport.settings import config
from clinicreport.settings.config import Config, Form, Order
from clinicreport.settings.password_file import read_password

if TYPE_CHECKING:
    from clinicreport.log.dates import DateStyle
    from clinicreport.log.session_log import Reading


class Request(NamedTuple):
    """What a user asked for, beside the paths."""

    protocol: Protocol
    config: Config
    today: date
    period: Period | None = None
    password: str | None = None
    jobs: int = 1
    progress: Callable[[str], None] | None = None
    settings: tuple[tuple[str, str], ...] = ()  # what is in force and where it came from, in words
    day_given: bool = False  # the day was named, so that it is not the clock's
    folder: Path = Path()  # the clinic folder, which the logo is looked for in


def make_request(
    *,
    protocol_file: Path | None = None,
    config_file: Path | None = None,
    period: str | None = None,
    today: str | None = None,
    password_file: Path | None = None,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
    folder: Path | None = None,
) -> Request:
    """Everything in force, strictly checked.

    The clinic folder is the one named, else the current folder if it holds a ``clinic.toml``.
    Raises UsageError with the file and key, or the option, that is not as it should be.
    """
    here = folder or (Path() if Path("clinic.toml").is_file() else None)
    settings, used = config.load(config_file, here)
    own = here / "protocol.toml" if here and (here / "protocol.toml").is_file() else None
    protocol_path = protocol_file or own
    said = [
        ("Protocol", str(protocol_path.name) if protocol_path else "built-in"),
        ("Settings", ", ".join(path.name for path in used) or "built-in"),
        ("Clinic folder", here.resolve().name if here else "none"),
        ("Date order of text dates", settings.date_order or "from the evidence in each column"),
        ("Codes for missing", ", ".join(settings.missing) or "the usual ones"),
    ]
    return Request(
        protocol=in_force.load(protocol_path),
        config=settings,
        today=_day(today),
        day_given=today is not None,
        period=parse_period(period) if period else None,
        password=read_password(password_file),
        jobs=jobs,
        progress=progress,
        settings=tuple(said),
        folder=here or (config_file.parent if config_file else Path()),
    )


def _day(text: str | None) -> date:
    if text is None:
        return date.today()  # the clinic's own day, not UTC's
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--today {text}: write the day as 2026-10-31") from error


def reading(request: Request) -> Reading:
    """How the clinic's settings say that its files are to be read."""
    from clinicreport.log.answer_words import Clearances
    from clinicreport.log.cells import Words, plain
    from clinicreport.log.forms import KnownForm
    from clinicreport.log.reporter import Reporter
    from clinicreport.log.session_log import Reading

    config, safety = request.config, request.protocol.safety
    clearances = Clearances(tuple(safety.no_clearance_terms), tuple(safety.clearance_terms))
    base = Reading(
        reporter=Reporter(request.protocol),
        today=request.today,
        aliases=Aliases(_headings(config.aliases, config.reading)),
        words=Words(frozenset(plain(code) for code in config.missing), clearances),
        dates=_dates(config, config.date_order, config.reading),
        start=config.start_date,
        declared=config.reading,
        same={other: group[0] for group in config.ids.same for other in group[1:]},
        different=frozenset(
            frozenset((one, other))
            for group in config.ids.different
            for one in group
            for other in group
            if one != other
        ),
    )
    forms = tuple(
        KnownForm(form.name, form.keys, _of_form(form, base, config)) for form in config.forms
    )
    return replace(base, forms=forms)


def _of_form(form: Form, base: Reading, config: Config) -> Reading:
    """How the sheets of one form are read."""
    general = config.reading
    declared = form.reading.model_copy(
        update={"ignore": general.ignore, "two_sessions_a_day": general.two_sessions_a_day}
    )
    return replace(
        base,
        aliases=Aliases(_form_headings(form, config)),
        dates=_dates(config, form.date_order or config.date_order, declared),
        start=form.start_date or config.start_date,
        declared=declared,
        form=form.name,
    )


def _form_headings(form: Form, config: Config) -> dict[str, list[str]]:
    """Field -> headings: the form's own, and the general ones of other fields and headings."""
    own = _headings(form.aliases, form.reading)
    taken = {key(heading) for headings in own.values() for heading in headings}
    general = {
        name: [heading for heading in headings if key(heading) not in taken]
        for name, headings in config.aliases.items()
        if name not in own
    }
    return {**general, **own}


def _dates(config: Config, order: Order, declared: Declared) -> DateStyle:
    from clinicreport.log.dates import DateStyle

    return DateStyle(
        order,
        tuple(config.languages),
        year=declared.year,
        swapped=declared.swapped_dates,
    )


def _headings(aliases: Mapping[str, list[str]], declared: Declared) -> dict[str, list[str]]:
    """Field -> the clinic's own headings: its aliases, and those that declared readings name."""
    named = declared.headings
    return {name: [*aliases.get(name, ()), *named.get(name, ())] for name in {**aliases, **named}}
