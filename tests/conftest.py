"""What several test files need: the command line in an empty folder, and logs made in memory."""

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from helpers import TODAY
from hypothesis import settings

from clinicreport.books.json_report import report_object
from clinicreport.commands.cli import main
from clinicreport.ground import held_files
from clinicreport.ground.period import Period
from clinicreport.outcomes.analysis import evaluate
from clinicreport.path import check_logs
from clinicreport.protocol import in_force
from clinicreport.reading import isolation, worker
from clinicreport.reading.spreadsheet import Spreadsheet
from clinicreport.settings.config import Config
from clinicreport.settings.request import Request

# The same examples at every run; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

for name in [name for name in os.environ if name.startswith("CLINICREPORT_")]:
    del os.environ[name]

# The memory of the tests' own process stays unlimited, also for a thread that outlives its test.
worker.limit_memory = lambda _: None

Cli = Callable[..., Result]


class ReadHere:
    """A child that is no process: starting a Python for each of thousands of tests takes minutes."""

    def read(self, data: bytes, password: str | None) -> Spreadsheet:
        return worker.answer(data, password)[0]

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in the tests' own process.

    The tests of reading itself and those that send every kind of log through every command have
    children as the program has them.
    """
    if request.path.parent.name != "reading" and request.path.stem != "test_matrix":
        monkeypatch.setattr(isolation, "Child", ReadHere)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program holds is tried again at once."""
    monkeypatch.setattr(held_files, "PAUSES", (0.0,) * len(held_files.PAUSES))


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Months in a clinic folder without the workbooks, which take the time."""
    from clinic_folders import make_fast

    make_fast(monkeypatch)


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A place for clinic folders, in memory where there is one."""
    from clinic_folders import memory_place

    with memory_place() as place:
        yield place


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A mail server with an office behind it."""
    from mail_server import Office, serving

    with serving(tmp_path_factory.mktemp("server"), office=Office()) as running:
        yield running


@pytest.fixture
def office(server: Any) -> Any:
    """The office, without a message from earlier tests."""
    server.office.__init__()
    return server.office


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def cli(folder: Path) -> Cli:
    """Runs the command line in the empty folder, as of a fixed day."""

    def run(*arguments: object, today: str | None = "2026-11-24", **more: Any) -> Result:
        words = [str(argument) for argument in arguments]
        if today and words[:1] in (["report"], ["check"]):
            words[1:1] = ["--today", today]
        return CliRunner().invoke(main, words, **more)

    return run


@pytest.fixture
def from_books(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The JSON object of the report on books made in memory."""

    def run(
        *books: Spreadsheet,
        period: Period | None = None,
        today: dt.date = TODAY,
        config: Config | None = None,
    ) -> dict[str, Any]:
        monkeypatch.setattr("clinicreport.reading.files.expand", lambda paths: paths)
        monkeypatch.setattr("clinicreport.reading.files.read_books", lambda *_a, **_k: Given(books))
        request = Request(in_force.load(), config or Config(), today, period)
        checked = check_logs([book.path for book in books], request)
        text = json.dumps(report_object(checked, evaluate(checked)), allow_nan=False)
        result: dict[str, Any] = json.loads(text)
        return result

    return run


class Given(list[Spreadsheet]):
    """Books as ``read_books`` gives them."""

    skipped: Sequence[Any] = ()


# ------------------------------------------------------------------------------------- the desk


@pytest.fixture
def clinic() -> Iterator[Any]:
    """A clinic folder that is ready for a run."""
    from clinic_folders import make_folder, memory_place

    with memory_place() as place:
        yield make_folder(place / "clinic")


@pytest.fixture
def stranger(clinic: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A browser at a desk over that folder, without a cookie."""
    from clinic_folders import NoPool
    from desk_browser import make_browser, make_desk

    monkeypatch.setattr("clinicreport.reading.files.Pool", NoPool)
    return make_browser(make_desk(clinic))


@pytest.fixture
def browser(stranger: Any) -> Any:
    """The same, let in."""
    assert stranger.come_in().status_code == 200
    return stranger
