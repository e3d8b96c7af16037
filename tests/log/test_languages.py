"""A log in any of the languages says what the same log says in English."""

from typing import Any

import pytest
from helpers import TODAY, book_of, sheet_of

from clinicreport.books.json_report import report_object
from clinicreport.log.months import LANGUAGE_NAMES, MONTHS
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import judged, typed
from clinicreport.protocol import in_force
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

PROTOCOL = in_force.load()

HEADINGS = {
    "en": "Patient|Date of visit|Visit type|Pain before|Pain after|Duration (min)|Eye protection"
    "|Skin clean|Contraindications|Clearance|Adverse event|Event severity|Event related|Notes",
    "nl": "Patiëntnummer|Datum behandeling|Soort bezoek|Pijn vóór|Pijn na|Duur (minuten)"
    "|Oogbescherming|Huid schoon|Contra-indicaties|Akkoord arts|Bijwerkingen|Ernst bijwerking"
    "|Verband met behandeling|Opmerkingen",
    "pt": "Nº do paciente|Data da sessão|Tipo de consulta|Dor antes|Dor após|Duração (minutos)"
    "|Proteção ocular|Pele limpa|Contraindicações|Autorização médica|Intercorrências"
    "|Gravidade do evento|Relação com o tratamento|Observações",
    "it": "Codice paziente|Data|Tipo di visita|Dolore prima|Dolore dopo|Durata (minuti)"
    "|Protezione occhi|Cute pulita|Controindicazioni|Nulla osta|Effetti collaterali"
    "|Gravità evento|Correlazione con il trattamento|Note",
}
# One cell a word, in the order of the columns: what follows the score after and the minutes.
SAID = {
    "en": [
        "screening|yes|yes|none|n/a|none|n/a|n/a|unknown",
        "treatment|yes|no|pregnancy|not yet|none reported|n/a|n/a|n/a",
        "treatment|no|yes|recent burns|approved|red skin|mild|unclear|n/a",
        "no-show|n/a|n/a|n/a|n/a|n/a|n/a|n/a|n/a",
        "follow-up|n/a|n/a|none|n/a|none|severe|unlikely|n/a",
    ],
    "nl": [
        "intakegesprek|ja|ja|geen|n.v.t.|geen bijwerkingen|n.v.t.|n.v.t.|n.v.t.",
        "behandeling|ja|nee|zwanger|nog niet|geen klachten|n.v.t.|n.v.t.|n.v.t.",
        "sessie|nee|ja|brandwonden|akkoord|rode huid|licht|onduidelijk|n.v.t.",
        "niet verschenen|nvt|nvt|nvt|nvt|nvt|nvt|nvt|nvt",
        "nacontrole|nvt|nvt|geen|nvt|geen|ernstig|onwaarschijnlijk|nvt",
    ],
    "pt": [
        "avaliação inicial|sim|sim|nenhuma|n.d.|sem intercorrências|n.d.|n.d.|n.d.",
        "tratamento|sim|não|grávida|ainda não|nenhum efeito adverso|n.d.|n.d.|n.d.",
        "sessão|não|sim|queimaduras|liberado|pele vermelha|ligeira|possível|n.d.",
        "faltou|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.",
        "acompanhamento|n.d.|n.d.|nenhuma|n.d.|nenhum|intensa|improvável|n.d.",
    ],
    "it": [
        "valutazione iniziale|sì|sì|nessuna|n.d.|nessun effetto collaterale|n.d.|n.d.|n.d.",
        "trattamento|sì|no|gravidanza|in attesa|nulla da segnalare|n.d.|n.d.|n.d.",
        "seduta|no|sì|ustioni|autorizzato|pelle rossa|lieve|forse|n.d.",
        "non presentato|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.|n.d.",
        "visita di controllo|n.d.|n.d.|nessuna|n.d.|nulla|forte|improbabile|n.d.",
    ],
}
SCORES = [(8, 7), ("8 / 10", 6), (6, 5), (None, None), (4, None)]
OF = {"en": "{} out of 10", "nl": "{} van 10", "pt": "{} em 10", "it": "{} su 10"}


def log(language: str) -> list[list[Any]]:
    rows: list[list[Any]] = [list(HEADINGS[language].split("|"))]
    for at, said in enumerate(SAID[language]):
        kind, *words = said.split("|")
        before, after = SCORES[at]
        if at == 2:
            before = OF[language].format(before)
        day = TODAY.replace(month=9, day=at + 1)
        rows.append(["P-001", day, kind, before, after, None if at == 3 else 15, *words])
    return rows


def told(rows: list[list[Any]], sheet: str = "Foglio1") -> dict[str, Any]:
    request = Request(PROTOCOL, Config(), TODAY)
    checked = judged(typed([book_of(sheet_of(rows, sheet))], request), request)
    found = report_object(checked, evaluate(checked))
    entry = found["inputs"][0]
    return {
        "rows": (entry["rows"], entry["used"], entry["set_aside"], entry["status"]),
        "findings": sorted((f["rule"], f["severity"], f["cell"]) for f in found["findings"]),
        "courses": found["courses"],
        "events": found["clinic"]["adverse_events"],
    }


@pytest.mark.parametrize("language", ["nl", "pt", "it"])
def test_a_log_says_the_same_in_every_language(language: str) -> None:
    english = told(log("en"))
    assert english["rows"] == (5, 5, 0, "read")
    assert {rule for rule, _, _ in english["findings"]} >= {
        *("contraindication", "no-eye-protection", "lotion-on-skin", "adverse-event"),
    }
    assert told(log(language)) == english


def test_there_are_names_for_every_language() -> None:
    assert set(LANGUAGE_NAMES) == set(MONTHS)


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        ("Datum|Cliënt|NRS voor|NRS na", "B A C D"),
        ("Utente|Data da consulta|EVA antes|EVA depois", "A B C D"),
        ("Paziente|Data seduta|NRS prima del trattamento|NRS dopo il trattamento", "A B C D"),
    ],
)
def test_other_usual_headings(heading: str, columns: str) -> None:
    values = {"A": "P-1", "B": "14-09-2026", "C": 7, "D": 4}
    order = columns.split()
    found = told([heading.split("|"), [values[letter] for letter in order]])
    assert found["rows"] == (1, 1, 0, "read")
    assert found["courses"][0]["baseline"] == 7
    assert found["courses"][0]["immediate_relief"] == 3


def test_data_beside_a_date_is_no_second_date() -> None:
    """The word for a date in two languages is a word for anything in English."""
    found = told([["Patient", "Date", "Data", "Pain"], ["P-1", "14 Sep 2026", "x", 7]], "Log")
    assert found["rows"] == (1, 1, 0, "read")
    assert [(rule, severity) for rule, severity, _ in found["findings"]] == [
        ("unknown-column", "note")
    ]


def test_a_scale_is_named_in_every_language() -> None:
    for heading in ("Pijn voor (0 tot 100)", "Dor antes (milímetros)", "Dolore prima su 100"):
        found = told([["Paziente", "Data", heading], ["P-1", "14/09/2026", 7]])
        assert [rule for rule, _, _ in found["findings"]] == ["other-scale"], heading


@pytest.mark.parametrize("sheet", ["Blad1", "Folha1", "Planilha2", "Foglio1", "Sedute 2026"])
def test_a_sheet_of_any_name_is_no_patient(sheet: str) -> None:
    found = told([["Data", "Dolore prima"], ["14/09/2026", 7]], sheet)
    assert [rule for rule, _, _ in found["findings"]] == ["missing-column"]
