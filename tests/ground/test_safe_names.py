"""File names from ids: harmless, and one name an id."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.ground.errors import OutputError
from clinicreport.ground.safe_names import inside, safe_name

IDS = st.text(min_size=0, max_size=60) | st.text(alphabet="aAbB0-_. ~/\\:é", max_size=6)


@pytest.mark.parametrize("text", ["P-07", "007", "H_001", "A" * 40, "-", "0"])
def test_a_plain_id_stays(text):
    assert safe_name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "../../x",
        "a/b",
        "a\\b",
        "CON",
        "nul",
        "COM1",
        "lpt9",
        "A" * 41,
        "x" * 200,
        "P.",
        "P ",
        "",
        "é",
        "日本",
        "a:b",
        "\x00",
        "\u202e",
        "P\n7",
        "~",
        "~$x",
        ".hidden",
        "p-07",
        "\ud800",
    ],
)
def test_any_other_id_is_cleaned_and_told_apart_by_a_hash(text):
    name = safe_name(text)
    assert name != text
    head, _, digest = name.partition("~")
    assert head
    assert len(digest) == 12
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-~")
    assert len(name) <= 40


@given(IDS, IDS)
def test_two_ids_never_share_a_name_even_where_case_is_ignored(one, other):
    if one != other:
        assert safe_name(one).casefold() != safe_name(other).casefold()


@given(IDS)
def test_another_case_of_the_same_id_is_another_file(text):
    names = {form: safe_name(form).casefold() for form in (text, text.upper(), text.lower())}
    assert len(set(names.values())) == len(names)


def test_the_name_of_a_hashed_id_is_no_plain_ids_name():
    hashed = safe_name("p-07")
    assert safe_name(hashed) != hashed
    assert safe_name(hashed.upper()).casefold() != hashed.casefold()


def test_many_ids_many_names():
    chance = random.Random(1)
    ids = {"".join(chance.choices("aA.", k=9)) for _ in range(4000)}
    assert len({safe_name(text).casefold() for text in ids}) == len(ids)


def test_a_name_stays_inside_its_folder(tmp_path: Path):
    assert inside(tmp_path, "x.xlsx") == tmp_path / "x.xlsx"
    for name in ("../x.xlsx", "a/../../x.xlsx", "/etc/x", "a/b", ".."):
        with pytest.raises(OutputError):
            inside(tmp_path, name)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path):
    folder, elsewhere = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "x.xlsx").symlink_to(elsewhere / "x.xlsx")
    with pytest.raises(OutputError):
        inside(folder, "x.xlsx")
