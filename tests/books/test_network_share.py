"""The network's version for sharing: nothing of a small clinic, and nothing by subtraction."""

import re
import zipfile
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import openpyxl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from test_network import clinic, network, write_log

from clinicreport.books.network_share.network_share_figures import network_aggregates
from clinicreport.outcomes.network.network_result import network as added_up
from clinicreport.outcomes.network.sums import Aggregate, ClinicResult, Counts, Moments, UnitResult
from clinicreport.settings.request import make_request

REQUEST = make_request(today="2026-11-24")
MEASURES = ("started", "evaluable", "30 %", "50 %", "worse", "sessions", "documented", "events")
INSIDE = (  # the smaller is part of the larger
    ("evaluable", "started"),
    ("30 %", "evaluable"),
    ("50 %", "30 %"),
    ("documented", "sessions"),
    ("events", "documented"),
)


def sums(started, evaluable, less, half, worse, sessions, documented, events):
    """A clinic's sums; everybody's pain was 8 and is 5."""
    counts = {
        "started": started,
        "evaluable": evaluable,
        "responder_30": less,
        "responder_50": half,
        "worse": worse,
        "sessions": sessions,
        "events_completed": documented,
        "events": events,
    }
    strata = {("Neck pain", "other", "evaluable"): evaluable}
    strata[("Neck pain", "other", "responder_30")] = less
    same = [Moments.of([Fraction(score)] * evaluable) for score in (8, 5, 3)]
    return Aggregate(Counts.of(counts), Counts.of(strata), Counts(), *same)


def made_network(clinics):
    found = tuple(
        ClinicResult(f"Clinic {at:03}", date(2026, 10, 1 + at % 28), sums(*counts), ())
        for at, counts in enumerate(clinics)
    )
    return added_up([UnitResult("all", found, ())], REQUEST)


def some_clinic(chance, most):
    started = chance.randint(1, most)
    evaluable = chance.randint(0, started)
    less = chance.randint(0, evaluable)
    documented = started * 4 - chance.choice([0, 0, 2])
    return (
        started,
        evaluable,
        less,
        chance.randint(0, less),
        chance.randint(0, evaluable - less),
        started * 4,
        documented,
        chance.randint(0, min(documented, 9)),
    )


def hits_of(line):
    return line.out_of.removesuffix(" evaluable patients").split(" of ")[0]


def counts_of(line):
    """The counts that a clinic's row tells, as text, in the order of MEASURES."""
    first = [hits_of(rate) for rate in line.rates]
    events, documented = re.fullmatch(r"(.*) in (.*) sessions", line.events.out_of).groups()
    return [line.started, line.evaluable, *first, line.sessions, documented, events]


def counts_of_all(aggregates):
    lines = {line.label: line for line in aggregates.figures}
    rates = [hits_of(line) for line in aggregates.figures if "or more" in line.label]
    per_100 = lines["Adverse events per 100 sessions"].out_of
    events, documented = re.fullmatch(r"(.*) in (.*) sessions", per_100).groups()
    started, evaluable, sessions = (
        lines[label].value for label in ("Started treatment", "Evaluable", "Sessions")
    )
    return [started, evaluable, *rates, sessions, documented, events]


class Attacker:
    """Whoever has all that is published, and knows how it was made."""

    def __init__(self, aggregates, clinics):
        self.named = [int(line.name.split()[1]) for line in aggregates.clinics]
        self.size = len(clinics)
        count = self.size * len(MEASURES)
        self.low, self.high = np.zeros(count), np.full(count, 10_000.0)
        self.rows, self.least, self.most = [], [], []
        for at, line in zip(self.named, aggregates.clinics, strict=True):
            for measure, text in zip(MEASURES, counts_of(line), strict=True):
                cell = self.at(at, measure)
                self.low[cell], self.high[cell] = self.meant(text)
        for at in set(range(self.size)) - set(self.named):
            self.high[self.at(at, "evaluable")] = 4
        for at in range(self.size):
            for part, whole in INSIDE:
                self.rule({self.at(at, whole): 1, self.at(at, part): -1}, 0, np.inf)
            rest = {self.at(at, "30 %"): -1, self.at(at, "worse"): -1}
            self.rule({self.at(at, "evaluable"): 1} | rest, 0, np.inf)
        for measure, text in zip(MEASURES, counts_of_all(aggregates), strict=True):
            every = {self.at(at, measure): 1 for at in range(self.size)}
            self.rule(every, *self.meant(text))

    def at(self, clinic, measure):
        return clinic * len(MEASURES) + MEASURES.index(measure)

    @staticmethod
    def meant(text):
        if text == "<5":
            return 1, 4
        return (0, 10_000) if text == "not shown" else (int(text.replace(",", "")),) * 2

    def rule(self, parts, least, most):
        row = np.zeros(len(self.low))
        for cell, times in parts.items():
            row[cell] = times
        self.rows.append(row)
        self.least.append(least)
        self.most.append(most)

    def ends(self, wanted):
        """The least and the most that a sum of counts can be."""
        row = np.zeros(len(self.low))
        for cell, times in wanted.items():
            row[cell] = times
        limits = LinearConstraint(np.array(self.rows), self.least, self.most)
        found = [
            milp(
                sign * row,
                integrality=np.ones(len(row)),
                bounds=Bounds(self.low, self.high),
                constraints=limits,
            )
            for sign in (1, -1)
        ]
        assert all(one.x is not None for one in found), "what is published is not even possible"
        return round(found[0].fun), round(-found[1].fun)


