"""Words that say whether somebody came, in the languages of the headings: no case, no accents."""

from __future__ import annotations

_CAME = (
    "attended|came|present|showed|showed up|show|arrived|seen|completed|took place|"
    "erschienen|gekommen|anwesend|wahrgenommen|stattgefunden|"
    "venu|venue|presente|est venu|est venue|a eu lieu|"
    "asistio|vino|acudio|realizada|"
    "gekomen|aanwezig|verschenen|geweest|"
    "compareceu|veio|realizado|"
    "venuto|venuta|presentato|presentata|effettuata|effettuato|eseguita"
)
CAME = tuple(_CAME.split("|"))
_NOT_CAME = (
    "not-attended|not attended|no-show|no show|noshow|n/s|dna|did not attend|did not show|"
    "did not show up|did not come|didn't come|didn't attend|failed to attend|fta|absent|"
    "cancelled|canceled|cancellation|late cancellation|late cancel|cancelled late|"
    "cancelled by patient|cancelled by clinic|missed|missed visit|stayed away|not present|"
    "not seen|not arrived|was not brought|wnb|rescheduled|postponed|"
    "nicht erschienen|nicht gekommen|nicht da|abgesagt|kurzfristig abgesagt|ausgefallen|"
    "abwesend|gefehlt|fehlte|entfallen|verschoben|storniert|unentschuldigt|entschuldigt|"
    "non venu|non venue|pas venu|pas venue|n'est pas venu|n'est pas venue|absente|annule|annulee|"
    "manque|reporte|reportee|excuse|excusee|"
    "no asistio|no vino|no acudio|no se presento|ausente|cancelado|cancelada|anulado|anulada|falto|"
    "aplazado|aplazada|"
    "niet verschenen|niet gekomen|niet komen opdagen|afgezegd|afgemeld|afwezig|geannuleerd|verzet|"
    "faltou|falta|nao compareceu|nao veio|nao apareceu|desmarcado|desmarcada|remarcado|remarcada|"
    "adiado|adiada|"
    "non presentato|non presentata|non si e presentato|non si e presentata|assente|annullato|"
    "annullata|cancellato|cancellata|disdetto|disdetta|rinviato|rinviata|non venuto|non venuta"
)
NOT_CAME = tuple(_NOT_CAME.split("|"))
# Words of a heading below which a mere yes or no says whether somebody came.
_ASKED = (
    "came attended attendance attend showed show present arrived erschienen gekommen anwesend "
    "anwesenheit venu venue presence presente asistio asistencia vino acudio aanwezig gekomen "
    "compareceu comparecimento presenca presenza venuto venuta aanwezigheid verschenen presentato "
    "presentata"
)
ASKED = frozenset(_ASKED.split())
