"""Which version for sharing would give few patients away beside those given before."""

from collections import Counter

import pytest

from clinicreport.books.share.differencing import differing, given_away
from clinicreport.books.share.told import VIEWS, Told, Whole, read_told, together

COUNTS = frozenset({"started", "evaluable"})


def people(text):
    """Fingerprints: a letter a patient; a capital is somebody whose data were corrected."""
    return {view: Counter(text) for view in VIEWS}


def report(text, *groups, tells=COUNTS):
    """A version about these patients; ``groups`` of them have rows of their own."""
    rest = "".join(one for one in text if one not in "".join(groups))
    cells = tuple(map(people, (rest, *groups)))
    wholes = [Whole(tuple(range(len(cells))), tells)]
    wholes += [Whole((at,), tells) for at in range(1, len(cells))]
    return Told("report", cells, tuple(wholes))


def network(*clinics, rest=""):
    cells = tuple(map(people, (*clinics, rest)))
    wholes = [Whole(tuple(range(len(cells))), COUNTS)]
    wholes += [Whole((at,), COUNTS) for at in range(len(clinics))]
    return Told("network", cells, tuple(wholes))


TWELVE, TEN = "abcdefghijkl", "nopqrstuvw"


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("a", "a", 0), ("ab", "ac", 1), ("aaa", "a", 2), ("a", "abbc", 3)],
)
def test_patients_that_differ(one, other, count):
    first, second = Counter(one), Counter(other)
    assert differing(first, second) == differing(second, first) == count


@pytest.mark.parametrize(
    ("new", "few"),
    [
        (report(TWELVE), 0),
        (report(TWELVE + "m"), 1),
        (report(TWELVE + "mnop"), 4),
        (report(TWELVE + "mnopq"), 0),
        (report("ABCD" + TWELVE[4:]), 4),
        (report("ABCDE" + TWELVE[5:]), 0),
        (report(TEN), 0),
        (report(TWELVE + "mnopq", "mnopq"), 0),
        (report(TWELVE + "mnopq", TWELVE + "m", tells=frozenset({"sessions"})), 0),
        (report(TWELVE + "mnopq", TWELVE + "m"), 1),  # a row that is nearly what all was
        (network(TWELVE + "mno"), 3),
        (network(TWELVE, rest="mno"), 0),  # which the version itself hides
    ],
)
def test_beside_one_version(new, few):
    assert given_away([report(TWELVE)], new) == few


def test_the_last_of_several_is_not_the_only_one():
    given = [report(TWELVE), report(TWELVE + "mnopq")]
    assert given_away(given, report(TWELVE + "m")) == 1


def test_versions_of_all_clinics_but_one():
    """Two clinics' own versions leave the third of a network."""
    given = [report(TWELVE), report(TEN)]
    assert given_away(given, network(rest=TWELVE + TEN + "xyz")) == 3
    assert given_away(given[:1], network(rest=TWELVE + TEN + "xyz")) == 0


def test_four_versions_leave_one_patient():
    """S, S with five, S with five others; then all of them and one more."""
    given = [report(TWELVE), report(TWELVE + "12345"), report(TWELVE + "67890")]
    assert given_away(given, report(TWELVE + "1234567890")) == 0
    assert given_away(given, report(TWELVE + "1234567890!")) == 1
    assert given_away(given, report(TWELVE + "1234567890!?+#-")) == 0


def test_patients_who_are_alike_are_told_apart_by_number():
    """Six of "a" in two clinics, and three in a third."""
    given = [report("aaabcdefg"), report("aaahijklm")]
    assert given_away(given, network(rest="aaaaaabcdefghijklmxyz")) == 3
    assert given_away(given[:1], report("aaaabcdefg")) == 1
    assert given_away(given[:1], report("aaaaaaaabcdefg")) == 0


def test_a_patient_who_moved_between_clinics():
    given = [network(TWELVE, TEN)]
    assert given_away(given, network(TWELVE[1:], TEN + "a")) == 1


def test_what_was_released_already_holds_nothing_else():
    given = [report(TWELVE), report(TWELVE + "m")]
    assert given_away(given, report(TWELVE + "m")) == 0
    assert given_away(given, report(TWELVE + "mABCDE")) == 0


def test_what_is_remembered_is_read_again_and_names_nobody():
    version = report(TWELVE, "abc")
    assert read_told(version.text) == version
    assert together([people("ab"), people("c")])["log"].total() == 3
    for text in ("", "{}", "[]", '{"kind": 1}', "[" * 100_000):
        with pytest.raises(ValueError, match=r"\w"):
            read_told(text)
