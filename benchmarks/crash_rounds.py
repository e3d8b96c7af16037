"""Kill a clinic folder's run again and again, and see that nothing is lost and nobody mailed twice.

    python benchmarks/crash_rounds.py --rounds 300 [--imap | --purge] [--acknowledge] [--real] [--seed 1]

Each round drops new and corrected logs, starts a run in a process of its own, and kills it with
SIGKILL at a random moment, up to three times; then a run is left to finish. Mail goes to a real
server on this computer, with TLS and login. Checked after every kill: each original is in the
inbox, the archive or rejected/, and each report is whole. Checked after every finish: nothing is
left to do, and each message arrived exactly once, or is "unsure" and arrived at most once.
``--imap``: the messages are drafts that go into a mailbox on this computer instead, each exactly once.
``--purge``: each round purges a patient from a copy of one folder instead, is killed up to three
times and left to finish; the copy must then be as the purge that nobody stopped left it.
``--acknowledge``: each round also has an error finding that ``clinicreport acknowledge`` answers, killed
likewise: then one line and one event stand for it, and its mail goes once.
``--real`` makes real workbooks (slower); otherwise a small stand-in takes their place.
"""

import argparse
import csv
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import pytest
from clinic_folders import (
    TODAY,
    contents,
    drop,
    end_state,
    log,
    make_fast,
    make_folder,
    request,
    rows,
    run,
    sha,
)
from imap_server import mailbox
from imap_server import settings as mailbox_settings
from mail_server import PASSWORD, serving, settings

from clinicreport.commands.cli import main
from clinicreport.folder import places, purging
from clinicreport.folder.open_folder import opened
from clinicreport.ground.errors import UsageError

MONTHS = [f"2026-{number:02d}" for number in range(1, 11)]
RECIPIENTS = ("office", "second")
PURGED = "H-014"


