"""What is said about studies: each fact once, both sides alike, and true to what was seen."""

import re
from pathlib import Path

import pytest

from clinicreport.ground.errors import UsageError
from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml, validated
from clinicreport.outcomes.evidence.claims import NOTHING, Claim, Evidence, load
from clinicreport.protocol import in_force

ROOT = Path(__file__).parents[2]
EVIDENCE = load()
CLAIMS = {entry.id: entry for entry in EVIDENCE.claim}


def both(claim: Claim) -> tuple[str, str]:
    return EVIDENCE.in_favour(claim), EVIDENCE.contrary(claim)


def test_every_claim_says_what_is_for_and_against_it() -> None:
    for claim in EVIDENCE.claim:
        favour, against = both(claim)
        assert favour
        assert against
        assert NOTHING not in against


@pytest.mark.parametrize(
    ("claim", "favour", "against"),
    [
        (
            "drop",
            ["six weeks", "Huang 2015: 13.6", "Glazov 2016"],
            ["2.5 points", "Guimarães 2021"],
        ),
        ("half", ["56.5 %", "Huang 2015"], ["18.9 %", "no share of patients|not a share"]),
        ("no-adverse-effects", ["none of|no events among 74"], ["13 of 100", "4.0 of 100", "burn"]),
        ("less-opioid-use", ["Nesioonpour 2014"], ["kept their opioids in both arms"]),
        ("mobility", [], ["Huang 2015: no significant effect on range of motion or disability"]),
        ("long-lasting", ["22 weeks"], ["12 months"]),
        ("better-than-laser", [], ["Ammar 2015: no difference .* shown", "no placebo"]),
        ("weeks-3-to-4", [], ["Artus 2014", "Menezes Costa 2012"]),
    ],
)
def test_the_sides(claim: str, favour: list[str], against: list[str]) -> None:
    said = both(CLAIMS[claim])
    for text, patterns in zip(said, (favour, against), strict=True):
        for pattern in patterns:
            assert re.search(pattern, text), (pattern, text)


def test_a_study_in_favour_stands_on_its_side_only() -> None:
    for claim in EVIDENCE.claim:
        assert not set(claim.favour) & set(claim.against)
    assert all("huang-2015.pain" not in claim.against for claim in EVIDENCE.claim)


def test_the_reviews_and_thresholds_are_there() -> None:
    told = "\n".join(EVIDENCE.told(topic) for topic in EVIDENCE.topic)
    for text in (
        "IMMPACT 2020: an update is there; what it advises was not seen",
        "CONSORT Harms 2022",
        "Shah 2015",
        "Mbowe 2019",
        "Kovacs 2008: neck pain needs 4.0 points",
        "makes 2.8 points",
        "1 (from 1 to 4), 2 (5 to 7), 3 to 4 (8 to 10)",
        "daily diaries",
        "recall over one week",
        "not strictly comparable",
        "power, beam area, pulse and site are missing",
    ):
        assert text in told


def test_what_was_not_seen_is_not_printed() -> None:
    text = resource("templates/evidence.toml").read_text(encoding="utf-8")
    for study in EVIDENCE.study:
        assert study.seen
    assert "16960636" not in text  # a number that was not sure
    assert "99.8 %" not in text


def test_a_fact_that_is_not_there_is_refused() -> None:
    told = read_toml(resource("templates/evidence.toml"))
    told["claim"][0]["favour"] = ["gale-2006.dorp"]
    with pytest.raises(UsageError, match=r"gale-2006\.dorp"):
        validated(Evidence, told, "evidence.toml")


def test_the_arithmetic_that_is_called_calculated() -> None:
    treated, placebo = in_force.load().reference
    falls = [arm.start - arm.end for arm in (treated, placebo)]
    assert falls[0] == pytest.approx(EVIDENCE.drop_points)
    assert falls[0] - falls[1] == pytest.approx(2.5)
    shares = [100 * fall / arm.start for fall, arm in zip(falls, (treated, placebo), strict=True)]
    assert [round(share, 1) for share in shares] == [56.5, 18.9]
    assert treated.weeks == placebo.weeks == 6
    assert [round(100 * (1 - 0.05 ** (1 / n)), 1) for n in (21, 74)] == [13.3, 4.0]
    assert round(1.96 * 2**0.5 * 1.02, 1) == 2.8
    assert round(1.645 * 2**0.5 * 1.02, 1) == 2.4
    assert [round(100 * (a - b) / a) for a, b in ((51, 33), (52, 23))] == [35, 56]


def test_the_protocols_note_says_nothing_else() -> None:
    """A clinic can change the note; as it comes, its figures are those of the studies."""
    note = in_force.load().evidence_note
    facts = " ".join(fact for study in EVIDENCE.study for fact in study.facts.values())
    told = facts + " ".join(study.cite for study in EVIDENCE.study)
    for number in re.findall(r"\d+(?:\.\d+)?", note):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", told), number


PRINTED = [
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "templates").rglob("*.toml"),
    ROOT / "README.md",
    *(ROOT / "clinicreport" / "books").rglob("*.py"),
    *(ROOT / "clinicreport" / "outcomes").rglob("*.py"),
]


def test_what_is_no_longer_said() -> None:
    old = re.compile(
        r"(?<!in)consistent with|seven weekly|\bnot consistent\b|weekly visits", re.IGNORECASE
    )
    found = [path.name for path in PRINTED if old.search(path.read_text(encoding="utf-8"))]
    assert found == []
