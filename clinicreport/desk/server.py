"""The desk's own server, with a limit before bytes are kept.

What is larger than the limit is read to its end and dropped, since a browser shows an answer only
when it could send all; the page then says how large it was. What comes too slowly is cut off: a
hundred connections that never end would leave no place for the browser.
"""

from __future__ import annotations

import io
import logging
import socket
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.task import ErrorTask, WSGITask

from clinicreport.desk.door import HEADERS, REFUSED, may_come_in
from clinicreport.desk.upload import LARGEST

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from clinicreport.desk.desk_state import Desk

SWALLOWED = 2_000_000_000  # bytes of a request, after which the connection is cut
BEGINNING = 4096  # bytes that are kept of what is too large: the file's name is among them
HEAD_SECONDS = 5  # until a connection's first words are here, and all that a stranger says
BODY_SECONDS = 600  # until all of a request is: a log may come from a slow network
TOO_LARGE = "clinicreport.too_large"  # the name in a request's environment: its size in bytes


def serve(desk: Desk, application: WSGIApplication, own: socket.socket) -> None:
    """Answer until the desk has ended."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that one waits is no news
    sockets: dict[int, Any] = {}
    server = create_server(
        application,
        map=sockets,
        sockets=[own],
        threads=4,
        ident=None,
        max_request_body_size=SWALLOWED,
        inbuf_overflow=LARGEST + 1,
        outbuf_overflow=4 * LARGEST,
        outbuf_high_watermark=4 * LARGEST,  # no thread waits for one who reads slowly
        channel_timeout=120,
        connection_limit=100,
        expose_tracebacks=False,
    )

    class OurChannel(DeskChannel):
        """A connection that knows who may come in."""

        parser_class = staticmethod(partial(DeskParser, desk))

    server.channel_class = OurChannel
    try:
        while not desk.ended.is_set() and desk.minutes_left > 0:
            wasyncore.loop(timeout=0.5, use_poll=sys.platform != "win32", map=sockets, count=1)
            _cut_off(list(server.active_channels.values()))
        for _ in range(5):  # the last answer on its way
            wasyncore.loop(timeout=0.05, use_poll=sys.platform != "win32", map=sockets, count=1)
    except KeyboardInterrupt:  # Ctrl-C closes it too
        pass
    finally:
        desk.ended.set()
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        wasyncore.close_all(sockets)


def _cut_off(channels: list[Any]) -> None:
    """Close the connections of which too little came in too long a time."""
    for channel in channels:
        if channel.too_slow():
            channel.will_close = True


class Body:
    """A request's bytes in memory, up to the limit; beyond it only how many they were.

    Of a stranger's, who is refused whatever they hold, none is kept.
    """

    def __init__(self, *, stranger: bool = False) -> None:
        self._stranger = stranger
        self._kept = io.BytesIO()
        self._length = 0

    def append(self, data: bytes) -> None:
        """More bytes."""
        self._length += len(data)
        if self._stranger:
            return
        if self._length <= LARGEST:
            self._kept.write(data)
        elif self._kept.tell() > BEGINNING:
            self._kept = io.BytesIO(self._kept.getvalue()[:BEGINNING])
            self._kept.seek(0, io.SEEK_END)

    @property
    def too_large(self) -> int:
        """How many bytes came where they were too many, else 0."""
        return self._length if self._length > LARGEST else 0

    def __len__(self) -> int:
        return self._length

    def getfile(self) -> io.BytesIO:
        """What was kept, to be read from its beginning."""
        self._kept.seek(0)
        return self._kept

    def close(self) -> None:
        """Free the memory."""
        self._kept.close()


class DeskParser(HTTPRequestParser):  # type: ignore[misc]
    """Puts the body of a request into a :class:`Body`.

    ``begun``: when its first byte came (seconds of ``time.monotonic``); ``stranger``: who has not
    been let in, or has not said enough yet.
    """

    def __init__(self, desk: Desk, adjustments: Any) -> None:
        self._desk = desk
        self.begun = time.monotonic()
        self.stranger = True
        super().__init__(adjustments)

    @property
    def seconds(self) -> int:
        """How long it may take until all of it is here."""
        return HEAD_SECONDS if self.stranger else BODY_SECONDS

    def parse_header(self, header_plus: bytes) -> None:
        """As usual, with our own place for what follows."""
        super().parse_header(header_plus)
        sent: dict[str, Any] = {f"HTTP_{name}": said for name, said in self.headers.items()}
        sent |= {"PATH_INFO": self.path, "REQUEST_METHOD": self.command}
        self.stranger = not may_come_in(self._desk, sent)
        body = Body(stranger=self.stranger)
        if self.chunked:
            self.body_rcv = ChunkedReceiver(body)
        elif self.content_length > 0:
            self.body_rcv = FixedStreamReceiver(self.content_length, body)


class DeskTask(WSGITask):  # type: ignore[misc]
    """Tells the application where a body was too large; a stranger's connection ends with it."""

    def execute(self) -> None:
        """Ask the application, and write its answer."""
        if self.request.stranger:
            self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        """The request's environment."""
        environ: dict[str, Any] = super().get_environment()
        receiver = self.request.body_rcv
        too_large = receiver.getbuf().too_large if receiver is not None else 0
        if too_large:
            environ[TOO_LARGE] = too_large
            environ["CONTENT_LENGTH"] = str(len(receiver.getfile().getvalue()))
        return environ


class RefusedTask(ErrorTask):  # type: ignore[misc]
    """What is no request of a browser gets the one answer for strangers."""

    def execute(self) -> None:
        """Write it."""
        self.status = "403 Forbidden"
        self.content_length = len(REFUSED)
        self.response_headers.extend(
            [("Content-Type", "text/html; charset=utf-8"), ("Connection", "close"), *HEADERS]
        )
        self.close_on_finish = True
        self.write(REFUSED)


class DeskChannel(HTTPChannel):  # type: ignore[misc]
    """A connection with these."""

    task_class = DeskTask
    error_task_class = RefusedTask

    def __init__(self, *given: Any, **named: Any) -> None:
        self._begun = time.monotonic()
        super().__init__(*given, **named)

    def too_slow(self) -> bool:
        """Whether a request, or the first one, is longer on its way than it may be."""
        if self.request is not None:
            begun, seconds = self.request.begun, self.request.seconds
        elif self.last_activity == self.creation_time:
            begun, seconds = self._begun, HEAD_SECONDS
        else:
            return False
        return bool(time.monotonic() - begun > seconds)
