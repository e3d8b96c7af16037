"""What becomes of findings from one report to the next."""

from rule_log import check, days, visit

from clinicreport.books.json_report import check_object
from clinicreport.outcomes.finding_life import Known, Reply, finding_life
from clinicreport.workbook.life_words import (
    life_line,
    months_line,
    quality_line,
    state_words,
    whose_line,
)


def two_faults(**cells):
    """Eye protection missing on two days, a row each of two therapists."""
    return [
        *days(0, 2, 4, therapist="A. Example"),
        visit(7, eye_protection="no", therapist="A. Example"),
        visit(9, therapist="B.  Example", **({"eye_protection": "no"} | cells)),
    ]


def test_without_an_earlier_report_all_is_new() -> None:
    life = finding_life(check(two_faults()))
    assert life.counts() == {"new": 2, "open": 0, "answered": 0, "mended": 0}
    assert life.before is None
    assert quality_line(life) == "no earlier report to compare with; 2 new"


def test_a_mended_one_is_counted_against_what_was_there() -> None:
    earlier = check_object(check(two_faults())) | {"period": "2026-02"}
    life = finding_life(check(two_faults(eye_protection="yes")), earlier)
    assert life.counts() == {"new": 0, "open": 1, "answered": 0, "mended": 1}
    assert quality_line(life) == "1 of 2 findings of Feb 2026 mended; 1 still open"


def test_an_answer_takes_a_finding_off_the_list_of_what_waits() -> None:
    checked = check(two_faults())
    first, second = finding_life(checked).ids
    known = Known({first: Reply("A. B.", "seen")}, {second: "2026-01"}, [("2026-01", {"new": 3})])
    life = finding_life(checked, check_object(checked), known)
    assert life.states == ("answered", "open")
    assert life.still_to_do() == [("B. Example", 1)]
    assert state_words(life, 0) == "answered by A. B.: seen"
    assert state_words(life, 1) == "still open since Jan 2026"
    assert whose_line(life) == "Not answered yet, by the therapist in the row: B. Example 1."
    assert months_line(life) == "Earlier reports: Jan 2026: 3 new."


def test_a_new_one_beside_a_report_that_had_none() -> None:
    earlier = {"findings": [], "period": "2026-02"}
    life = finding_life(check(two_faults()), earlier)
    assert quality_line(life) == "no finding of Feb 2026; 2 new"


def test_a_report_that_knew_no_ids_is_no_comparison() -> None:
    life = finding_life(check(two_faults()), {"findings": [{"rule": "no-eye-protection"}]})
    assert life.before is None
    assert life.mended == ()


def test_a_line_of_counts() -> None:
    assert life_line({"new": 4, "open": 0, "answered": 1, "mended": 23}) == (
        "4 new, 1 answered, 23 mended"
    )
    assert life_line({"new": 0}) == "none"
