"""Error values as programs write them into text, in the languages of Excel and LibreOffice."""

from __future__ import annotations

import re

_TEXTS = """
#N/A #DIV/0! #VALUE! #REF! #NAME? #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN!
#BUSY! #CONNECT! #EXTERNAL! #PYTHON! #TIMEOUT! #GETTING_DATA #ERROR! #ERR! #MACRO?
#NV #WERT! #BEZUG! #ZAHL! #ÜBERLAUF! #KALK!
#VALEUR! #NOM? #NOMBRE! #NUL!
#¡DIV/0! #¡VALOR! #¡REF! #¿NOMBRE? #¡NUM! #¡NULO! #N/D #DIV/0 #VALOR! #NULO! #NÚM! #NOME?
#VALORE! #RIF! #NULLO! #NUM!
#WAARDE! #VERW! #NAAM? #GETAL! #LEEG! #N/B #DEEL/0!
#VÄRDEFEL! #REFERENS! #NAMN? #OGILTIGT! #SKÄRNING! #SAKNAS! #DIVISION/0!
#VÆRDI! #REFERENCE! #NAVN? #I/T #VERDI!
#ARVO! #VIITTAUS! #NIMI? #LUKU! #TYHJÄ! #PUUTTUU! #JAKO/0!
#ARG! #ADR! #NAZWA? #LICZBA! #ZERO! #N/D! #DZIEL/0!
#HODNOTA! #ODKAZ! #NÁZEV? #ČÍSLO! #NENÍ_K_DISPOZICI #DĚLENÍ_NULOU!
#ÉRTÉK! #HIV! #NÉV? #SZÁM! #NULLA! #HIÁNYZIK #ZÉRÓOSZTÓ!
#Н/Д #ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #ПУСТО! #ДЕЛ/0!
#YOK #DEĞER! #BAŞV! #AD? #SAYI! #BOŞ! #SAYI/0!
"""
ERROR_TEXTS = frozenset(_TEXTS.casefold().split())
FIRST_OF_ERRORS = frozenset("#Ee \t\xa0")  # how an error text can begin, blanks included
# Newer errors in further languages: one word in capitals between # and ! or ? (#PROPAGATION!).
_CAPITALS = re.compile(r"#[¡¿]?[^\W\d_][\w./]*[!?]")
_LIBREOFFICE = re.compile(r"err:\d{3}")
_TOO_NARROW = re.compile(r"#{3,}")  # what a text export holds where a column was too narrow


def is_error_text(text: str) -> bool:
    """Whether a text is an error value: ``#N/A``, ``#¡DIV/0!``, ``Err:502``, ``#######`` …"""
    shown = text.strip()
    bare = shown.casefold()
    if bare in ERROR_TEXTS or _LIBREOFFICE.fullmatch(bare) or _TOO_NARROW.fullmatch(bare):
        return True
    return bool(_CAPITALS.fullmatch(shown)) and shown.isupper()
