"""A network of clinics: exact sums, the funnel, the report, and the same bytes anywhere."""

import csv
import datetime as dt
import itertools
import json
import math
import pickle
import zipfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

import openpyxl
import pytest
from helpers import TODAY, png
from hypothesis import given
from hypothesis import strategies as st

from clinicreport.commands.network_clinics import aggregate as summed
from clinicreport.commands.network_clinics import file_name
from clinicreport.commands.network_units import find_units
from clinicreport.ground.errors import UsageError
from clinicreport.outcomes.analysis import evaluate
from clinicreport.outcomes.network import funnel, sums
from clinicreport.outcomes.network.network_figures import figures
from clinicreport.outcomes.network.sums import Aggregate, Counts, Moments, merged
from clinicreport.path import check_logs
from clinicreport.settings.request import make_request

HEADINGS = ["Patient ID", "Date", "Pain before", "Visit type", "Condition", "Adverse event"]


def patient(
    name: str, scores: Sequence[object], condition: str = "Neck pain"
) -> list[list[object]]:
    """Visits two days apart, one a score."""
    start = dt.date(2026, 9, 1)
    days = (start + dt.timedelta(days=2 * number) for number in range(len(scores)))
    return [
        [name, day.isoformat(), score, "treatment", condition, "none"]
        for day, score in zip(days, scores, strict=True)
    ]


def clinic(responders: int, others: int) -> list[list[object]]:
    """Visits of so many patients who respond (8 to 4) and who do not (8 to 7)."""
    ends = [4] * responders + [7] * others
    return [row for number, end in enumerate(ends) for row in patient(f"P{number}", [8, 6, end])]


def write_log(path: Path, rows: list[list[object]], headings: Sequence[str] = HEADINGS) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])


@pytest.fixture
def clinics(folder: Path) -> Path:
    """Five clinics: three alike, one far above, one too small to be judged."""
    for name, responders, others in (
        ("North", 20, 20),
        ("South", 24, 26),
        ("East", 15, 15),
        ("West", 38, 2),
        ("Lake", 3, 0),
    ):
        write_log(folder / "clinics" / name / "log.csv", clinic(responders, others))
    return folder / "clinics"


def network(cli, *words: object, code: int = 0) -> object:
    result = cli("network", *words, "--today", TODAY.isoformat(), today=None)
    assert result.exit_code == code, result.output
    return result


# ------------------------------------------------------------------------------ sums

SCORES = st.decimals(0, 10, places=1).map(Fraction)
PAIRS = st.lists(st.tuples(SCORES.filter(bool), SCORES), max_size=12)


def part(pairs: list[tuple[Fraction, Fraction]]) -> Aggregate:
    from collections import Counter

    reductions = [before - after for before, after in pairs]
    percents = Counter(100 * (b - a) / b for b, a in pairs)
    return Aggregate(
        Counts.of({"evaluable": len(pairs)}),
        Counts.of({("a", "low", "evaluable"): len(pairs)}),
        Counts.of(percents),
        Moments.of(b for b, _ in pairs),
        Moments.of(a for _, a in pairs),
        Moments.of(reductions),
    )


@given(st.lists(PAIRS, max_size=5), st.randoms(use_true_random=False))
def test_sums_merge_exactly_in_any_order_and_grouping(groups, chance):
    whole = part([pair for group in groups for pair in group])
    parts = [part(group) for group in groups]
    assert merged(parts) == whole
    chance.shuffle(parts)
    assert merged(parts) == whole
    one_by_one = Aggregate()
    for each in parts:
        one_by_one = one_by_one.merge(each)
    assert one_by_one == whole


@given(st.lists(SCORES, min_size=1, max_size=9))
def test_the_median_from_counts_is_the_median(values):
    from collections import Counter
    from statistics import median

    assert Counts.of(Counter(values)).median() == median(values)


def test_floats_would_not_merge_exactly():
    """What the fractions are for: 0.1 + 0.2 + 0.3 differs by the order."""
    tenth = [0.1, 0.2, 0.3]
    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1  # with +: sum() is more exact from Python 3.12 on
    exact = [Moments.of([Fraction(str(value))]) for value in tenth]
    for order in itertools.permutations(exact):
        assert sums.merged([Aggregate(reduction=m) for m in order]).reduction.total == Fraction(
            "0.6"
        )


