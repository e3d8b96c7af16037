"""Units, with every word that people write for them."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit and how people write it. Case, blanks and accents do not matter.

    ``words`` hold in a cell and in a heading's brackets, ``in_cells`` and ``in_headings`` only
    there, where they are sure. Units of one ``quantity`` can be taken for each other.
    """

    name: str
    quantity: str
    words: tuple[str, ...] = ()
    in_cells: tuple[str, ...] = ()
    in_headings: tuple[str, ...] = ()


# Those of the fields, and others that stand in headings: a column in another unit is never used.
UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit(
            "min",
            "time",
            ("mins", "minute", "minutes", "Minuten", "minutos", "minuut", "minuto", "minuti"),
            in_cells=("m", "'", "′", "’"),
        ),
        Unit(
            "years",
            "time",
            (
                *("y", "yr", "yrs", "year", "Jahr", "Jahre", "Jahren"),
                *("an", "ans", "année", "années", "año", "años"),
                *("jaar", "jaren", "ano", "anos", "anno", "anni"),
            ),
        ),
        Unit(
            "s",
            "time",
            (
                "sec",
                "secs",
                "second",
                "seconds",
                "Sekunden",
                "secondes",
                "segundos",
                "seconden",
                "secondi",
            ),
        ),
        Unit(
            "h", "time", ("hr", "hrs", "hour", "hours", "Stunden", "heures", "horas", "uren", "ore")
        ),
        Unit("days", "time", ("day", "Tage", "jours", "días", "dagen", "dias", "giorni")),
        Unit("weeks", "time", ("Wochen", "semaines", "semanas", "weken", "settimane")),
        Unit("months", "time", ("month", "Monate", "mois", "meses", "maanden", "mesi")),
        Unit("nm", "length", ("nanometer", "nanometers", "nanometre", "nanometres")),
        Unit("µm", "length", ("um",)),
        Unit("mm", "length"),
        Unit("cm", "length", ("centimeter", "centimeters", "centimetre", "centimetres")),
        Unit("m", "length"),
        Unit("inch", "length", ("inches",)),
        Unit("mW/cm²", "irradiance", ("mW/cm^2", "mW cm-2", "mW per cm2"), in_headings=("mW/cm",)),
        Unit("W/cm²", "irradiance"),
        Unit("W/m²", "irradiance"),
        Unit("mW", "power"),
        Unit("W", "power"),
        Unit("J/cm²", "fluence", ("J/cm^2", "J cm-2", "J per cm2"), in_headings=("J/cm",)),
        Unit("mJ/cm²", "fluence"),
        Unit("J", "energy"),
        Unit("mg", "mass"),
        Unit("g", "mass"),
        Unit(
            "°C",
            "temperature",
            (
                *("C", "ºC", "deg C", "degree C", "degrees C", "Celsius", "degrees Celsius"),
                *("Grad", "Grad C", "Grad Celsius", "degrés C", "degrés Celsius", "grados C"),
            ),
        ),
        Unit("°F", "temperature", ("F", "ºF", "deg F", "degrees F", "Fahrenheit", "Grad F")),
        Unit("K", "temperature", ("Kelvin",)),
        Unit("0-100", "scale", ("0 to 100", "out of 100", "100")),
    )
}
