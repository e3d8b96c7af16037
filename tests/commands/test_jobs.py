"""--jobs: the same bytes whatever the number of processes, and files read at the same time."""

import csv
import threading
from pathlib import Path
from random import Random

import pytest

from clinicreport.reading import isolation
from clinicreport.reading.files import read_books
from clinicreport.reading.spreadsheet import Spreadsheet

HEADINGS = ["Patient ID", "Date", "Pain before", "Pain after", "Duration (min)", "Eye protection"]


def write_logs(folder: Path, files: int) -> None:
    """Small logs of very different lengths, with faults, so that late files come back first."""
    for number in range(files):
        chance = Random(number)
        with (folder / f"log-{number:02}.csv").open("w", newline="", encoding="utf-8") as file:
            log = csv.writer(file)
            log.writerow(HEADINGS)
            for visit in range(3 if number % 2 else 900):
                log.writerow(
                    [
                        f"{number}-{visit // 9}",
                        f"2026-09-{1 + 2 * (visit % 9):02}",
                        chance.choice(["7", "6", "5", "6-7", ""]),
                        "4",
                        chance.choice(["15", "25", "soon"]),
                        chance.choice(["yes", "", "no"]),
                    ]
                )


@pytest.mark.parametrize("jobs", [2, 3, 9])
def test_check_prints_the_same_for_any_number_of_jobs(cli, folder: Path, jobs: int):
    write_logs(folder, 7)
    one = cli("check", folder, "--json", "--jobs", 1)
    many = cli("check", folder, "--json", "--jobs", jobs)
    assert one.exit_code == many.exit_code == 1
    assert '"bad-score"' in one.stdout
    assert many.stdout == one.stdout


def test_report_writes_the_same_bytes_for_any_number_of_jobs(cli, folder: Path):
    logs = folder / "logs"
    logs.mkdir()
    write_logs(logs, 5)
    for jobs in (1, 2):
        result = cli("report", logs, "-o", f"{jobs}.xlsx", "--jobs", jobs)
        assert result.exit_code == 0, result.output
    assert (folder / "1.xlsx").read_bytes() == (folder / "2.xlsx").read_bytes()


def test_as_many_files_are_read_at_a_time_as_there_are_jobs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    write_logs(folder, 6)
    together = threading.Barrier(2, timeout=20)  # each read waits for another one under way

    class Slow(isolation.Child):
        def read(self, data: bytes, password: str | None) -> Spreadsheet:
            together.wait()
            return super().read(data, password)

    monkeypatch.setattr(isolation, "Child", Slow)
    books = list(read_books(sorted(folder.glob("*.csv")), jobs=2))
    assert [book.reason for book in books] == [""] * 6
    assert [book.name for book in books] == [f"log-{number:02}.csv" for number in range(6)]


def test_a_network_starts_no_more_processes_than_windows_waits_for(monkeypatch):
    from clinicreport.commands import network_gather

    asked: list[int] = []

    class Pool(network_gather.InThisProcess):
        def __init__(self, jobs: int, **_: object) -> None:
            asked.append(jobs)

    monkeypatch.setattr(network_gather, "ProcessPoolExecutor", Pool)
    for jobs in (2, 64):
        with network_gather.executor(jobs):
            pass
    assert asked == [2, 61]


def test_a_worker_that_was_ended_is_said(cli, folder: Path, monkeypatch):
    from concurrent.futures import Future
    from concurrent.futures.process import BrokenProcessPool

    from clinicreport.commands import network_gather

    class Pool(network_gather.InThisProcess):
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def submit(self, *_: object) -> Future[None]:
            future: Future[None] = Future()
            future.set_exception(BrokenProcessPool("ended"))
            return future

    monkeypatch.setattr(network_gather, "ProcessPoolExecutor", Pool)
    (folder / "a.csv").write_text("Patient ID,Date,Pain\nP-1,2026-09-01,8\n", encoding="utf-8")
    said = cli("network", folder / "a.csv", "--jobs", 2, "-o", "out.xlsx")
    assert said.exit_code == 5
    assert "try again with --jobs 1" in said.output
    assert not (folder / "out.xlsx").exists()