def test_figures_from_sums_are_those_of_the_clinic_itself(cli, folder: Path):
    chance = Random(3)
    rows = [
        row
        for number in range(60)
        for row in patient(
            f"P{number}",
            [
                chance.choice([2, 5.5, 7, 8.3, ""]),
                chance.randrange(11),
                chance.choice([1.1, 4, 6, ""]),
            ],
            chance.choice(["CLBP", "Neck pain", "odd", ""]),
        )
    ]
    write_log(folder / "log.csv", rows)
    checked = check_logs(["log.csv"], make_request(today="2026-11-24"))
    result = evaluate(checked)
    own = figures(summed(checked, result))
    for name in (
        "started",
        "evaluable",
        "not_evaluable",
        "worse",
        "adherence",
        "dropout_rate",
        "completeness",
        "sessions",
        "responder_30",
        "responder_50",
        "mcid",
        "important_by_baseline",
        "measurement_error",
        "durability",
        "dropout_rate_ci",
        "adverse_events",
        "low_baseline",
    ):
        assert getattr(own, name) == getattr(result.clinic, name), name
    for name in (
        "mean_baseline",
        "mean_latest",
        "mean_reduction",
        "median_percent_reduction",
        "mean_reduction_ci",
        "median_percent_reduction_ci",
        "ratio_of_means",
        "standardised_mean_change",
        "standardised_mean_change_ci",
    ):
        assert getattr(own, name) == pytest.approx(getattr(result.clinic, name), rel=1e-12), name
    assert own.follow_up == result.clinic.follow_up
    for one, other in zip(own.trend, result.clinic.trend, strict=True):
        assert (one.month, one.n, one.responder_30) == (other.month, other.n, other.responder_30)
        assert one.mean_reduction == pytest.approx(other.mean_reduction, rel=1e-12)
    assert own.before_treatment == result.clinic.before_treatment


def test_an_aggregate_is_small_and_can_be_sent(cli, folder: Path):
    write_log(folder / "log.csv", clinic(40, 60) * 1)
    checked = check_logs(["log.csv"], make_request(today="2026-11-24"))
    sums = summed(checked, evaluate(checked))
    sent = pickle.dumps(sums)
    assert pickle.loads(sent) == sums
    assert len(sent) < 6000


# ------------------------------------------------------------------------------ funnel


def published(n: int, rate: float, level: float) -> float:
    """Spiegelhalter's limit, counted out in whole numbers."""
    p = Fraction(str(rate))
    total, reached = Fraction(0), -1
    while total < Fraction(str(level)):
        reached += 1
        own = math.comb(n, reached) * p**reached * (1 - p) ** (n - reached)
        total += own
    return float((reached - (total - Fraction(str(level))) / own) / n)


@pytest.mark.parametrize(
    ("n", "rate"), [(10, 0.5), (12, 0.3), (40, 0.5), (200, 0.8), (3, 0.9), (25, 0.02)]
)
def test_limits_are_the_published_ones(n: int, rate: float):
    for tail, level in ((0.025, 0.975), (0.001, 0.999)):
        low, high = (float(end[0]) for end in funnel.limit([n], rate, tail))
        assert low == pytest.approx(published(n, rate, tail), abs=1e-9)
        assert high == pytest.approx(published(n, rate, level), abs=1e-9)
        assert low < high


def test_limits_of_a_published_kind():
    """P(X <= 4 of 20 | 0.5) = 0.0059, P(X <= 5) = 0.0207, P(X <= 6) = 0.0577: the lower 95 %
    limit lies between 5 and 6 of 20, interpolated; P(X <= 13) = 0.9423, P(X <= 14) = 0.9793."""
    low, high = funnel.limit([20], 0.5, 0.025)
    assert float(low[0]) * 20 == pytest.approx(6 - (0.0577 - 0.025) / (0.0577 - 0.0207), abs=0.01)
    assert float(high[0]) * 20 == pytest.approx(14 - (0.9793 - 0.975) / (0.9793 - 0.9423), abs=0.01)


def test_overdispersion():
    # z² of 10 of 20 by 0.4: 0.01 / 0.012; of 16 of 50: 0.0064 / 0.0048; the small one is left out
    phi = funnel.overdispersion([(10, 20), (16, 50), (9, 9)], 0.4)
    assert phi == pytest.approx((0.01 / 0.012 + 0.0064 / 0.0048) / 2)
    assert funnel.overdispersion([(5, 9)], 0.4) is None
    assert funnel.overdispersion([(20, 20)], 1.0) is None
    assert funnel.overdispersion([(0, 0)], None) is None


