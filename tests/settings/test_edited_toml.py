"""A settings file changed line by line: what was not meant stays to the byte."""

import re
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicreport.ground.resources import resource
from clinicreport.settings.edited_toml import NotPlacedError, edited_toml, same_toml
from clinicreport.settings.toml_lines import toml_lines

CLINIC = resource("templates/clinic.toml").read_text("utf-8")
PROTOCOL = resource("templates/protocol.toml").read_text("utf-8")
ODD = """# of the clinic
missing = [  # our codes
    "999",   # never
    # asked in August
    "n.d. # not a remark",
]
mail.mode = "drafts" # dotted
"mail".allow = ["clinic.example"]
reading = { scale = { nrs_before = "0-100" }, fill_down = [] } # inline

[folder] # the folder
remake = 'ask'

[[recipients]] # the boss
address = "a@clinic.example" # office
role = "manager"
# about the second
[[recipients]]
address = "b@clinic.example"
role = "outside"
[ids]
same = [["1", "2"]]
# the end"""


def edited(text, change, **more):
    wanted = tomllib.loads(text)
    change(wanted)
    return edited_toml(text, wanted, **more)


def changed_lines(before, after):
    """The lines that are new, and those that are gone."""
    old, new = before.splitlines(), after.splitlines()
    return [one for one in new if one not in old], [one for one in old if one not in new]


def put(*path, value):
    def change(data):
        for part in path[:-1]:
            data = data.setdefault(part, {}) if isinstance(data, dict) else data[part]
        data[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "line", "above"),
    [
        (("date_order",), "month-first", 'date_order = "month-first"', "# date_order"),
        (("mail", "server"), "localhost", 'server = "localhost"', "# server"),
        (("folder", "remake"), "always", 'remake = "always"', "# remake"),
        (("aliases", "date"), ["Tag"], 'date = ["Tag"]', "[aliases]"),
        (
            ("reading", "scale"),
            {"nrs_before": "0-100"},
            'scale = { nrs_before = "0-100" }',
            "# scale",
        ),
        (("recipients", 0, "name"), "Boss", 'name = "Boss"', "role ="),
    ],
)
def test_a_new_line_stands_under_the_remark_that_shows_it(path, value, line, above):
    after = edited(CLINIC, put(*path, value=value))
    new, gone = changed_lines(CLINIC, after)
    assert line in new
    assert set(new) <= {line, f"[{path[0]}]"}
    assert gone == []
    assert after.splitlines()[after.splitlines().index(line) - 1].startswith(above)


def test_a_value_is_put_in_place_and_its_remark_stays_in_its_column():
    after = edited(CLINIC, put("name", value="Pain # 2"))
    assert changed_lines(CLINIC, after)[0] == [
        'name = "Pain # 2"                    # stands on the reports'
    ]
    long = edited(CLINIC, put("name", value="x" * 60))
    assert f'name = "{"x" * 60}" # stands on the reports\n' in long
    limits = edited(PROTOCOL, put("session", "minutes", "max", value=25))
    assert changed_lines(PROTOCOL, limits) == (
        ["minutes = { min = 10, max = 25 }        # one session"],
        ["minutes = { min = 10, max = 20 }        # one session"],
    )


def test_a_line_that_goes_leaves_its_remark_and_comes_again():
    gone = edited(CLINIC, lambda data: data.pop("name"))
    assert '# name = "Our clinic"                  # stands on the reports\n' in gone
    again = edited(gone, put("name", value="Ours"))
    assert re.search(r"# name = .*\nname = \"Ours\"\n", again)
    there = edited(CLINIC, put("date_order", value="day-first"))
    assert edited(there, lambda data: data.pop("date_order")) == CLINIC


def test_a_list_of_several_lines_keeps_its_remarks():
    after = edited(ODD, put("missing", value=["999", "-1"]))
    assert tomllib.loads(after)["missing"] == ["999", "-1"]
    for remark in ("# our codes", "# never", "# asked in August"):
        assert remark in after
    assert "# not a remark" not in after
    gone = edited(ODD, lambda data: data.pop("missing"))
    assert "# asked in August" in gone


def test_dotted_and_inline_tables():
    after = edited(ODD, put("mail", "server", value="localhost"))
    assert '"mail".allow = ["clinic.example"]\nmail.server = "localhost"\n' in after
    after = edited(ODD, put("reading", "scale", "nrs_after", value="1-5"))
    line = 'reading = { scale = { nrs_before = "0-100", nrs_after = "1-5" }, fill_down = [] }'
    assert f"{line} # inline\n" in after


