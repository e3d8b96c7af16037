"""The installed wheel is tried, not only the checkout; and what the README promises is there."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from click import Group, Option

from clinicreport.books.report.report_workbook import CONTENTS
from clinicreport.commands.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SOURCES = ("clinicreport", "templates", "samples", "tests")
CACHES = shutil.ignore_patterns("__pycache__", ".*_cache", "~$*", "clinic-report-*")


def run(*command: object, cwd: Path, **more: str) -> str:
    """Standard output of a command that must succeed."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | more
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which people have worked: with what programs leave behind."""
    copy = tmp_path_factory.mktemp("checkout") / "clinicreport"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=CACHES)
    for name in (
        "samples/~$faults.xlsx",
        "templates/~$protocol.toml",
        "samples/clinic-report-2026-09-30.xlsx",
        "samples/__pycache__/make_samples.cpython-311.pyc",
        "clinicreport/__pycache__/cli.cpython-311.pyc",
        "samples/.DS_Store",
    ):
        path = copy / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("left behind")
    return copy


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, cwd=checkout)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files(folder: Path, below: str) -> Iterator[str]:
    """Files under a folder of this checkout, without caches."""
    for path in (folder / below).rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not re.search(r"(^|/)(__pycache__|~\$|\.|clinic-report-)", name):
            yield name


def test_the_wheel_holds_package_templates_and_samples_and_nothing_else(wheel: Path) -> None:
    wanted = set(files(ROOT, "clinicreport"))
    wanted |= {
        f"clinicreport/{name}" for below in ("templates", "samples") for name in files(ROOT, below)
    }
    found = {name for name in names(wheel) if ".dist-info/" not in name}
    assert found == wanted
    assert "clinicreport/samples/three-months/2026-07.xlsx" in found
    assert "clinicreport/templates/protocol.toml" in found


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(path).decode()
        assert any(name.endswith("/licenses/LICENSE") for name in archive.namelist())
    assert "\nLicense-Expression: MIT\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    for package in PROJECT["project"]["dependencies"]:
        assert f"Requires-Dist: {package}\n" in metadata


def test_the_source_archive_makes_the_same_wheel(built: Path, wheel: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        # An attribute: the argument of this name came with Python 3.11.4.
        source.extraction_filter = getattr(tarfile, "data_filter", None)
        source.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert (folder / "tests" / "test_packaging.py").is_file()
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        tmp_path / "again",
        cwd=folder,
    )
    (again,) = (tmp_path / "again").iterdir()
    assert names(again) == names(wheel)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment of its own with the wheel in it.

    The packages that it needs are those of the environment of the tests, so that no network is
    needed; an editable install there is not seen (a .pth file in a .pth file's folder is not).
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        programs / "python",
        "install",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=folder,
    )
    site = Path(
        run(
            programs / "python",
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
            cwd=folder,
        ).strip()
    )
    (site / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


WHERE = (
    "import clinicreport; from clinicreport.ground.resources import resource;"
    "print(clinicreport.__file__); print(resource('samples')); print(resource('templates/protocol.toml'))"
)


def test_the_installed_wheel_writes_a_report_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    package, samples, protocol = run(installed / "python", "-c", WHERE, cwd=tmp_path).splitlines()
    assert all(Path(path).is_relative_to(installed.parent) for path in (package, samples, protocol))
    said = run(installed / "clinicreport", "report", Path(samples) / "three-months", cwd=tmp_path)
    assert "Written: clinic-report-2026-09-30.xlsx" in said
    assert [path.name for path in tmp_path.iterdir()] == ["clinic-report-2026-09-30.xlsx"]


def test_a_bare_checkout_works_without_being_installed(checkout: Path, tmp_path: Path) -> None:
    package, samples, _ = run(
        sys.executable, "-c", WHERE, cwd=tmp_path, PYTHONPATH=str(checkout)
    ).splitlines()
    assert Path(package).is_relative_to(checkout)
    assert Path(samples) == checkout / "samples"
    said = run(
        sys.executable,
        "-m",
        "clinicreport",
        "report",
        Path(samples) / "one-patient.xlsx",
        "-o",
        "x.xlsx",
        cwd=tmp_path,
        PYTHONPATH=str(checkout),
    )
    assert "Written: x.xlsx" in said


# ------------------------------------------------------------------ README and lock


def blocks() -> list[tuple[str, str]]:
    """The README's fenced blocks: language and text."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_first_two_blocks_set_up_and_run() -> None:
    (first, report), (second, tests) = blocks()[:2]
    assert (first, second) == ("sh", "sh")
    assert [line.split()[-1] for line in report.splitlines()] == [
        ".venv",
        ".",
        "samples/three-months",
    ]
    assert 'pip install -e ".[dev]"' in tests
    assert "pytest" in tests.splitlines()[-1]
    assert not any(language == "sh" for language, _ in blocks()[2:])


def test_the_readme_names_every_sheet_every_status_and_real_options() -> None:
    sheets = README.split("## What you get")[1].split("\n\n")[1]
    assert set(CONTENTS) == {
        name.strip() for row in sheets.splitlines()[2:] for name in row.split("|")[1].split(",")
    }
    assert set(re.findall(r"^\| (\d) \|", README, re.MULTILINE)) == {"0", "1", "2", "3", "4", "5"}
    assert isinstance(main, Group)
    context = main.make_context("clinicreport", ["report"], resilient_parsing=True)
    commands = [main.get_command(context, name) for name in main.list_commands(context)]
    known = {
        word
        for command in commands
        if command
        for option in command.params
        if isinstance(option, Option)
        for word in option.opts
    }
    rows = README.split("| command | does |")[1].split("\n\n")[0].splitlines()[2:]
    told = {name for row in rows for name in re.findall(r"`([a-z]+)[ `]", row.split("|")[1])}
    assert told == set(main.list_commands(context))
    assert set(re.findall(r"`(?:[a-z]+ )*(--[a-z-]+)", README)) <= known | {"--help"}


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_the_lock_names_a_version_of_everything_and_no_place_to_get_it_from() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    locked = {normal(line.partition("==")[0]) for line in lines}
    project = PROJECT["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {normal(re.split(r"[<>=!~\[ ]", name)[0]) for name in needed} <= locked
    assert "clinicreport" not in locked


def test_the_development_environment_names_all_that_is_imported() -> None:
    """What happens to be installed on one machine is missing in a fresh clone."""
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *(name for extra in extras.values() for name in extra)]
    known = {normal(re.split(r"[<>=!~\[ ]", name)[0]) for name in named}
    homes = packages_distributions()
    own = {
        path.stem
        for below in ("tests", "samples", "benchmarks")
        for path in (ROOT / below).rglob("*.py")
    }
    own |= {"clinicreport", "benchmarks", "docs"} | sys.stdlib_module_names
    own |= {"uno", "com"}  # LibreOffice's, for the Python of the system
    unnamed = {
        name
        for below in ("clinicreport", "tests", "samples")
        for path in (ROOT / below).rglob("*.py")
        for name in imports(path) - own
        if not known & {normal(home) for home in homes.get(name, [name])}
    }
    assert unnamed == set()


def imports(path: Path) -> set[str]:
    """The first names of the modules that a file imports anywhere."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_ci_runs_the_readmes_block() -> None:
    script = ROOT / ".ci" / "run"
    if script.exists():  # not in a source archive
        assert os.access(script, os.X_OK)
        assert "run_block 2" in script.read_text(encoding="utf-8")
