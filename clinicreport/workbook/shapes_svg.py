"""A list of shapes as SVG text, for a page in a browser."""

from __future__ import annotations

from html import escape

from clinicreport.ground.rounding import fixed
from clinicreport.workbook.shapes import Box, Drawing, Lettering, Mark, Point, Shape, Stroke

X_WIDTH = 0.3  # of an x-shaped mark's size, the width of its lines
EDGE = 0.75  # points, the outline of a box
WHITE, HALO = "#FFFFFF", 3.0  # around lettering: colour, and width in points, half of it seen


def svg(drawing: Drawing, font: str = "sans-serif") -> str:
    """The picture as one ``<svg>`` element that scales with its page; its title is the alt text."""
    size = f'viewBox="0 0 {_number(drawing.width)} {_number(drawing.height)}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="{escape(font)}">'
    )
    body = "".join(_element(shape) for shape in drawing.shapes)
    return f"{head}<title>{escape(drawing.alt)}</title>{body}</svg>"


def _element(shape: Shape) -> str:
    if isinstance(shape, Stroke):
        return _line(shape.points, shape.colour, shape.width, shape.dash)
    if isinstance(shape, Mark):
        return _mark(shape)
    return _box(shape) if isinstance(shape, Box) else _text(shape)


def _box(box: Box) -> str:
    x, y, width, height = map(_number, (*box.at, box.width, box.height))
    place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {place} fill="{box.fill}" stroke="{box.edge}" stroke-width="{_number(EDGE)}"/>'


def _line(
    points: tuple[Point, ...], colour: str, width: float, dash: tuple[float, ...] = ()
) -> str:
    dashes = f' stroke-dasharray="{" ".join(map(_number, dash))}"' if dash else ""
    look = f'fill="none" stroke="{colour}" stroke-width="{_number(width)}"{dashes}'
    return f'<polyline points="{_points(points)}" {look}/>'


def _mark(mark: Mark) -> str:
    if mark.kind == "circle":
        x, y = map(_number, mark.at)
        return f'<circle cx="{x}" cy="{y}" r="{_number(mark.size / 2)}" fill="{mark.colour}"/>'
    if mark.kind == "x":
        width = mark.size * X_WIDTH
        first, second = mark.corners[:2], mark.corners[2:]
        return _line(first, mark.colour, width) + _line(second, mark.colour, width)
    return f'<polygon points="{_points(mark.corners)}" fill="{mark.colour}"/>'


def _text(text: Lettering) -> str:
    x, y = map(_number, text.at)
    edge = f' stroke="{WHITE}" stroke-width="{_number(HALO)}" paint-order="stroke"'
    look = f'font-size="{_number(text.size)}" fill="{text.colour}" text-anchor="{text.anchor}"'
    halo = edge if text.halo else ""
    return f'<text x="{x}" y="{y}" {look}{halo}>{escape(text.text)}</text>'


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return fixed(value, 2).rstrip("0").rstrip(".")