def quantities(counts):
    """Counts, and what is left of one beside its part."""
    own = dict(zip(MEASURES, counts, strict=True))
    return [*counts, *(own[whole] - own[part] for part, whole in INSIDE)]


def attack(clinics):
    """Nothing below the limit can be solved for: no count, no rest of two counts."""
    aggregates = network_aggregates(made_network(clinics))
    attacker = Attacker(aggregates, clinics)
    of_everybody = quantities([sum(column) for column in zip(*clinics, strict=True)])
    for at, counts in enumerate(clinics):
        own = dict(zip(MEASURES, counts, strict=True))
        wanted = [{attacker.at(at, measure): 1} for measure in MEASURES]
        wanted += [{attacker.at(at, whole): 1, attacker.at(at, part): -1} for part, whole in INSIDE]
        values = quantities(counts)
        hidden = min(own["started"], own["evaluable"]) < 5
        assert hidden == (at not in attacker.named)
        for sought, value, whole in zip(wanted, values, of_everybody, strict=True):
            if (hidden and whole) or 0 < value < 5:  # 0 of everybody is 0 of each
                least, most = attacker.ends(sought)
                assert least < most, (at, own, sought, value)
    own = [clinics[at][1] for at in attacker.named if aggregates_mean(aggregates, at)]
    if "points" in figure(aggregates, "Mean reduction").value:
        left = sum(counts[1] for counts in clinics) - sum(own)
        assert left == 0 or left >= 5  # what is left beside the clinics' own means is a mean too
    return aggregates


def aggregates_mean(aggregates, at):
    """Whether a clinic has a mean of its own."""
    return any(
        line.name == f"Clinic {at:03}" and "points" in line.reduction.value
        for line in aggregates.clinics
    )


def figure(aggregates, label):
    return next(line for line in aggregates.figures if line.label == label)


@pytest.mark.parametrize("seed", range(3))
def test_no_small_count_of_a_network_can_be_solved_for(seed):
    chance = Random(seed)
    attack([some_clinic(chance, chance.choice([3, 8, 30])) for _ in range(chance.randint(2, 4))])


LARGE = (30, 25, 12, 6, 5, 120, 120, 6)


def test_the_attack_finds_a_clinic_that_is_only_left_out(monkeypatch):
    """The attack can succeed: with nothing hidden but the small clinic, all of it follows."""
    from clinicreport.books.network_share import network_share_counts

    clinics = [LARGE, (20, 15, 9, 8, 6, 80, 80, 8), (1, 1, 1, 0, 0, 4, 4, 0)]
    attack(clinics)
    careless = lambda counts: {  # noqa: E731
        name: "withheld" if name in counts.forced else "shown" for name in counts.values
    }
    monkeypatch.setattr(network_share_counts, "suppress", careless)
    with pytest.raises(AssertionError):
        attack(clinics)


def test_a_network_where_nobody_is_worse_is_shown_all_the_same():
    """What nobody has is no secret, and hides nothing else."""
    clinics = [(20, 20, 9, 9, 0, 60, 60, 0), (40, 40, 30, 30, 0, 120, 120, 0)]
    aggregates = attack([*clinics, (3, 3, 3, 3, 0, 9, 9, 0)])
    responders = figure(aggregates, "Pain down by 30 % or more")
    assert responders.out_of == "42 of 63 evaluable patients"
    assert figure(aggregates, "Worse by 2 points or more").value == "0.0 %"


