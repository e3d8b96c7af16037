"""A chart as one list of shapes, for what cannot hold a native one: drawn as a picture or as SVG.

Lengths are points (1/72 inch), y grows downwards, colours are "#RRGGBB". The same list goes to
:mod:`shapes_png` for a letter and to :mod:`shapes_svg` for a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
MarkKind = Literal["circle", "diamond", "square", "x"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points; ``dash``: lengths drawn and left out in turn, empty for a whole line."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a kind around a point; ``size`` is its height."""

    at: Point
    kind: MarkKind
    colour: str
    size: float = 5.0

    @property
    def corners(self) -> tuple[Point, ...]:
        """Of a square or diamond; of an x the ends of its first line, then of its second."""
        (x, y), half = self.at, self.size / 2
        if self.kind == "diamond":
            return (x, y - half), (x + half, y), (x, y + half), (x - half, y)
        square = (
            (x - half, y - half),
            (x + half, y - half),
            (x + half, y + half),
            (x - half, y + half),
        )
        return (square[0], square[2], square[1], square[3]) if self.kind == "x" else square


@dataclass(frozen=True, slots=True)
class Lettering:
    """A line of text that begins, is centred or ends at a point of its base line.

    ``halo``: with a white edge, so that it can be read over lines.
    """

    at: Point
    text: str
    colour: str
    size: float = 8.0
    anchor: Anchor = "start"
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle with an outline, by its upper left corner."""

    at: Point
    width: float
    height: float
    fill: str
    edge: str


Shape = Stroke | Mark | Lettering | Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes, the later ones on top; ``alt``: what is seen, for who cannot see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    alt: str