def test_widened_limits_stand_beside_the_exact_ones_only_over_one():
    assert funnel.limits_of(0, 0.5, 2.0) is None
    assert funnel.limits_of(50, None, None) is None
    usual, wide = funnel.limits_of(50, 0.5, 0.9), funnel.limits_of(50, 0.5, 4.0)
    assert usual is not None
    assert wide is not None
    assert usual.widened is None
    assert usual.exact == wide.exact
    assert wide.widened is not None
    half = 1.959963984540054 * 2 * math.sqrt(0.25 / 50)
    assert wide.widened["95"] == pytest.approx((0.5 - half, 0.5 + half))
    assert {"low 99.8 wide", "high 95 wide"} <= funnel.lines(50, 0.5, 4.0)[0].keys()
    assert "low 95 wide" not in funnel.lines(50, 0.5, 1.0)[0]


def test_verdicts():
    counts = [(20, 40), (24, 50), (36, 40), (9, 9), (0, 0)]
    assert funnel.verdicts(counts, 0.55) == [
        "within",
        "within",
        "above 99.8",
        "not judged",
        "not judged",
    ]
    assert funnel.verdicts([(30, 40), (60, 160)], 0.45)[0] in ("above 95", "above 99.8")
    assert funnel.verdicts([(2, 40), (60, 160)], 0.31)[0] == "below 99.8"


def test_nobody_is_judged_alone_or_without_a_rate():
    assert funnel.verdicts([(20, 40), (3, 5)], 0.5) == ["not judged"] * 2
    assert funnel.verdicts([(0, 0)], None) == ["not judged"]
    assert funnel.verdicts([(0, 20), (0, 30)], 0.0) == ["within", "within"]
    assert funnel.verdicts([(20, 20), (30, 30)], 1.0) == ["within", "within"]


# ------------------------------------------------------------------------------ the command


def test_report_and_clinic_reports(cli, clinics: Path, folder: Path):
    result = network(cli, clinics, "-o", "net.xlsx")
    assert "5 clinics" in result.stdout
    assert "West: above 99.8 % limit" in result.stdout
    book = openpyxl.load_workbook(folder / "net.xlsx")
    assert book.sheetnames == ["Network", "Clinics", "Case mix", "Funnel", "Files", "How to read"]
    rows = list(book["Clinics"].iter_rows(min_row=5, values_only=True))
    names = [row[0] for row in rows[1:]]
    assert names == ["East", "Lake", "North", "South", "West"]  # by name, not by rate
    heads = rows[0]
    west, lake = rows[5], rows[2]
    assert (west[1], west[2], west[3]) == (40, 40, 0.95)
    assert west[heads.index("In the funnel")] == "above the 99.8 % limit"
    assert lake[heads.index("In the funnel")] == "not judged: under 10"
    assert lake[4] == "43.9 to 100.0 %"  # Wilson of 3 of 3
    files = [row[0] for row in book["Files"].iter_rows(min_row=5, values_only=True)]
    assert files[-5:] == names
    beside = sorted(path.name for path in folder.glob("net-*.xlsx"))
    assert beside == [f"net-{name}.xlsx" for name in names]
    assert {row[-1] for row in rows[1:]} == set(beside)
    own = openpyxl.load_workbook(folder / "net-West.xlsx")
    assert own["Summary"]["A1"].value == "West: clinic report"


def test_the_chart_is_a_native_scatter_with_both_limits(cli, clinics: Path, folder: Path):
    network(cli, clinics, "-o", "net.xlsx", "--no-clinic-reports")
    assert not list(folder.glob("net-*"))
    (chart,) = openpyxl.load_workbook(folder / "net.xlsx")["Network"]._charts
    assert type(chart).__name__ == "ScatterChart"
    drawn = [series.yVal.numRef.f for series in chart.series]
    limits = openpyxl.load_workbook(folder / "net.xlsx")["Funnel"]
    heads = {cell.value: cell.column_letter for cell in limits[4]}
    for name in (
        "Network",
        "Low 95 %",
        "High 95 %",
        "Low 99.8 %",
        "High 99.8 %",
        "Within",
        "Outside 95 %",
        "Outside 99.8 %",
    ):
        assert any(f"${heads[name]}$" in reference for reference in drawn), name
    xs = [cell.value for cell in limits["B"][4:] if cell.value is not None]
    assert sorted(xs) == [30, 40, 40, 50]  # Lake, with 3, is not drawn


