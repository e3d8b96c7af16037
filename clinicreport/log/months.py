"""Names of months and weekdays, without accents, in the languages that dates may be written in."""

from __future__ import annotations

from functools import cache

MONTHS: dict[str, tuple[str, ...]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "january february march april may june july august september october november "
        "december",
        "de": "januar februar marz april mai juni juli august september oktober november dezember",
        "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre "
        "decembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
        "diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
        "novembre dicembre",
        "nl": "januari februari maart april mei juni juli augustus september oktober november "
        "december",
        "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro "
        "dezembro",
    }.items()
}
# Beside the first three letters of each.
SHORT_FORMS = {
    "en": {"sept": 9},
    "de": {"janner": 1, "feber": 2, "mrz": 3, "maerz": 3, "sept": 9},
    "fr": {"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9},
    "es": {"sept": 9, "setiembre": 9},
    "it": {"genn": 1, "febbr": 2, "magg": 5, "sett": 9},
    "nl": {"mrt": 3, "sept": 9},
    "pt": {},
}
LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
_WEEKDAYS = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "lunedi",
    "martedi",
    "mercoledi",
    "giovedi",
    "venerdi",
    "sabato",
    "domenica",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "segunda",
    "terca",
    "quarta",
    "quinta",
    "sexta",
    "segunda-feira",
    "terca-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
]


@cache
def month_number(name: str, language: str) -> int | None:
    """A month's number from its name, a usual short form or its first three letters.

    None for anything else, three letters that two months begin with included ("jui").
    """
    if name in SHORT_FORMS[language]:
        return SHORT_FORMS[language][name]
    names = MONTHS[language]
    if name in names:
        return names.index(name) + 1
    begun = [at for at, full in enumerate(names, 1) if len(name) == 3 and full.startswith(name)]
    return begun[0] if len(begun) == 1 else None


def is_weekday(word: str) -> bool:
    """Whether a word is a weekday's name, or its beginning of two letters or more."""
    return len(word) > 1 and any(name.startswith(word) for name in _WEEKDAYS)
