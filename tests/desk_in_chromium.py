"""A desk as a program of its own, and a real browser that passes its pages and looks at each."""

import base64
import os
import re
import subprocess
import sys
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AT_WORK = 20_000  # milliseconds until a log is read, or used
WIDE = {"width": 1000, "height": 800}
NARROW = {"width": 320, "height": 640}  # a phone, and 640 pixels at 200 %


@contextmanager
def running_desk(folder, home):
    """The address of a desk over a folder (None: none chosen yet), with a home of its own."""
    command = [sys.executable, "-m", "clinicreport", "desk", "--no-browser"]
    command += [str(folder)] if folder else []
    surroundings = os.environ | {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    surroundings["PYTHONUNBUFFERED"] = "1"
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=surroundings, cwd=home
    ) as program:
        try:
            program.stdout.readline()
            yield program.stdout.readline().strip()
        finally:
            program.terminate()


@contextmanager
def chromium(path):
    """A real browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page of the browser; what was asked for, and what its console said."""

    def __init__(self, browser, address):
        self.page = browser.new_page(viewport=WIDE)
        self.page.set_default_timeout(AT_WORK)
        self.addresses, self.titles, self.console = [], [], []
        self.page.on("request", lambda request: self.addresses.append(request.url))
        self.page.on("filechooser", lambda _: None)  # from the start, else the first one is missed
        self.page.on("console", self._say)
        self.page.on("pageerror", lambda error: self.console.append(str(error)))
        self.page.goto(address)
        self.page.wait_for_selector("h1")
        self.start = self.page.url.rsplit("/", 1)[0]

    def _say(self, message):
        # Behind a closed desk the browser asks for an icon of its own accord, and gets none.
        icon = message.location["url"].endswith("/favicon.ico")
        if message.type in ("error", "warning") and not icon:
            self.console.append(message.text)

    def month(self):
        self.page.goto(f"{self.start}/month")

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def drop(self, name, content):
        """A file dropped on the month's page, as a hand drops it; then its sheet."""
        self.month()
        self.page.evaluate(
            """([name, text]) => {
                const dataTransfer = new DataTransfer();
                const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
                dataTransfer.items.add(new File([bytes], name));
                document.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
            }""",
            [name, base64.b64encode(content).decode()],
        )
        self.page.wait_for_url("**/look/*")
        self.page.wait_for_selector("h1")

    def use(self):
        self.button("Use this log").click()
        self.page.wait_for_selector("text=This is what was done")

    def tab_to(self, name):
        """Tab until that name has the focus; what follows a colon for those who hear it is left out."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            focus = "document.activeElement"
            told = self.page.evaluate(f"{focus}.innerText || {focus}.id")
            if re.split("[:\n]", told.strip())[0] == name:
                return
        raise AssertionError(f"no Tab leads to {name}")

    def flaws(self):
        """What axe finds on the page as it stands, and whether a narrow one goes sideways."""
        self.titles.append(self.page.title())
        found = Axe().run(self.page, options={"runOnly": WCAG}).response["violations"]
        said = [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
        self.page.set_viewport_size(NARROW)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            said.append("it goes sideways")
        self.page.set_viewport_size(WIDE)
        return said