def test_json(cli, clinics: Path, folder: Path):
    told = json.loads(network(cli, clinics, "-o", "n.xlsx", "--json").stdout)
    assert told["overall"]["started"] == 163
    assert told["overall"]["responder_30"]["count"] == 100
    assert [each["clinic"] for each in told["clinics"]] == [
        "East",
        "Lake",
        "North",
        "South",
        "West",
    ]
    west = told["clinics"][4]
    assert (west["funnel"], west["outside"]) == ("above 99.8", "99.8")
    counts = [(each["responder_30"]["count"], each["evaluable"]) for each in told["clinics"]]
    assert told["phi"] == funnel.overdispersion(counts, 100 / 163)
    for each in told["clinics"]:
        low, high = each["limits"]["95"]
        assert (low, high) == tuple(
            float(end[0]) for end in funnel.limit([each["evaluable"]], 100 / 163, 0.025)
        )
        assert each["limits"]["99.8"][0] < low < high < each["limits"]["99.8"][1]
        assert each["outside"] in (None, "95", "99.8")
    assert told["clinics"][1]["outside"] is None  # three patients are not judged
    (stratum,) = told["strata"]
    assert (stratum["condition"], stratum["baseline"], stratum["clinics"]) == (
        "Neck pain",
        "other",
        5,
    )
    # One stratum: everybody is expected to have the network's rate.
    assert all(
        each["expected_responder_30"] == pytest.approx(100 / 163) for each in told["clinics"]
    )
    assert len(told["inputs"]) == 5
    assert told["inputs"][0]["sha256"]
    assert [entry["clinic"] for entry in told["inputs"]] == [
        "East",
        "Lake",
        "North",
        "South",
        "West",
    ]


def test_case_mix_explains_a_difference(cli, folder: Path):
    """Both clinics treat each group alike; only their mix differs."""
    easy, hard = ("Neck pain", [8, 6, 3]), ("Headache", [8, 8, 8])
    for name, mix in (("A", (30, 10)), ("B", (10, 30))):
        rows = [
            row
            for (condition, scores), n in zip((easy, hard), mix, strict=True)
            for number in range(n)
            for row in patient(f"{condition}{number}", scores, condition)
        ]
        write_log(folder / "n" / name / "log.csv", rows)
    told = json.loads(network(cli, "n", "-o", "n.xlsx", "--json").stdout)
    for each, rate in zip(told["clinics"], (0.75, 0.25), strict=True):
        assert each["responder_30"]["observed"] == rate
        assert each["expected_responder_30"] == pytest.approx(rate)
        assert each["funnel"] != "within"


def test_a_column_of_one_log(cli, folder: Path):
    rows = [[*row, site] for site in ("Hill", "Bay") for row in clinic(11, 9)]
    rows += [[*row, ""] for row in patient("X", [8, 7, 4])]
    write_log(folder / "all.csv", rows, [*HEADINGS, "Clinic"])
    told = json.loads(network(cli, "all.csv", "-o", "n.xlsx", "--json").stdout)
    found = {each["clinic"]: each["evaluable"] for each in told["clinics"]}
    assert found == {"Bay": 20, "Hill": 20, "clinic not written": 1}
    assert told["inputs"][0]["used"] == 123
    own = openpyxl.load_workbook(folder / "n-Bay.xlsx")
    sessions = [row[0].value for row in own["Sessions"].iter_rows(min_row=5)]
    assert len([line for line in sessions if isinstance(line, int)]) == 60
    # The same as the clinic's log alone would give.
    alone = [[*row, "Bay"] for row in clinic(11, 9)]
    write_log(folder / "bay" / "log.csv", alone, [*HEADINGS, "Clinic"])
    only = json.loads(network(cli, "bay", "-o", "bay.xlsx", "--json").stdout)
    (bay,) = (each for each in told["clinics"] if each["clinic"] == "Bay")
    same = only["clinics"][0] | {"clinic": "Bay"}
    for name in ("funnel", "limits", "widened_limits", "expected_responder_30"):
        bay.pop(name), same.pop(name)
    assert bay == same


