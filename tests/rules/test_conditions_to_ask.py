"""What the article does not name but other sources do: asked about, each with its source."""

import pytest
from rule_log import FIELDS, check, messages, visit

from clinicreport.protocol import in_force

RULE = "contraindication-to-ask"


def said(text: str, own: str = "") -> list[str]:
    return messages(check([visit(0, contraindications=text)], own), RULE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Epilepsy", "Epilepsy"),
        ("history of breast cancer (2019)", "Cancer"),
        ("lymphoma", "Cancer"),
        ("Epilepsie", "Epilepsy"),
        ("Z. n. Mammakarzinom", "Cancer"),
        ("Brustkrebs 2019", "Cancer"),
        ("cancer du sein", "Cancer"),
        ("épilepsie", "Epilepsy"),
        ("cáncer de mama", "Cancer"),
        ("epilepsia", "Epilepsy"),
        ("scleroderma", "Scleroderma"),
        ("malignant hyperthermia", "Malignant hyperthermia"),
        ("family history of cancer; epilepsy since 2001", "Epilepsy"),
    ],
)
def test_what_names_one(text: str, name: str) -> None:
    (message,) = said(text)
    assert f": {name} (" in message
    assert "The article does not name it" in message


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "no cancer",
        "no epilepsy, no cancer",
        "kein Krebs",
        "family history of cancer",
        "Familienanamnese: Krebs",
        "benign tumour of the skin",
        "cancer screening in May",
        "Cancerian",
        "pregnancy",
        "photosensitive medication",
    ],
)
def test_what_names_none(text: str) -> None:
    assert said(text) == []


def test_two_in_one_cell_are_one_finding_with_both_sources() -> None:
    (message,) = said("epilepsy and scleroderma")
    assert "Epilepsy (Navratil 2002, an opinion on lasers) and scleroderma (Gale 2006" in message


def test_beside_a_contraindication_each_rule_speaks_for_itself() -> None:
    found = check([visit(0, contraindications="pregnant; epilepsy")])
    assert [(f.rule, f.severity) for f in found.findings] == [
        ("contraindication", "error"),
        (RULE, "warning"),
    ]


def test_the_register_and_its_clearance() -> None:
    register = {
        "P1": {"contraindications": "epilepsy", "clearance": None},
        "P2": {"contraindications": "cancer", "clearance": "Dr B, 4 March"},
    }
    fields = tuple(name for name in FIELDS if name not in ("contraindications", "clearance"))
    found = check([visit(0, name) for name in register], register=register, fields=fields)
    assert [(f.rule, f.sheet, f.cell) for f in found.findings] == [(RULE, "Patients", "B2")]


def test_a_waiver_does_not_silence_it() -> None:
    found = check([visit(0, contraindications="epilepsy", waiver="the patient wished it")])
    assert [(f.rule, f.severity) for f in found.findings] == [(RULE, "warning")]


def test_each_has_its_source_and_a_clinic_has_its_own_list() -> None:
    assert all(entry.source for entry in in_force.load().safety.to_ask)
    own = '[[safety.to_ask]]\nname = "lupus"\nsource = "Our own"\nterms = ["lupus"]\n'
    (message,) = said("lupus", own)
    assert ": Lupus (Our own) is recorded and no clearance is." in message
    assert said("epilepsy", own) == []
