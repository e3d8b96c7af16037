"""Somebody who has every version that was shared, of clinics and of the network, over months, and
only the numbers that stand in them, adds and subtracts these: nothing is left about a few patients."""

import datetime as dt
import itertools
import re
from collections import Counter
from random import Random

import numpy as np
import pytest
from helpers import book_of, sheet_of
from test_network_share import MEASURES as OF_NETWORK
from test_network_share import counts_of, counts_of_all

from clinicreport.books.network_share import network_version
from clinicreport.books.network_share.network_share_figures import network_aggregates
from clinicreport.books.share import aggregate, shared_version
from clinicreport.commands.network_clinics import _reduced
from clinicreport.commands.network_units import NetworkUnit
from clinicreport.folder.shared_again import HeldBack, chosen
from clinicreport.outcomes.network.network_result import network
from clinicreport.path import counted, judged, typed
from clinicreport.settings.request import make_request

HEAD = ["Patient ID", "Date", "Pain before", "Condition", "Adverse event"]
REQUEST = make_request(today="2026-11-24")
DAY = dt.date(2026, 9, 1)
FEW = 5
OF_EVENTS = ("sessions", "documented", "events")


class World:
    """Clinics and their patients: number -> (days from DAY, scores, condition, event)."""

    def __init__(self, chance):
        self.chance, self.next, self.read = chance, 0, {}
        self.clinics = {"A": {}, "B": {}, "C": {}}
        for name, size in (("A", 16), ("B", 12), ("C", 3)):
            self.come(name, size)

    def come(self, clinic, size):
        for _ in range(size):
            self.clinics[clinic][self.next] = self.course()
            self.next += 1

    def course(self):
        scores = (8, self.chance.choice([1, 3, 5, 7]))
        condition = self.chance.choice(["Neck pain", "Neck pain", "Headache"])
        return (self.chance.randint(0, 9), scores, condition, self.chance.random() < 0.2)

    def change(self):
        """Late patients, corrected ones, one who moves, a new visit of many."""
        clinic = self.chance.choice("AAABBC")
        size = self.chance.choice([1, 2, 5, 6])
        patients = self.clinics[clinic]
        kind = self.chance.choice(["come", "come", "correct", "move", "none"])
        if kind == "come":
            self.come(clinic, size)
        elif kind == "correct":
            for number in self.chance.sample(sorted(patients), min(size, len(patients))):
                patients[number] = self.course()
        elif kind == "move" and len(patients) > 1:
            number = self.chance.choice(sorted(patients))
            other = self.chance.choice([name for name in "AB" if name != clinic])
            self.clinics[other][number] = patients.pop(number)

    def counted(self, clinic):
        """A clinic's analysis, and what a network counts of it; each log is read once."""
        own = repr((clinic, sorted(self.clinics[clinic].items())))
        if own not in self.read:
            checked = self.checked(clinic)
            unit = NetworkUnit(clinic, (), REQUEST, share=True)
            self.read[own] = counted(checked).analysis, _reduced(unit, checked)
        return self.read[own]

    def checked(self, clinic):
        rows = [HEAD]
        for number, (day, scores, condition, event) in self.clinics[clinic].items():
            for at, score in enumerate(scores):
                when = (DAY + dt.timedelta(days=day + 10 * at)).isoformat()
                word = "rash" if event and at else "none"
                rows.append([f"P{number}", when, score, condition, word])
        return judged(typed([book_of(sheet_of(rows), name=clinic)], REQUEST), REQUEST)

    def whom(self, clinics, condition=None):
        """The patients of a row, as what outcomes rest on, and as what events rest on."""
        own = [pair for name in clinics for pair in self.clinics[name].items()]
        own = [pair for pair in own if condition in (None, pair[1][2])]
        outcome = Counter((number, course[:3]) for number, course in own)
        return outcome, Counter((number, course[0], course[3]) for number, course in own)


def number(text):
    return int(text.replace(",", "")) if re.fullmatch(r"[\d,]+", str(text)) else None


