# ruff: noqa: INP001 (docs are no package)
"""Draws the pictures of the report's sheets in docs/pictures/ from the samples.

    python docs/make_pictures.py

Needs LibreOffice (``soffice``) and poppler (``pdftotext``, ``pdftoppm``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples" / "three-months"
PICTURES = HERE / "pictures"
TODAY = "2026-10-02"
LARGEST = 150_000  # bytes of a picture
SHARPNESS = (96, 88, 80, 72, 64, 56, 48)  # dots per inch, the first that fits

# Picture -> the title of the sheet, and how many pages behind its first one.
PAGES = {
    "summary": ("Clinic report", 0),
    "front": ("Pain by week of course", 0),
    "charts": ("Charts", 0),
    "charts-responders": ("Charts", 1),
    "patients": ("Patients", 0),
    "patient": ("Patient", 0),
    "to-do": ("To do", 0),
    "weeks": ("Pain week by week", 0),
    "adherence-and-safety": ("Adherence and safety", 0),
    "findings": ("Findings", 0),
    "evidence": ("Evidence", 0),
    "sessions": ("Sessions", 0),
    "method": ("Method", 0),
}


def main() -> None:
    """Make the report, print it to pages, keep one picture a sheet."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        pages = printed(Path(folder))
        titles = [page_titles(pages, number) for number in range(1, count(pages) + 1)]
        for name, (title, behind) in PAGES.items():
            first = next(at for at, found in enumerate(titles, 1) if titled(found, title))
            draw(pages, first + behind, PICTURES / name)
    headings()


def headings() -> None:
    """The sheet Headings of a marked copy of the log in docs/own-spreadsheet.md."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        page = (HERE / "own-spreadsheet.md").read_text(encoding="utf-8")
        log = folder / "october.csv"
        log.write_text(page.split("```text\n")[1].split("```")[0], encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "clinicreport",
            "check",
            log,
            "--marked-copy",
            folder,
            "-q",
        ]
        words = [str(word) for word in command]
        subprocess.run(words, check=False, capture_output=True, cwd=folder)  # noqa: S603 (it has findings)
        pages = as_pdf(folder / "october-marked.xlsx", folder)
        draw(pages, count(pages), PICTURES / "headings")


def printed(folder: Path) -> Path:
    """The report of the samples as a PDF file."""
    report = folder / "report.xlsx"
    run(
        sys.executable,
        "-m",
        "clinicreport",
        "report",
        SAMPLES,
        "-o",
        report,
        "--today",
        TODAY,
        "-q",
    )
    return as_pdf(report, folder)


def as_pdf(workbook: Path, folder: Path) -> Path:
    """A workbook printed to a PDF file."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, workbook)
    return workbook.with_suffix(".pdf")


def count(pages: Path) -> int:
    """How many pages there are."""
    told = run("pdfinfo", pages)
    return int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])


def titled(lines: list[str], title: str) -> bool:
    """Whether a title is among the lines, also one that says "(as made)"."""
    return any(line == title or line.startswith(f"{title} (") for line in lines)


def page_titles(pages: Path, number: int) -> list[str]:
    """The lines of a page, one of which is the sheet's title."""
    return run("pdftotext", "-f", number, "-l", number, pages, "-").splitlines()[:6]


def draw(pages: Path, number: int, target: Path) -> None:
    """One page as a picture, as sharp as its size allows."""
    for dots in SHARPNESS:
        run("pdftoppm", "-r", dots, "-f", number, "-singlefile", "-png", pages, target)
        if target.with_suffix(".png").stat().st_size <= LARGEST:
            return


def run(*command: object) -> str:
    """Run a program; what it prints."""
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