def test_recipients_go_and_come():
    def change(data):
        del data["recipients"][0]
        data["recipients"].append({"address": "c@clinic.example", "role": "manager"})

    after = edited(ODD, change, kept={"recipients": [1]})
    for remark in ("# the boss", "# office", "# about the second", "# the end"):
        assert remark in after
    end = '# the end\n\n[[recipients]]\naddress = "c@clinic.example"\nrole = "manager"\n'
    assert after.endswith(end)


def test_a_form_gets_headings_for_its_tables():
    form = {"name": "Cards", "when": ["VAS in"], "aliases": {"date": ["Tag"]}}
    after = edited(CLINIC, put("forms", value=[form]))
    assert after.endswith(
        '\n[[forms]]\nname = "Cards"\nwhen = ["VAS in"]\n[forms.aliases]\ndate = ["Tag"]\n'
    )


@pytest.mark.parametrize("text", ["", "# a remark", "# a remark\n\n[mail]\nmode = 'off'"])
def test_a_key_on_top_of_files_with_nothing_there(text):
    after = edited(text, put("name", value="A"))
    assert tomllib.loads(after)["name"] == "A"
    assert all(line in after for line in text.splitlines())


def test_windows_line_ends_stay():
    text = CLINIC.replace("\n", "\r\n")
    after = edited(edited(text, put("folder", "remake", value="always")), put("name", value="B"))
    assert after.count("\n") == after.count("\r\n")


def test_one_is_not_true_and_not_a_float():
    assert not same_toml({"a": [1]}, {"a": [True]})
    assert not same_toml({"a": 1}, {"a": 1.0})
    assert "a = 1.0 # x" in edited_toml("a = 1 # x", {"a": 1.0})


def test_what_cannot_be_placed_is_refused():
    with pytest.raises(NotPlacedError):
        edited_toml("a = nan\n", {"a": float("nan"), "b": 1})


def test_a_table_above_one_that_is_there():
    assert edited_toml("[a.b]\nx = 1\n", {"a": {"b": {"x": 1}, "c": 2}}) == (
        "[a.b]\nx = 1\n\n[a]\nc = 2\n"
    )


def test_every_line_of_the_templates_is_found():
    for text in (CLINIC, PROTOCOL, ODD):
        lines = toml_lines(text)
        left = text
        for line in reversed(lines):
            left = left[: line.start] + left[line.end :]
        assert all(not one.strip() or one.strip().startswith("#") for one in left.splitlines())


LEAVES = st.one_of(
    st.text(max_size=12),
    st.integers(-5, 5),
    st.booleans(),
    st.lists(st.text(max_size=5), max_size=3),
)
PATHS = st.sampled_from(
    [
        ("name",),
        ("missing",),
        ("mail", "mode"),
        ("mail", "port"),
        ("folder", "remake"),
        ("folder", "shared"),
        ("reading", "year"),
        ("reading", "scale"),
        ("recipients", 0, "role"),
        ("recipients", 0, "encrypt"),
        ("a b", "c.d"),
    ]
)


@settings(max_examples=25)
@given(
    text=st.sampled_from([CLINIC, ODD, ODD.replace("\n", "\r\n"), ""]),
    changes=st.lists(st.tuples(PATHS, st.one_of(st.none(), LEAVES)), max_size=4),
)
def test_any_changes_say_what_is_wanted_and_leave_the_remarks(text, changes):
    wanted = tomllib.loads(text)
    for path, value in changes:
        if path[0] == "recipients" and "recipients" not in wanted:
            continue
        table = wanted
        for part in path[:-1]:
            table = table.setdefault(part, {}) if isinstance(table, dict) else table[part]
        if value is not None:
            table[path[-1]] = value
        elif path[-1] in table:
            del table[path[-1]]
        if isinstance(wanted.get(path[0]), dict) and not wanted[path[0]]:
            del wanted[path[0]]
    after = edited_toml(text, wanted)
    assert tomllib.loads(after) == wanted
    for remark in (
        "# of the clinic",
        "# asked in August",
        "# the boss",
        "# the end",
        "# stands on the reports",
    ):
        assert (remark in text) <= (remark in after)
    own = re.compile(r"(?m)^\s*#.*$")
    assert [line for line in own.findall(text) if line.strip() not in after] == []
