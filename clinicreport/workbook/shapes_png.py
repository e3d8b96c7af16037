"""A list of shapes as a PNG picture, drawn by Pillow in the font that it brings along.

That font holds Latin letters alone: what is drawn are words of ours and figures, never a text of
the log.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import hypot

from PIL import Image, ImageDraw, ImageFont

from clinicreport.workbook.shapes import Anchor, Box, Drawing, Lettering, Mark, Point, Stroke
from clinicreport.workbook.shapes_svg import EDGE, HALO, WHITE, X_WIDTH

DPI = 216
FINER = 2  # drawn so much larger and made smaller, so that slanting lines are smooth
SCALE = DPI * FINER / 72  # pixels a point while drawing
_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}


def png(drawing: Drawing) -> bytes:
    """The picture at 216 dots an inch on white; the same shapes give the same bytes."""
    size = int(drawing.width * SCALE), int(drawing.height * SCALE)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if isinstance(shape, Stroke):
            for part in dashes(shape.points, shape.dash):
                _line(pen, part, shape.colour, shape.width)
        elif isinstance(shape, Mark):
            _mark(pen, shape)
        elif isinstance(shape, Box):
            _box(pen, shape)
        else:
            _letter(pen, shape)
    held = BytesIO()
    image.reduce(FINER).save(held, "PNG", dpi=(DPI, DPI))
    return held.getvalue()


def dashes(points: tuple[Point, ...], dash: tuple[float, ...]) -> list[tuple[Point, ...]]:
    """The drawn parts of a line; the pattern goes on round its corners."""
    if not dash:
        return [points]
    parts: list[tuple[Point, ...]] = []
    at, left = 0, dash[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length = hypot(to_x - x, to_y - y)
        done = 0.0
        while done < length:
            step = min(left, length - done)
            if at % 2 == 0:
                ends = (done / length, (done + step) / length)
                parts.append(tuple((x + (to_x - x) * f, y + (to_y - y) * f) for f in ends))
            done += step
            left -= step
            if left <= 0:
                at = (at + 1) % len(dash)
                left = dash[at]
    return parts


def _line(pen: ImageDraw.ImageDraw, points: tuple[Point, ...], colour: str, width: float) -> None:
    pen.line([_pixels(point) for point in points], colour, max(1, int(width * SCALE)), "curve")


def _box(pen: ImageDraw.ImageDraw, box: Box) -> None:
    end = box.at[0] + box.width, box.at[1] + box.height
    pen.rectangle([_pixels(box.at), _pixels(end)], box.fill, box.edge, int(EDGE * SCALE))


def _mark(pen: ImageDraw.ImageDraw, mark: Mark) -> None:
    if mark.kind == "circle":
        (x, y), half = mark.at, mark.size / 2
        pen.ellipse([_pixels((x - half, y - half)), _pixels((x + half, y + half))], mark.colour)
    elif mark.kind == "x":
        for ends in (mark.corners[:2], mark.corners[2:]):
            _line(pen, ends, mark.colour, mark.size * X_WIDTH)
    else:
        pen.polygon([_pixels(corner) for corner in mark.corners], mark.colour)


def _letter(pen: ImageDraw.ImageDraw, text: Lettering) -> None:
    pen.text(
        _pixels(text.at),
        text.text,
        text.colour,
        _font(int(text.size * SCALE)),
        _ANCHORS[text.anchor],
        stroke_width=int(HALO / 2 * SCALE) if text.halo else 0,
        stroke_fill=WHITE,
    )


def _pixels(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE


@lru_cache(maxsize=16)
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(pixels)
    assert isinstance(font, ImageFont.FreeTypeFont)  # its own builds have FreeType
    return font