def test_unreadable_logs(cli, clinics: Path, folder: Path):
    (clinics / "East" / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing more")
    result = network(cli, clinics, "-o", "net.xlsx", code=3)
    assert "broken.xlsx" in result.stderr
    assert "Nothing was written" in result.stderr
    assert not list(folder.glob("net*"))
    assert not list(folder.glob("*.part"))
    network(cli, clinics, "-o", "net.xlsx", "--skip-unreadable", code=3)
    assert len(list(folder.glob("net*.xlsx"))) == 6
    assert not list(folder.glob("*.part"))


def test_nothing_is_overwritten(cli, clinics: Path, folder: Path):
    (folder / "net-North.xlsx").write_bytes(b"mine")
    result = network(cli, clinics, "-o", "net.xlsx", code=5)
    assert "net-North.xlsx is there already" in result.stderr
    assert (folder / "net-North.xlsx").read_bytes() == b"mine"
    assert sorted(path.name for path in folder.iterdir()) == ["clinics", "net-North.xlsx"]
    network(cli, clinics, "-o", "net.xlsx", "--force")
    assert (folder / "net-North.xlsx").read_bytes() != b"mine"


def test_dry_run_writes_nothing(cli, clinics: Path, folder: Path):
    result = network(cli, clinics, "-o", "net.xlsx", "--dry-run")
    assert "Would write net.xlsx" in result.stdout
    assert "Would write 5 clinic reports" in result.stdout
    assert [path.name for path in folder.iterdir()] == ["clinics"]


def test_usage(cli, clinics: Path, folder: Path):
    (folder / "empty").mkdir()
    assert "no such file or folder" in network(cli, "nowhere", code=2).stderr
    assert "no spreadsheet" in network(cli, "empty", code=2).stderr
    assert "ends in .xlsx" in network(cli, clinics, "-o", "n.pdf", code=2).stderr
    assert "read as a log" in network(cli, clinics, "-o", clinics / "n.xlsx", code=2).stderr
    assert "no scheduler" in network(cli, clinics, "--dask", "nonsense", code=2).stderr


def test_own_reports_among_the_clinics_are_not_read(cli, clinics: Path):
    for _ in range(2):
        network(cli, clinics, "-o", clinics / "clinic-report-net.xlsx", "--force")
    assert len(list(clinics.glob("clinic-report-net*.xlsx"))) == 6


def test_the_same_file_in_two_clinics(cli, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Read by one child, content is given once; each clinic still has all of its own."""
    monkeypatch.setattr("clinicreport.commands.network_gather.PARTS", 1)
    for name, numbers in (("A", (1, 2, 1)), ("B", (2,)), ("C", (3, 1)), ("D", (4,))):
        for at, number in enumerate(numbers):
            write_log(folder / "n" / name / f"{at}.csv", clinic(number, 10))
    told = json.loads(network(cli, "n", "-o", "n.xlsx", "--json", "--no-clinic-reports").stdout)
    # Two logs of a clinic share the patients' names.
    found = [each["started"] for each in told["clinics"]]
    assert found == [12, 12, 13, 14]
    read = [each["file"] for each in told["inputs"]]
    assert read == ["0.csv", "1.csv", "0.csv", "0.csv", "1.csv", "0.csv"]


def test_units(folder: Path):
    request = make_request(today="2026-11-24")
    write_log(folder / "a" / "Same" / "log.csv", [])
    write_log(folder / "b" / "Same" / "log.csv", [])
    write_log(folder / "b" / "Named" / "log.csv", [])
    (folder / "b" / "Named" / "clinic.toml").write_text('name = "Quay"\n')
    units = find_units(["a", "b"], request, None)
    assert [unit.name for unit in units] == ["a/Same", "b/Same", "Quay"]
    with pytest.raises(UsageError, match="two clinics have this name"):
        find_units(["a/Same", "a/Same"], request, None)


def test_a_clinic_folder_gives_its_archive(folder: Path):
    write_log(folder / "hill" / "session-log.csv", [])
    write_log(folder / "hill" / "archive" / "2026-09" / "old.csv", [])
    write_log(folder / "hill" / "archive" / "2026-09" / "new.csv", [])
    (folder / "hill" / "archive" / "index.csv").write_text(
        "number,received,name,path,sha256,replaced_by\n"
        "1,2026-10-01,old.csv,archive/2026-09/old.csv,aa,2\n"
        "2,2026-10-02,new.csv,archive/2026-09/new.csv,bb,\n"
    )
    (unit,) = find_units(["hill"], make_request(today="2026-11-24"), None)
    assert [Path(path).name for path in unit.paths] == ["new.csv"]


def test_a_folder_without_logs_is_named(cli, clinics: Path):
    (clinics / "Moor").mkdir()
    (clinics / "Moor" / "notes.docx").write_bytes(b"no log")
    (clinics / ".hidden").mkdir()
    result = network(cli, clinics, "--dry-run")
    assert result.stderr == "clinicreport: Moor: there is no log in this folder; left out\n"


def test_a_clinic_folder_with_an_empty_archive(cli, folder: Path):
    write_log(folder / "hill" / "inbox" / "new.csv", clinic(1, 1))
    (folder / "hill" / "archive").mkdir()
    (folder / "hill" / "archive" / "index.csv").write_text(
        "number,received,name,path,sha256,replaced_by\n"
    )
    assert "nothing is in this clinic folder's archive yet" in network(cli, "hill", code=2).stderr


def test_file_names():
    assert file_name("North Street", alike=False) == "North_Street"
    assert file_name("north", alike=True) != file_name("North", alike=True)
    strange = {
        file_name(name, alike=False) for name in ("a/b", "a_b", "../x", "Ünïcode", "", "a b")
    }
    assert len(strange) == 6
    assert not any("/" in name or "." in name for name in strange)


def test_an_empty_network(cli, folder: Path):
    write_log(folder / "n" / "A" / "log.csv", [])
    network(cli, "n", "-o", "n.xlsx")
    book = openpyxl.load_workbook(folder / "n.xlsx")
    text = [cell.value for row in book["Network"].iter_rows() for cell in row if cell.value]
    assert "Fewer than two clinics have enough evaluable patients for a comparison." in text


# ------------------------------------------------------------------------------ anywhere


def contents(folder: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(found) == 6
    return found


@pytest.mark.once
def test_the_same_bytes_for_any_number_of_jobs(cli, clinics: Path, folder: Path):
    one, two = folder / "one", folder / "two"
    one.mkdir(), two.mkdir()
    said = [
        network(cli, clinics, "-o", place / "net.xlsx", "--json", "--jobs", jobs).stdout
        for jobs, place in ((1, one), (2, two))
    ]
    assert said[0] == said[1]
    assert contents(one) == contents(two)


@pytest.mark.once
def test_the_same_bytes_on_a_dask_cluster(cli, clinics: Path, folder: Path):
    distributed = pytest.importorskip("distributed")
    one, dask = folder / "one", folder / "dask"
    one.mkdir(), dask.mkdir()
    network(cli, clinics, "-o", one / "net.xlsx")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(folder.parent / "dask"),
    ) as cluster:
        assert len(cluster.workers) == 2
        words = (clinics, "-o", dask / "net.xlsx", "--dask", cluster.scheduler_address)
        network(cli, *words)
        assert contents(one) == contents(dask)
        # What goes wrong on a worker comes back as the same sentence.
        (dask / "net.xlsx").unlink()
        result = network(cli, *words, code=5)
        assert "net-East.xlsx is there already" in result.stderr


def test_whose_logo_it_is(cli, folder: Path):
    for name in ("A", "B"):
        write_log(folder / "n" / name / "log.csv", clinic(2, 1))
        (folder / "n" / name / "clinic.toml").write_text(f'name = "{name}"\n')
    (folder / "net.toml").write_text('logo = "logo.png"\n')
    (folder / "logo.png").write_bytes(png(40, 10))
    network(cli, "n", "-o", "of-all.xlsx", "--config", "net.toml")
    (folder / "n" / "A" / "clinic.toml").write_text('name = "A"\nlogo = "own.png"\n')
    (folder / "n" / "A" / "own.png").write_bytes(png(40, 10))
    network(cli, "n", "-o", "own.xlsx")
    pictures = {
        path.name
        for path in folder.glob("*-?.xlsx")
        if any("media" in name for name in zipfile.ZipFile(path).namelist())
    }
    assert pictures == {"of-all-A.xlsx", "of-all-B.xlsx", "own-A.xlsx"}


def test_files_name_the_clinics_of_a_log(cli, folder: Path):
    rows = [[site, *row] for site in ("East", "West") for row in clinic(2, 1)]
    write_log(folder / "export.csv", rows, ["Clinic", *HEADINGS])
    told = json.loads(network(cli, "export.csv", "--json", "--dry-run").stdout)
    assert [entry["clinic"] for entry in told["inputs"]] == ["East, West"]
