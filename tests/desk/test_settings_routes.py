"""The settings as forms: the file's own checks, its remarks stay, each change is taken back."""

import re
import tomllib
from html import unescape

import pytest
from clinic_folders import drop, log, make_fast, run

from clinicreport.desk import (
    settings_faults,
    settings_model,
    settings_pages,
    settings_remarks,
    settings_routes,
)
from clinicreport.ground.errors import UsageError
from clinicreport.ground.resources import resource
from clinicreport.protocol import in_force
from clinicreport.settings import config
from clinicreport.settings.config import Config, FolderSettings, Mail, Recipient
from clinicreport.settings.request import make_request

PARTS = tuple(settings_pages.parts())


@pytest.fixture
def toml(clinic):
    """The clinic's settings, as a person in the office edits them."""
    path = clinic.root / "clinic.toml"
    text = "# the office's own remark\n" + path.read_text().replace("[mail]", "[mail] # ours")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    return path


@pytest.fixture
def protocol(clinic):
    """The clinic's protocol, whole, as init writes it."""
    path = clinic.root / "protocol.toml"
    path.write_bytes(resource("templates/protocol.toml").read_bytes())
    return path


def filled(text):
    """What the form on a page holds."""
    form = text.partition('<form id="settings"')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    found |= re.findall(r'name="([\w.]+)" spellcheck="false"[^>]* value="([^"]*)"', form)
    found |= re.findall(r'<textarea [^>]*name="([\w.]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL)
    for name, options in re.findall(
        r'<select [^>]*name="([\w.]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return {name: unescape(value) for name, value in found.items()}


def save(browser, part, **changes):
    given = filled(browser.at(f"settings/{part}").text) | {
        name.replace("__", "."): value for name, value in changes.items()
    }
    return browser.post(f"settings/{part}", **given)


def after(browser, answer):
    assert answer.status_code == 303, unescape(answer.text)
    return unescape(
        browser.at(answer.headers["Location"].removeprefix(f"/{browser.desk.prefix}/")).text
    )


def title(text):
    return re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]


@pytest.mark.parametrize("part", PARTS)
def test_a_form_sent_back_as_it_came_changes_nothing(browser, clinic, toml, protocol, part):
    before = {path.name: path.read_bytes() for path in clinic.root.glob("*.toml*")}
    assert "Nothing was changed." in after(browser, save(browser, part))
    assert {path.name: path.read_bytes() for path in clinic.root.glob("*.toml*")} == before


def test_a_change_leaves_every_other_line_and_is_taken_back(browser, toml):
    before = toml.read_bytes()
    text = after(browser, save(browser, "clinic", name="Schmerz & Licht", folder__remake="always"))
    assert "Saved." in text
    old, new = before.splitlines(), toml.read_bytes().splitlines()
    assert [line for line in old if line not in new] == [
        line for line in old if line.startswith(b"name =")
    ]
    assert b'remake = "always"' in new
    assert toml.read_bytes().startswith(b"\xef\xbb\xbf# the office's own remark\r\n")
    assert toml.read_bytes().count(b"\n") == toml.read_bytes().count(b"\r\n")
    assert browser.desk.request().config.name == "Schmerz & Licht"
    stamp = filled(text)["stamp"]
    assert "taken back" in after(browser, browser.post("settings/clinic/undo", stamp=stamp))
    assert toml.read_bytes() == before


@pytest.mark.parametrize(
    ("part", "key", "value", "words"),
    [
        (
            "clinic",
            "folder.month_due_day",
            "99",
            "folder.month_due_day: must be 28 or less; it is 99",
        ),
        ("clinic", "folder.poll_seconds", "10,5", 'must be a number; it is the text "10,5"'),
        ("clinic", "name", "=?utf-8?q?x?=", '"=?" may not stand here'),
        ("mail", "mail.port", "9" * 30, "must be 65535 or less; it is the text"),
        ("mail", "mail.server", "a b", "has a character that cannot stand there"),
        ("mail", "recipients.0.address", "nobody", "this is not a mail address"),
        ("mail", "recipients.0.address", "a@elsewhere.example", "is not on the list mail.allow"),
        ("mail", "recipients.0.role", "therapist", 'the role "therapist" needs therapist ='),
        ("reading", "start_date", "1.2.2026", "start_date: must be a day such as 2026-01-05"),
        ("reading", "reading.scale.nrs_before", "0", "is no scale"),
        ("reading", "languages", "en\nxx", "must be one of"),
        ("limits", "session.minutes.max", "5", "min 10 is over max 5"),
        ("limits", "course.gap_days", "1.5", "must be a whole number; it is 1.5"),
        ("limits", "schedule.loading_max_days", "3", "loading_max_days (3) is under"),
    ],
)
def test_a_mistake_is_said_as_the_command_line_says_it(
    browser, clinic, toml, protocol, part, key, value, words
):
    path = clinic.root / settings_pages.file_of(part)
    before = path.read_bytes()
    answer = save(browser, part, **{key: value})
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert path.read_bytes() == before
    assert title(text).startswith("Error: ")
    summary = text.partition('id="fault"')[2].partition("</div>")[0]
    assert words in summary
    field = re.search(r'<a href="#([\w-]+)">', summary)[1]
    near = {
        "recipients.0.role": "recipients.0.therapist",
        "session.minutes.max": "session.minutes.min",
    }
    assert field in {settings_pages.field_id(one) for one in (key, near.get(key, key))}
    assert re.search(rf'id="{field}"[^>]* aria-invalid="true"', text)
    assert value.splitlines()[-1] in filled(answer.text)[key]
    said = re.sub(r"<[^>]+>", "", summary)
    path.write_bytes(_as_typed(path, part, key, value))
    with pytest.raises(UsageError) as refused:
        (in_force.load if part == "limits" else config.load)(path)
    for line in str(refused.value).splitlines():
        assert line.partition(": ")[2] in said


def _as_typed(path, part, key, value):
    """The file with the same mistake, as a person would have made it."""
    from clinicreport.settings.earlier_settings import decoded
    from clinicreport.settings.edited_toml import edited_toml

    text = decoded(path.read_bytes())
    wanted = tomllib.loads(text)
    groups = settings_pages.groups(part, wanted)
    (field,) = [one for group in groups for one in group.fields if one.key == key]
    *way, last = key.split(".")
    table = wanted
    for name in way:
        table = table[int(name)] if name.isdecimal() else table.setdefault(name, {})
    table[last] = settings_model.value_of(field, value)
    return edited_toml(text, wanted).encode()


def test_recipients_come_change_and_go(browser, toml):
    save(browser, "mail", mail__allow="clinic.example\npractice.example")
    new = {
        "recipients.new.address": "b.example@clinic.example",
        "recipients.new.role": "therapist",
        "recipients.new.therapist": "B. Example",
        "recipients.0.name": "The manager",
    }
    after(browser, save(browser, "mail", **new))
    told = browser.desk.request().config.recipients
    assert [(one.address, one.role, one.name) for one in told] == [
        ("office@clinic.example", "manager", "The manager"),
        ("b.example@clinic.example", "therapist", ""),
    ]
    after(browser, save(browser, "mail", remove="0"))
    assert [one.address for one in browser.desk.request().config.recipients] == [told[1].address]
    assert b"# ours" in toml.read_bytes()
    refused = save(browser, "mail", **{"recipients.new.address": "c@clinic.example"})
    assert 'href="#f-recipients-new-role"' in refused.text


def test_a_limit_and_where_it_comes_from(browser, protocol):
    path = protocol
    before = path.read_text("utf-8")
    text = after(browser, save(browser, "limits", session__minutes__max="25"))
    assert settings_pages.OWN_LIMITS in text
    changed = [line for line in path.read_text("utf-8").splitlines() if line not in before]
    assert changed == ["minutes = { min = 10, max = 25 }        # one session"]
    text = after(browser, save(browser, "limits", session__source="Our own choice, 2026"))
    assert settings_pages.OWN_LIMITS not in text
    now = browser.desk.request().protocol.session
    assert (now.minutes.max, now.source) == (25, "Our own choice, 2026")
    for _ in range(2):
        text = browser.at("settings/limits").text
        after(browser, browser.post("settings/limits/undo", stamp=filled(text)["stamp"]))
    assert path.read_text("utf-8") == before


def test_limits_of_a_folder_without_a_protocol_of_its_own(browser, clinic):
    path = clinic.root / "protocol.toml"
    after(browser, save(browser, "limits", course__gap_days="90"))
    assert path.read_text("utf-8") == "[course]\ngap_days = 90\n"
    stamp = filled(browser.at("settings/limits").text)["stamp"]
    after(browser, browser.post("settings/limits/undo", stamp=stamp))
    assert not path.exists()


def test_another_tab_and_a_hand_in_the_file_are_said(browser, toml):
    first = filled(browser.at("settings/clinic").text)
    after(browser, save(browser, "clinic", name="Second tab"))
    late = browser.post("settings/clinic", **(first | {"name": "First tab"}))
    text = unescape(late.text)
    assert late.status_code == 409
    assert "This changed meanwhile. Here is how it stands." in text
    assert "Name: <bdi>First tab</bdi>" in text
    assert filled(late.text)["name"] == "Second tab"
    toml.write_bytes(toml.read_bytes() + b"\r\n# by hand\r\n")
    stamp = filled(late.text)["stamp"]
    assert browser.post("settings/clinic/undo", stamp=stamp).status_code == 200
    stamp = filled(browser.at("settings/clinic").text)["stamp"]
    refused = browser.post("settings/clinic/undo", stamp=stamp)
    assert "somebody has changed it since the last lines were written" in unescape(refused.text)
    assert toml.read_bytes().endswith(b"# by hand\r\n")


def test_a_file_that_cannot_be_read_is_shown_with_its_line(browser, toml):
    text = toml.read_bytes().decode("utf-8-sig")
    toml.write_text(text.replace('name = "', "name = ", 1), encoding="utf-8")
    lines = toml.read_text("utf-8").splitlines()
    number = lines.index('name = Hill Clinic"') + 1
    page = unescape(browser.at("settings/clinic").text)
    assert title(page).startswith("Error: ")
    assert "clinic.toml: not valid TOML" in page
    assert re.search(rf'<li value="{number}" class="warning"><code><bdi>name = ', page)
    assert "<button>Save" not in page
    month = browser.at("month")
    assert month.status_code == 409
    assert "Settings</a>" in month.text


def test_mistakes_that_are_there_are_shown_with_their_lines_and_mended(browser, toml):
    toml.write_bytes(
        toml.read_bytes().replace(
            b"[folder]\r\n", b'[folder]\r\nmonth_due_day = "x"\r\nnmae = 1\r\n'
        )
    )
    lines = toml.read_bytes().splitlines()
    page = unescape(browser.at("settings/clinic").text)
    assert 'folder.month_due_day: must be a whole number; it is the text "x"' in page
    number = lines.index(b'month_due_day = "x"') + 1
    assert f"(clinic.toml, line {number})" in page
    unknown = lines.index(b"nmae = 1") + 1
    assert re.search(
        rf"<li><bdi>folder.nmae: unknown key.*</bdi> \(clinic.toml, line {unknown}\)", page
    )
    assert 'href="#f-folder-month_due_day"' in page
    other = unescape(browser.at("settings/mail").text)
    assert '/settings/clinic"><bdi>folder.month_due_day' in other
    toml.write_bytes(toml.read_bytes().replace(b"nmae = 1\r\n", b""))
    after(browser, save(browser, "clinic", **{"folder.month_due_day": "12"}))
    assert browser.desk.request().config.folder.month_due_day == 12


@pytest.mark.parametrize(
    "text",
    [
        'mail = "x"\n',
        'recipients = "x"\n',
        'recipients = ["x"]\n',
        "reading = 1\n",
        "aliases = 1\n",
        "name = 5\n",
        "[mail]\nallow = 1\n",
        '[folder]\nboth = [["a", "b"]]\n',
    ],
)
@pytest.mark.parametrize("part", [part for part in PARTS if part != "limits"])
def test_whatever_the_file_holds_the_page_is_there(browser, clinic, text, part):
    (clinic.root / "clinic.toml").write_text(text)
    assert browser.at(f"settings/{part}").status_code == 200
    new = {
        "recipients.new.address": "a@b.example",
        "name": "A",
        "reading.year": "2026",
        "new.field": "date",
        "new.headings": "Tag",
        "mail.mode": "off",
    }
    given = filled(browser.at(f"settings/{part}").text)
    answer = browser.post(
        f"settings/{part}", **(given | {k: v for k, v in new.items() if k in given})
    )
    assert answer.status_code in {303, 422}


def test_what_stands_on_no_page_is_shown_as_it_is(browser, clinic):
    path = clinic.root / "clinic.toml"
    path.write_text(path.read_text() + '\n[folder]\nboth = [["a <b>.csv", "b.csv"]]\n')
    page = browser.at("settings/clinic").text
    assert "both = [[&#34;a &lt;b&gt;.csv&#34;, &#34;b.csv&#34;]]" in page


def test_what_follows_is_said_in_the_words_of_the_month(browser, clinic, monkeypatch):
    make_fast(monkeypatch)
    drop(clinic, "october.csv", log())
    run(clinic)
    text = after(browser, save(browser, "limits", course__gap_days="90"))
    assert "2026-10: its report was made before protocol.toml changed" in text
    assert "“Make it again” beside its report" in text
    text = after(browser, save(browser, "clinic", folder__shared="true"))
    assert (
        "clinic.toml"
        not in text.partition("What follows")[2]
        .partition("</section>")[0]
        .partition("; or write")[0]
    )


def test_a_heading_is_added_and_changed(browser, toml):
    after(browser, save(browser, "reading", **{"new.field": "date", "new.headings": "Tag\nDatum"}))
    assert browser.desk.request().config.aliases == {"date": ["Tag", "Datum"]}
    after(browser, save(browser, "reading", **{"aliases.date": "Tag", "date_order": "day-first"}))
    assert browser.desk.request().config.aliases == {"date": ["Tag"]}
    assert browser.desk.request().config.date_order == "dmy"


def test_pairs_typed_twice_are_refused(browser, toml):
    refused = save(browser, "reading", **{"reading.visits": "T1 = 0\nT1 = 21"})
    assert refused.status_code == 422
    after(browser, save(browser, "reading", **{"reading.visits": "T1 = 0\nT2=21"}))
    assert browser.desk.request().config.reading.visits == {"T1": 0, "T2": 21}


def test_a_file_over_the_folders_own_is_the_one_that_is_changed(browser, clinic, tmp_path):
    own = (clinic.root / "clinic.toml").read_bytes()
    browser.desk.config_file = tmp_path / "ours.toml"
    browser.desk.config_file.write_text("# ours\n")
    new = {"recipients.new.address": "b@clinic.example", "recipients.new.role": "outside"}
    after(browser, save(browser, "mail", **new))  # its domain is allowed in the folder's own
    assert "ours.toml" in browser.at("settings/mail").text
    told = tomllib.loads(browser.desk.config_file.read_text())
    assert told == {"recipients": [{"address": "b@clinic.example", "role": "outside"}]}
    assert (clinic.root / "clinic.toml").read_bytes() == own


def test_another_protocol_than_the_folders_is_said(browser, clinic, tmp_path):
    assert "not in force" not in browser.at("settings/limits").text
    path = tmp_path / "ours.toml"
    path.write_text("course.gap_days = 90\n")
    browser.desk.make_request = lambda root: make_request(folder=root, protocol_file=path)
    words = settings_routes.NOT_IN_FORCE.format(name="ours.toml")
    assert words in browser.at("settings/limits").text
    assert words not in browser.at("settings/clinic").text


def test_every_setting_stands_on_a_page_or_is_said_to_be_by_hand():
    known = {
        *Config.model_fields,
        *(f"folder.{name}" for name in FolderSettings.model_fields),
        *(f"mail.{name}" for name in Mail.model_fields),
        *(f"recipients.new.{name}" for name in Recipient.model_fields),
        *(f"reading.{name}" for name in Config.model_fields["reading"].annotation.model_fields),
    } - {"folder", "mail", "recipients", "reading", "aliases"}
    shown = {
        field.key
        for part in PARTS
        for group in settings_pages.groups(part, {})
        for field in group.fields
    }
    by_hand = set(settings_pages.by_hand())
    left = {
        key for key in known if not any(one == key or one.startswith(f"{key}.") for one in shown)
    }
    assert left == by_hand


def test_remarks_and_roles_are_those_of_the_file():
    assert settings_remarks.remarks()["name"] == "stands on the reports"
    assert list(settings_remarks.roles()) == ["manager", "therapist", "outside"]
    assert settings_remarks.roles()["manager"] == "the clinic report"
    assert settings_remarks.roles()["therapist"].endswith("by another channel")


def test_no_such_page(browser):
    assert browser.at("settings/nothing").status_code == 404
    assert browser.post("settings/nothing").status_code == 404
    assert browser.at("settings").status_code == 303


def test_lines_around_the_wrong_one():
    lines = list(
        settings_faults.unread_lines(b"a\r\nb\r\nc =\r\nd\r\n", "not valid (at line 3, column 4)")
    )
    assert [(one.number, one.text, one.wrong) for one in lines] == [
        (1, "a", False),
        (2, "b", False),
        (3, "c =", True),
        (4, "d", False),
        (5, "", False),
    ]


def test_what_is_saved_is_said_though_the_other_file_has_a_mistake(browser, clinic, toml):
    (clinic.root / "protocol.toml").write_text("[course]\ngap_days = true\n")
    text = after(browser, save(browser, "clinic", name="New name"))
    assert "Saved." in text
    assert b"New name" in toml.read_bytes()


def test_a_limit_that_was_not_set_and_is_emptied_is_no_change(browser, clinic):
    path = clinic.root / "protocol.toml"
    path.write_text("[session]\nminutes = { min = 5, max = 12 }\n")
    text = after(browser, save(browser, "limits", course__gap_days=""))
    assert "Nothing was changed." in text
    assert [one.name for one in clinic.root.glob("protocol.toml*")] == ["protocol.toml"]