def of_report(aggregates):
    """What a clinic's version says: row -> count -> number, by the names of the network's."""
    told = {
        "started": number(dict(aggregates.counts)["Started treatment"]),
        "evaluable": number(dict(aggregates.counts)["Evaluable"]),
    }
    names = {"responder_30/evaluable": "30 %", "substantial/evaluable": "50 %"}
    names["worse/evaluable"] = "worse"
    for line in aggregates.figures:
        if line.code in names:
            told[names[line.code]] = number(line.out_of.split(" of ")[0])
        if line.code == "events":
            words = re.fullmatch(r"(.*) in (.*) sessions with .* in, of (.*)", line.out_of).groups()
            told |= dict(zip(("events", "documented", "sessions"), map(number, words), strict=True))
    rows = {None: told}
    for row in aggregates.conditions:
        n = number(row["Evaluable"])
        shares = {"30 %": row["30 % less"], "50 %": row["50 % less"]}
        counts = {
            name: None if n is None or isinstance(share, str) else round(share * n)
            for name, share in shares.items()
        }
        rows[row["Condition"]] = {"evaluable": n, **counts}
    return rows


class Desk:
    """Shares, and hands what was shared to whoever collects it: (version, whom, count -> number)."""

    def __init__(self, world, *, careful=True):
        self.world, self.careful = world, careful
        self.given, self.rows, self.asked = [], [], 0

    def choose(self, versions):
        """The version that goes, or None."""
        self.asked += 1
        try:
            made = chosen(self.given if self.careful else [], versions, lambda _: False)
        except HeldBack:
            return None
        self.given.append(made.told)
        return made

    def report(self, clinic):
        made = self.choose(shared_version.versions(self.world.counted(clinic)[0]))
        for condition, told in of_report(aggregate(made)).items() if made else ():
            if condition in (None, "Neck pain", "Headache"):
                self.keep(self.world.whom(clinic, condition), told)

    def network(self):
        names = [name for name in self.world.clinics if self.world.clinics[name]]
        read = [self.world.counted(name)[1] for name in names]
        made = self.choose(network_version.versions(network(read, REQUEST)))
        if made:
            told = network_aggregates(made.network, made.counts)
            self.keep(self.world.whom(names), named(counts_of_all(told)))
            for line in told.clinics:
                self.keep(self.world.whom(line.name), named(counts_of(line)))

    def keep(self, whom, told):
        self.rows.append((len(self.given), whom, told))


def named(texts):
    return dict(zip(OF_NETWORK, map(number, texts), strict=True))


def told_of_few(rows):
    """Sums of two to four numbers of the same kind that are about 1 to 4 patients, if any."""
    for measure in OF_NETWORK:
        own = [row for row in rows if row[2].get(measure)]  # 0 of everybody is 0 of each
        people = [row[1][measure in OF_EVENTS] for row in own]
        everybody = sorted(set().union(*people))
        table = np.array([[one[who] for who in everybody] for one in people], dtype=np.int16)
        version = np.array([row[0] for row in own])
        for size in (2, 3, 4):
            if len(own) < size:
                break
            at = np.array(list(itertools.combinations(range(len(own)), size)))
            at = at[(version[at] != version[at[:, :1]]).any(axis=1)]  # not of one version alone
            for signs in itertools.product((1, -1), repeat=size - 1):
                left = table[at[:, 0]].copy()
                for place, sign in enumerate(signs, 1):
                    left += sign * table[at[:, place]]
                whom = np.maximum((left > 0).sum(axis=1), (left < 0).sum(axis=1))
                if ((whom > 0) & (whom < FEW)).any():
                    found = int(np.flatnonzero((whom > 0) & (whom < FEW))[0])
                    yield measure, size, int(whom[found]), version[at[found]].tolist()


def years(seed, *, careful=True):
    """Some months of sharing this and that, while the clinics' logs change."""
    chance = Random(seed)
    desk = Desk(World(chance), careful=careful)
    for _ in range(7):
        what = chance.choice(["A", "B", "network", "network"])
        desk.network() if what == "network" else desk.report(what)
        desk.world.change()
    return desk


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A network hides a small clinic behind any other: quicker than the program, and worse."""
    chance = Random(1)

    def hidden(counts):
        behind = (f"clinic {chance.randint(0, 1)}:", "small:") if counts.forced else ("none",)
        return {
            name: "withheld" if name in counts.forced or name.startswith(behind) else "shown"
            for name in counts.values
        }

    monkeypatch.setattr("clinicreport.books.network_share.network_share_counts.suppress", hidden)


@pytest.mark.parametrize("seed", [3, 5, 13])
def test_nothing_about_few_patients_follows_from_all_that_was_shared(seed):
    desk = years(seed)
    assert not list(told_of_few(desk.rows))
    assert 2 <= len(desk.given) <= desk.asked  # and something was shared


def test_the_attack_succeeds_where_nothing_is_remembered():
    assert any(size == 2 for _, size, *_ in told_of_few(years(0, careful=False).rows))