def killed(work, seconds):
    """Whether the work was still going on when it was killed."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def check_kept(folder, dropped):
    """Every original is somewhere, every report is whole."""
    lost = dropped - contents(folder)
    assert not lost, f"{len(lost)} originals are lost"
    for path in folder.reports.glob("*/clinic-report-*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert book.testzip() is None, path


def check_mail(folder, office):
    """Each message exactly once; an unsure one at most once."""
    arrived = office.ids()
    assert set(arrived.values()) <= {1}, "a message arrived twice"
    found = rows(folder, "SELECT message_id, state FROM messages WHERE state != 'replaced'")
    for row in found:
        assert row["state"] in {"sent", "unsure"}, row
        assert row["state"] == "unsure" or arrived[row["message_id"]] == 1, row
    return Counter(row["state"] for row in found)


def check_mailbox(folder, post):
    """Each draft exactly once, also those that a newer report has overtaken."""
    lying = post.ids()
    assert set(lying.values()) <= {1}, "a draft lies in the mailbox twice"
    found = rows(folder, "SELECT message_id, state, next_utc FROM messages")
    for row in found:
        assert row["state"] in {"drafted", "replaced"}, row
        assert row["state"] == "replaced" or lying[row["message_id"]] == 1, row
        assert row["state"] == "replaced" or row["next_utc"] is None, row
    assert set(lying) <= {row["message_id"] for row in found}
    return Counter(row["state"] for row in found)


def one_round(folder, chance, dropped, longest):
    """Drop, kill, finish; how often it was killed at work."""
    for month in chance.sample(MONTHS, chance.randint(1, 3)):
        name = chance.choice([f"{month}.csv", f"{month}.csv", "twin.csv", "broken.xlsx"])
        kind = "T" if name == "twin.csv" else "P"  # others' visits, so that it is no correction
        content = log(
            month,
            patients=(f"{kind}-{chance.randint(1, 5)}", f"{kind}-9"),
            scores=tuple(chance.randint(0, 10) for _ in range(3)),
        )
        content = content if name != "broken.xlsx" else b"PK\x03\x04" + content
        if not (folder.inbox / name).exists():
            drop(folder, name, content)
            dropped.add(sha(content))
    kills = 0
    for _ in range(chance.randint(1, 3)):
        if not killed(lambda: run(folder, retry=True), chance.uniform(0.005, longest)):
            break
        kills += 1
        check_kept(folder, dropped)
    done = run(folder, retry=True)
    assert not done.problems, done.problems
    assert not rows(folder, "SELECT * FROM due")
    assert not rows(folder, "SELECT * FROM files WHERE state = 'received' OR cleared = 0")
    assert not [path for path in folder.inbox.iterdir() if path.is_file()]
    check_kept(folder, dropped)
    return kills


def purge(folder):
    """What the command does: the purge is written down once, then carried out."""
    with opened(folder, request(folder)) as clinic:
        if not rows(folder, "SELECT * FROM purges"):
            purging.begin(clinic, purging.PATIENT, PURGED, "M. Example", "asked for")
        purging.finish(clinic)


def purged(folder):
    """What a purge and the next run come to."""
    purge(folder)
    run(folder)
    holding = [path for path in folder.root.rglob("*") if holds_patient(path)]
    assert not holding, holding
    (record,) = rows(folder, "SELECT text FROM events WHERE kind = 'purged'")
    return end_state(folder), record


def holds_patient(path):
    return path.is_file() and PURGED.encode() in path.read_bytes()


def purge_rounds(place, rounds, chance):
    """Purge copies of one folder, each killed on the way."""
    folder = make_folder(place / "before" / "clinic")
    for month in ("2026-08", "2026-09", "2026-10"):
        patients = ("P-2",) if month == "2026-08" else (PURGED, "P-2")
        drop(folder, f"{month}.csv", log(month, patients=patients))
    drop(folder, "later.csv", log("2027-10", patients=(PURGED,)))  # rejected: in the future
    run(folder)
    (folder.root / "old-ledger.sqlite").write_bytes(PURGED.encode())

    def copied(name):
        shutil.copytree(folder.root, place / name / "clinic")
        return places.find(place / name / "clinic")

    purged(copied("first"))  # loads all modules
    undisturbed = copied("undisturbed")
    begun = time.monotonic()
    end = purged(undisturbed)
    longest = time.monotonic() - begun
    kills = 0
    for number in range(1, rounds + 1):
        each = copied("round")
        for _ in range(chance.randint(1, 3)):
            kills += killed(partial(purge, each), chance.uniform(0.002, longest))
        assert purged(each) == end, number
        shutil.rmtree(each.root)
        if number % 25 == 0:
            print(f"{number} purges, {kills} kills at work", flush=True)
    print(f"{rounds} purges in {time.monotonic() - begun:.0f} s: all as the undisturbed one")


def acknowledged_round(folder, chance, dropped, longest):
    """An error finding answered, killed, answered again; how often it was killed at work."""
    month = chance.choice(MONTHS)
    score = f"{chance.randint(1, 9)}-{chance.randint(1, 9)}"  # is none
    content = log(month, patients=(f"A-{chance.randint(1, 10**6)}",), scores=(7, score, 4))
    drop(folder, f"odd {month}.csv", content)
    dropped.add(sha(content))
    run(folder, retry=True)
    kills = 0
    for name in open_findings(folder):
        words = ["acknowledge", name, str(folder.root), "--who", "M. Example", "--why", "seen"]
        work = partial(main.main, [*words, "--today", TODAY, "-q"], standalone_mode=False)
        for _ in range(chance.randint(1, 3)):
            kills += killed(work, chance.uniform(0.005, longest))
        with suppress(SystemExit, UsageError):  # mail that waits; a line that is there already
            work()
        events = rows(folder, "SELECT text FROM events WHERE kind = 'acknowledged'")
        assert sum(name in row["text"] for row in events) == 1, "noted twice, or never"
        assert folder.acknowledged.read_text("utf-8-sig").count(name) == 1, "two lines, or none"
    done = run(folder, retry=True)
    assert not done.problems, done.problems
    check_kept(folder, dropped)
    return kills


def open_findings(folder):
    """Ids of the error findings that hold mail back, as to-acknowledge.csv gives them."""
    said = folder.acknowledged.read_text("utf-8-sig") if folder.acknowledged.exists() else ""
    lines = [
        line["finding"]
        for path in folder.reports.glob("*/to-acknowledge.csv")
        for line in csv.DictReader(path.read_text("utf-8-sig").splitlines())
    ]
    return [name for name in dict.fromkeys(lines) if name not in said]


@contextmanager
def served(place, *, imap):
    """The settings, what the server has got, and what must hold of it."""
    if imap:
        with mailbox(place) as (post, port, ca_file):
            yield (
                patient(mailbox_settings(port, ca_file, recipients=RECIPIENTS)),
                post,
                check_mailbox,
            )
    else:
        with serving(place) as server:
            yield patient(settings(server, recipients=RECIPIENTS)), server.office, check_mail


def patient(text):
    """The settings with time enough for a computer that does much else."""
    return text.replace("timeout_seconds = 5", "timeout_seconds = 300")


def rounds():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--imap", action="store_true")
    parser.add_argument("--purge", action="store_true")
    parser.add_argument("--acknowledge", action="store_true")
    parser.add_argument("--real", action="store_true")
    asked = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    chance = random.Random(asked.seed)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as place:
        if not asked.real:
            make_fast(patch)
        if asked.purge:
            purge_rounds(Path(place), asked.rounds, chance)
            return
        with served(Path(place), imap=asked.imap) as (text, seen, check):
            folder = make_folder(Path(place) / "clinic", text)
            (folder.root / "smtp-password.txt").write_text(PASSWORD, encoding="utf-8")
            first = [log("2025-01"), log("2025-02")]
            for (
                content
            ) in first:  # the first run loads all modules, the last one tells how long one takes
                begun = time.monotonic()
                drop(folder, "first.csv", content)
                run(folder)
            longest = 1.5 * (time.monotonic() - begun)
            dropped, kills, states = set(map(sha, first)), 0, Counter()
            for number in range(1, asked.rounds + 1):
                kills += one_round(folder, chance, dropped, longest)
                if asked.acknowledge:
                    kills += acknowledged_round(folder, chance, dropped, longest)
                states = check(folder, seen)
                if number % 25 == 0:
                    print(
                        f"{number} rounds, {kills} kills at work, {len(dropped)} originals, "
                        f"{sum(seen.ids().values())} messages: {dict(states)}",
                        flush=True,
                    )
    print(f"{asked.rounds} rounds in {time.monotonic() - begun:.0f} s: nothing lost, none twice")


if __name__ == "__main__":
    rounds()
