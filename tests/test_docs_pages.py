"""The pages made from the code and the protocol are up to date, and miss nothing."""

import re
from pathlib import Path

import pytest

from clinicreport.ground.resources import resource
from clinicreport.ground.strict_toml import read_toml
from clinicreport.log.answer_words import answers
from clinicreport.log.cells import NO, SEVERITIES, VISIT_TYPES, YES
from clinicreport.log.fields import COLUMN_FIELDS, LAYOUT_FIELDS, REGISTER_FIELDS
from clinicreport.log.months import LANGUAGE_NAMES
from clinicreport.outcomes.evidence.claims import load
from clinicreport.protocol import in_force
from clinicreport.rules import RULES
from docs import make_pages as docs_pages
from docs.make_pages import glossary_page, main, pages, rules_page

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.mark.parametrize("name", pages())
def test_the_page_is_what_the_code_makes(name: str) -> None:
    made = pages()[name]
    there = (DOCS / name).read_text(encoding="utf-8")
    assert there == made, "run python -m docs.make_pages"


def test_every_rule_has_its_section_with_everything() -> None:
    page = rules_page(in_force.load())
    sections = re.split(r"\n### ", page)[1:]
    assert {section.split("\n")[0] for section in sections} == set(in_force.load().rules)
    for section in sections:
        about = section.split("\n")[2]
        assert len(about) > 20, section
        for item in ("Severity", "Clause", "Source", "Can be waived", "Message", "Example"):
            assert re.search(rf"^- {item}: ..", section, re.MULTILINE), section
        example = re.search(r"^- Example: (.*)$", section, re.MULTILINE)
        assert example
        assert not re.search(r"\{\w*\}|\(\)|“”|\"\"|  ", example[1])


def test_rules_without_a_function_say_when() -> None:
    for name, rule in in_force.load().rules.items():
        assert bool(rule.when) is (name not in RULES), name


def test_the_glossary_is_in_order_and_plain() -> None:
    words = read_toml(resource("templates/glossary.toml"))["words"]
    shown = re.findall(r"^- \*\*(.+)\*\*: (.+)$", glossary_page(), re.MULTILINE)
    assert [word for word, _ in shown] == sorted(words, key=str.casefold)
    assert all(text.endswith(".") for _, text in shown)
    assert {
        "NRS",
        "baseline",
        "latest",
        "course",
        "day 0",
        "responder",
        "adherence",
        "waiver",
        "finding",
        "clearance",
    } <= set(words)


def test_evidence_has_every_claim() -> None:
    page = pages()["evidence.md"]
    for entry in load().claim:
        assert f"## {entry.claim}\n" in page


def test_the_page_of_fields_has_every_field_in_every_language() -> None:
    page = pages()["fields.md"]
    for field in (*COLUMN_FIELDS, *REGISTER_FIELDS, *LAYOUT_FIELDS):
        section = page.split(f"- Name in `clinic.toml`: `{field}`\n")[1].split("\n### ")[0]
        for language in LANGUAGE_NAMES.values():
            assert re.search(rf"^- {language}: \w", section, re.MULTILINE), (field, language)
    for words in (*VISIT_TYPES.values(), *SEVERITIES.values(), YES, NO, answers()["none"]):
        assert all(f"`{word}`" in page for word in words)


def test_writing_and_checking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path, check=True) == 1
    assert main(tmp_path) == 0
    assert main(tmp_path, check=True) == 0
    (tmp_path / "rules.md").write_text("old", encoding="utf-8")
    capsys.readouterr()
    assert main(tmp_path, check=True) == 1
    assert capsys.readouterr().out == "docs/rules.md: out of date\n"
    assert (tmp_path / "rules.md").read_text(encoding="utf-8") == "old"


def test_a_rule_that_is_switched_off_keeps_its_example() -> None:
    default = in_force.load()
    off = default.rules["pain-rise"].model_copy(update={"severity": "off"})
    page = rules_page(default.model_copy(update={"rules": {"pain-rise": off}}))
    assert "- Severity: off" in page
    assert "rose from 5 to 8." in page


@pytest.mark.parametrize("name", ["protocol.md", "adding-a-rule.md"])
def test_links_between_the_pages_lead_somewhere(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([\w-]+\.md)\)", text):
        assert (DOCS / target).is_file()


def test_the_examples_in_protocol_md_are_valid(tmp_path: Path) -> None:
    text = (DOCS / "protocol.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        path = tmp_path / "own.toml"
        path.write_text(example, encoding="utf-8")
        assert in_force.load(path) != in_force.load()


def test_each_test_of_a_claim_is_explained() -> None:
    assert all((function.__doc__ or "").strip() for function in docs_pages.TESTS.values())
