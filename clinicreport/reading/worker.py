"""The child process: one request after another until its input ends.

A request is a pickled (password, seconds) and the file's bytes; the answer is a pickled
Book. Whatever a parser does to this process, the parent only sees it end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import pickle
import signal
import sys
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from clinicreport.reading import RefusedError, guard, sniff
from clinicreport.reading.exchange import LENGTH, LENGTHS
from clinicreport.reading.guard import narrow
from clinicreport.reading.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from clinicreport.reading.job_object import JobObject

LEAST_MEMORY = 1_000_000_000  # bytes of address space, enough for a log of 100,000 visits
MEMORY_RATIO = 8  # bytes allowed for each unpacked byte beyond that; an honest log takes 4
OBJECTS = 100_000  # made before garbage is looked for: a sheet's rows are none
GRACE = 5  # seconds after the end of a file's time, for the parent to come first
LARGE = 20_000_000  # bytes of a file after which the process is not used again: it has grown


def limit_memory(unpacked: int) -> None:
    """Hold this process to a memory that fits a file of so many unpacked bytes."""
    hold_to(max(LEAST_MEMORY, MEMORY_RATIO * unpacked))


def hold_to(wanted: int) -> None:
    """Hold this process to so many bytes, where the system can; on Windows by a job object.

    macOS knows the limit and does not keep it: there, and where it is refused, the look before
    parsing and the time limit must do.
    """
    try:
        import resource
    except ImportError:
        from clinicreport.reading.job_object import PROCESS_MEMORY

        _own_job().limit(PROCESS_MEMORY, wanted)
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and may refuse it
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


@cache
def _own_job() -> JobObject:
    """The job that this process is in, as long as it lasts."""
    from clinicreport.reading.job_object import JobObject

    job = JobObject.made()
    job.take_this_process()
    return job


def read(
    data: bytes, password: str | None = None, allow: Callable[[int], None] | None = None
) -> Spreadsheet:
    """A book without name and path. Raises RefusedError, and whatever parsers raise.

    ``allow`` is told how many unpacked bytes there will be, before they are unpacked.
    """
    allow = allow or (lambda _: None)
    book = Spreadsheet("", "", "")
    kind = sniff.kind(data)
    allow(len(data))
    if kind == "encrypted":
        from clinicreport.reading.password import decrypt

        data = decrypt(data, password)
        kind = sniff.kind(data)
        if kind == "encrypted":
            raise RefusedError(
                "is encrypted twice: open it in Excel and save it as a new .xlsx file"
            )
    if kind == "zip":
        package = guard.Package(data)
        # What is packed very densely is allowed no more than an honest file of its size.
        allow(min(package.unpacked, guard.HONEST_RATIO * len(data)) + len(data))
        _read_package(package, data, book)
    elif kind == "xls":
        from clinicreport.reading import xls

        xls.read(data, password, book)
    else:
        from clinicreport.reading import text_files

        book.kind = "csv"
        sheet, book.guessed_encoding = text_files.read(data)
        book.sheets = [sheet]
    return book


def _read_package(package: guard.Package, data: bytes, book: Spreadsheet) -> None:
    types = narrow(package.read("[Content_Types].xml"))
    document = b""
    if not types or "mimetype" in package:
        manifest = narrow(package.read("META-INF/manifest.xml"))
        content = narrow(package.read("content.xml")) if not (types or manifest) else b""
        document = sniff.document_type(package.read("mimetype"), manifest, content)
    book.kind = sniff.package_kind(types, document, list(package))
    if book.kind == "ods":
        from clinicreport.reading import ods

        ods.read(package, book)
    elif book.kind == "xlsb":
        from clinicreport.reading import xlsb

        xlsb.read(package, data, book)
    else:
        from clinicreport.reading import ooxml

        ooxml.read(package, book)


def answer(data: bytes, password: str | None) -> tuple[Spreadsheet, bool]:
    """The book, and whether this process is still fit for the next one."""
    try:
        return read(data, password, limit_memory), True
    except RefusedError as refused:
        return _failed(str(refused), refused.rule, refused.kind), True
    except MemoryError:
        return _failed(
            "needs more memory than a file of its size should: it is damaged or made "
            "to do harm, ask the sender for a fresh export"
        ), False
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 (a panic in the parser is no Exception)
        return _failed(_in_words(error)), isinstance(error, Exception)


def _failed(reason: str, rule: str = "", refusal: str = "") -> Spreadsheet:
    return Spreadsheet("", "", "", reason=reason, rule=rule, refusal=refusal)


def _in_words(error: BaseException) -> str:
    if type(error).__name__ == "PasswordError":
        return (
            "is protected by a password: give it with --password-file, or save a copy without one"
        )
    return (
        "is damaged or not a spreadsheet: open it in Excel and save it as a new .xlsx file, "
        "or ask for it again"
    )


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the input ends or this process is no longer fit."""
    fit = True
    while fit and len(lengths := source.read(LENGTHS.size)) == LENGTHS.size:
        limit_memory(0)
        header_length, length = LENGTHS.unpack(lengths)
        password, seconds = pickle.loads(source.read(header_length))  # noqa: S301 (ours)
        data = source.read(length)
        _end_after(seconds)
        book, fit = answer(data, password)
        fit = fit and length < LARGE
        del data
        try:
            reply = pickle.dumps((book, fit), pickle.HIGHEST_PROTOCOL)
        except MemoryError:
            os._exit(1)
        sink.write(LENGTH.pack(len(reply)))
        sink.write(reply)
        sink.flush()
        _end_after(0)


def _end_after(seconds: int) -> None:
    """End this process by itself later than the parent would, should the parent be gone."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds + GRACE if seconds else 0)
    elif seconds:
        faulthandler.dump_traceback_later(seconds + GRACE, exit=True, file=1)  # it leads nowhere
    else:
        faulthandler.cancel_dump_traceback_later()


def main() -> None:
    """Talk over the original standard output; whatever else is printed goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word
    sink = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    import python_calamine  # noqa: F401  # ready before the first request comes

    gc.set_threshold(OBJECTS, 10, 10)

    try:
        serve(sys.stdin.buffer, sink)
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)
