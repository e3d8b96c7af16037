"""Words that sum up: at a text's beginning and end, whole, the longest that fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.log.summary_rows import _beside, says_page, summary_words, sums_up

WORDS = summary_words()
pieces = st.sampled_from([*WORDS.sums, *WORDS.ends, "p", "p-001", " ", ".", "(", "s"])
texts = st.lists(pieces, min_size=1, max_size=4).map("".join)


def by_pattern(text: str, words: tuple[str, ...]) -> list[str]:
    """What stands beside the words, as a pattern of all of them finds it."""
    any_of, sign = f"(?:{'|'.join(map(re.escape, words))})", r"[^\s:;=,.()\[\]]"
    begins = re.match(f"{any_of}(?!{sign})", text)
    ends = re.search(f"(?<!{sign}){any_of}$", text)
    rests = [text[begins.end() :]] if begins else []
    rests += [text[: ends.start()]] if ends else []
    return [rest.strip(" \t:;=,.()[]") for rest in rests]


@given(texts)
def test_what_stands_beside_a_word_is_what_a_pattern_finds(text: str) -> None:
    for words in (WORDS.sums, WORDS.ends, WORDS.first):
        assert _beside(text, words, last=True) == by_pattern(text, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Average", True),
        ("P-001 Average", True),
        ("Grand total", True),
        ("Total général", True),
        ("Mean of P-001", True),
        ("Max", False),
        ("P-001 Max", True),
        ("Max P-009", False),
        ("Grand Max", True),
        ("Summerfield", False),
        ("Meanwell 3", False),
        ("", False),
        (3, False),
    ],
)
def test_cells_that_sum_up(text: object, said: bool) -> None:
    assert sums_up(text, {"p-001"}) is said  # type: ignore[arg-type]


def test_a_whole_cell_holds_nothing_beside_the_word_and_an_id() -> None:
    assert sums_up("Total of all", whole=True) is False
    assert sums_up("Total of P-001", {"p-001"}, whole=True) is True


@pytest.mark.parametrize(
    ("text", "said"),
    [("Page 1 of 3", True), ("Seite 2", True), ("pag. 1/3", True), ("Page", False), ("P 1", False)],
)
def test_lines_of_pages(text: str, said: bool) -> None:
    assert says_page(text) is said
