# ruff: noqa: INP001 (docs are no package)
"""Draws the pictures of the desk's pages in docs/pictures/, of made-up patients alone.

    PYTHONPATH=tests python docs/make_desk_pictures.py

Needs Chromium (``chromium``) and the parts for developers.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic_folders import faulty, log, make_folder
from desk_in_chromium import WIDE, Visit, chromium, running_desk
from playwright.sync_api import ViewportSize

PICTURES = Path(__file__).resolve().parent / "pictures"
UNKNOWN = b"Kod;Wizyta;VAS przed (mm)\n" + b"".join(
    b"VB%d;2026-09-%02d;%d\n" % (patient, day, score - day)
    for day in (7, 9, 11)
    for patient, score in ((1, 71), (2, 65))
)


def main() -> None:
    """One picture a screen, as a visitor comes by."""
    with TemporaryDirectory() as made, chromium(shutil.which("chromium")) as browser:
        home = Path(made)
        with running_desk(None, home) as address:
            visit = Visit(browser, address)
            for field in ("where", "folder"):  # no name of a computer's folders in a picture
                visit.page.fill(f"#{field}", "")
            draw(visit, "start")
        with running_desk(make_folder(home / "clinic").root, home) as address:
            visit = Visit(browser, address)
            visit.drop("september.csv", log("2026-09"))
            visit.use()
            visit.month()
            draw(visit, "month")
            visit.page.get_by_role("link", name=re.compile("^Mail")).first.click()
            visit.page.wait_for_selector("text=who gets what")
            visit.page.get_by_text("Read it").click()
            draw(visit, "mail")
            visit.drop("october.csv", faulty("2026-10"))
            draw(visit, "look")
            visit.drop("november.csv", november())
            visit.use()
            visit.page.get_by_role("link", name="Figures", exact=True).click()
            visit.page.wait_for_selector(".chart svg")
            draw(visit, "figures", {"width": 1000, "height": 1130})
            visit.drop("wrzesien.csv", UNKNOWN)
            visit.page.get_by_role("link", name="Answer questions").click()
            visit.page.wait_for_selector("#answers")
            draw(visit, "ask")
            draw_settings(visit)


def draw_settings(visit: Visit) -> None:
    """The limits, one of them the clinic's own."""
    visit.page.goto(f"{visit.start}/settings/limits")
    visit.page.fill("#f-session-minutes-max", "25")
    visit.button("Save").click()
    visit.page.wait_for_selector("text=Saved.")
    draw(visit, "settings")


def november() -> bytes:
    """A month in which most of two dozen patients got better."""
    courses = ((8, 6, 3), (7, 6, 4), (6, 6, 5), (5, 3, 1), (4, 5, 7), (7, 5, 5))
    logs = [
        log("2026-11", tuple(f"H-{at}{one}" for one in range(4)), scores)
        for at, scores in enumerate(courses, start=1)
    ]
    return b"".join([logs[0], *(own.partition(b"\n")[2] for own in logs[1:])])


def draw(visit: Visit, name: str, size: ViewportSize = WIDE) -> None:
    """The page as a picture."""
    visit.page.set_viewport_size(size)
    visit.page.screenshot(path=PICTURES / f"desk-{name}.png")


if __name__ == "__main__":
    main()
