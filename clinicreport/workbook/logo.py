"""The clinic's logo: a PNG or JPEG picture, scaled to fit the head of the first page."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from clinicreport.ground.errors import UsageError
from clinicreport.ground.held_files import bytes_of
from clinicreport.workbook.page import Page

HEIGHT, WIDTH = 56, 300  # the most it takes, in pixels
SCREEN = 96  # pixels an inch, which its own resolution is measured against
KINDS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
LARGEST = 5_000_000  # bytes


class Logo(NamedTuple):
    """A picture's bytes and its size as shown, in pixels."""

    name: str
    data: bytes
    width: float
    height: float
    scale: float

    def place(self, page: Page, row: int, column: int, room: int, alt: str) -> None:
        """At the right edge of a cell that is ``room`` pixels wide."""
        page.sheet.insert_image(
            row,
            column,
            self.name,
            {
                "image_data": BytesIO(self.data),
                "x_offset": max(0, room - self.width - 4),
                "y_offset": 3,
                "x_scale": self.scale,
                "y_scale": self.scale,
                "object_position": 3,
                "description": alt,
            },
        )


def load(path: Path) -> Logo:
    """Read the picture. Raises UsageError for one that is not there or of no use."""
    from xlsxwriter.exceptions import XlsxWriterException
    from xlsxwriter.image import Image

    try:
        data = bytes_of(path) if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        message = f'logo = "{path.name}": {path} is not there; put it there or take the line out'
        raise UsageError(message) from error
    if not data.startswith(tuple(KINDS)):
        message = f'logo = "{path.name}": a logo is a PNG or JPEG picture of 5 MB at most'
        raise UsageError(message)
    try:
        picture = Image(BytesIO(data))
        width = picture.width * SCREEN / picture.x_dpi
        height = picture.height * SCREEN / picture.y_dpi
        scale = min(WIDTH / width, HEIGHT / height)
    except (XlsxWriterException, struct.error, IndexError, ZeroDivisionError) as error:
        message = f'logo = "{path.name}": the picture is damaged; save it again'
        raise UsageError(message) from error
    return Logo(path.name, data, width * scale, height * scale, scale)