def test_two_small_clinics_of_four_are_not_given_away_by_their_sum():
    """8 patients in two clinics of at most 4 are 4 in each."""
    attack([LARGE, LARGE, (4, 4, 2, 2, 1, 16, 16, 0), (4, 4, 3, 2, 1, 16, 16, 1)])


def test_small_clinics_together_are_a_stratum_too():
    """Two patients in two clinics: their sum is a count below the limit."""
    clinics = [LARGE, LARGE, (1, 1, 1, 1, 0, 4, 4, 0), (1, 1, 1, 0, 0, 5, 5, 1)]
    aggregates = attack(clinics)
    attacker = Attacker(aggregates, clinics)
    for measure in ("started", "evaluable", "30 %"):
        least, most = attacker.ends({attacker.at(2, measure): 1, attacker.at(3, measure): 1})
        assert least < most


def test_the_headline_of_a_network_stays_where_it_can():
    """One small clinic costs counts of clinics, not the rate of all."""
    clinics = [LARGE, LARGE, LARGE, (3, 3, 2, 1, 0, 12, 12, 0)]
    aggregates = attack(clinics)
    responders = figure(aggregates, "Pain down by 30 % or more")
    assert responders.out_of == "38 of 78 evaluable patients"
    assert figure(aggregates, "Mean reduction").value == "3.0 points"


def test_of_many_clinics_a_few_suffice_to_hide_one():
    """What hides a clinic is looked for among few others."""
    chance = Random(5)
    clinics = [some_clinic(chance, chance.choice([4, 30])) for _ in range(10)]
    aggregates = network_aggregates(made_network(clinics))
    assert len(aggregates.clinics) == sum(min(counts[:2]) >= 5 for counts in clinics)


# ------------------------------------------------------------------------------ the command


@pytest.fixture
def clinics(folder):
    for name, responders, others in (
        ("North", 20, 20),
        ("South", 24, 26),
        ("Tiny Mrs Miller", 1, 0),
    ):
        path = folder / "clinics" / name / "log of Mrs Miller.csv"
        write_log(path, clinic(responders, others))
    (folder / "clinics" / "North" / "clinic.toml").write_text('name = "North"', encoding="utf-8")
    return folder / "clinics"


def text_of(path):
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_no_file_no_sheet_and_no_small_clinic_is_named(cli, clinics, folder):
    network(cli, "clinics", "--share", "-o", "shared.xlsx")
    assert [path.name for path in folder.glob("*.xlsx")] == ["shared.xlsx"]  # and no clinic's own
    text = text_of(folder / "shared.xlsx")
    assert "North" in text
    for word in ("Miller", "Tiny", ".csv", "log of", "South"):  # a folder's name is no clinic's
        assert word not in text
    network(cli, "clinics", "-o", "own.xlsx", "--no-clinic-reports")
    assert "Miller" in text_of(folder / "own.xlsx")


def test_a_log_without_clinics_is_not_called_as_its_file(cli, folder):
    write_log(folder / "Anna Miller.csv", clinic(20, 20))
    network(cli, "Anna Miller.csv", "--share", "-o", "shared.xlsx")
    assert "Miller" not in text_of(folder / "shared.xlsx")
    clinics = openpyxl.load_workbook(folder / "shared.xlsx")["Clinics"]
    assert any(cell.value == "Clinic without a name 1" for cell in clinics["A"])


def test_the_day_of_a_small_clinics_last_visit_is_no_ones_business(cli, folder):
    write_log(folder / "clinics" / "North" / "log.csv", clinic(20, 20))
    late = [[name, day.replace("2026-09", "2026-11"), *rest] for name, day, *rest in clinic(1, 0)]
    write_log(folder / "clinics" / "Tiny" / "log.csv", late)
    network(cli, "clinics", "--share", "-o", "shared.xlsx")
    text = text_of(folder / "shared.xlsx")
    assert "2026-09-05" in text or "5 Sep 2026" in text
    assert not re.search(r"Nov(ember)? 2026|2026-11", text)


def test_json_and_sharing_a_network_do_not_go_together(cli, clinics):
    network(cli, "clinics", "--share", "--json", code=2)


def test_the_shared_network_has_its_own_default_name(cli, clinics, folder):
    network(cli, "clinics", "--share")
    assert [path.name for path in folder.glob("*.xlsx")] == [
        "clinic-report-network-2026-11-24-share.xlsx"
    ]
