"""One list of shapes, drawn as a picture and as SVG alike."""

import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from clinicreport.workbook.shapes import Box, Drawing, Lettering, Mark, Stroke
from clinicreport.workbook.shapes_png import DPI, dashes, png
from clinicreport.workbook.shapes_svg import svg

RED, BLUE = "#FF0000", "#0000FF"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*shapes) -> Image.Image:
    return Image.open(io.BytesIO(png(Drawing(72, 36, shapes, "alt"))))


def at(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    """The colour at a point in points."""
    found = image.getpixel((round(x * DPI / 72), round(y * DPI / 72)))
    assert isinstance(found, tuple)
    return found


def test_a_picture_has_its_size_and_the_same_bytes() -> None:
    shapes = Drawing(72, 36, (Lettering((10, 20), "start: 7", RED, halo=True),), "alt")
    assert png(shapes) == png(shapes)
    assert Image.open(io.BytesIO(png(shapes))).size == (DPI, DPI // 2)


def test_shapes_stand_where_they_should_the_later_on_top() -> None:
    image = drawn(
        Stroke(((0, 18), (72, 18)), RED, 4),
        Mark((20, 18), "circle", BLUE, 8),
        Mark((36, 18), "square", BLUE, 8),
        Mark((52, 18), "diamond", BLUE, 8),
    )
    assert at(image, 10, 18) == (255, 0, 0)
    assert at(image, 10, 10) == (255, 255, 255)
    assert [at(image, x, 18) for x in (20, 36, 52)] == [(0, 0, 255)] * 3
    corner = [at(image, x + 3.5, 18 - 3.5) for x in (20, 36, 52)]
    assert corner == [(255, 255, 255), (0, 0, 255), (255, 255, 255)]


def test_an_x_is_two_lines() -> None:
    image = drawn(Mark((36, 18), "x", BLUE, 10))
    assert at(image, 36, 18) == at(image, 33, 15) == at(image, 39, 15) == (0, 0, 255)
    assert at(image, 36, 14) == (255, 255, 255)


@pytest.mark.parametrize(("anchor", "left", "right"), [("start", 0, 1), ("end", 1, 0)])
def test_lettering_begins_or_ends_at_its_point(anchor, left, right) -> None:
    image = drawn(Lettering((36, 20), "MMM", RED, 8, anchor)).convert("L")
    half = image.width // 2
    dark = [
        any(image.getpixel((x, y)) < 200 for x in part for y in range(image.height))
        for part in (range(half - 6), range(half + 6, image.width))
    ]
    assert dark == [bool(left), bool(right)]


def test_lettering_with_a_halo_is_read_over_lines() -> None:
    line = Stroke(((0, 18), (72, 18)), RED, 12)
    with_halo = drawn(line, Lettering((36, 21), "I", "#000000", 9, "middle", halo=True))
    without = drawn(line, Lettering((36, 21), "I", "#000000", 9, "middle"))
    edge = [[at(image, 36 - x / 10, 18) for x in range(30)] for image in (with_halo, without)]
    assert [(255, 255, 255) in colours for colours in edge] == [True, False]


@pytest.mark.parametrize(
    ("points", "dash", "parts"),
    [
        (((0, 0), (10, 0)), (), [((0, 0), (10, 0))]),
        (((0, 0), (10, 0)), (4, 2), [((0, 0), (4, 0)), ((6, 0), (10, 0))]),
        (((0, 0), (3, 0), (3, 3)), (4, 1), [((0, 0), (3, 0)), ((3, 0), (3, 1)), ((3, 2), (3, 3))]),
    ],
)
def test_dashes_go_on_round_corners(points, dash, parts) -> None:
    assert dashes(points, dash) == parts


def test_svg_is_text_with_the_words_escaped() -> None:
    alt = "From 7 to 3 <of> 10 & less"
    shapes = (
        Stroke(((0, 1), (2.5, 3)), RED, 1.5, (3, 2)),
        Mark((5, 5), "circle", BLUE),
        Mark((5, 5), "x", BLUE),
        Mark((5, 5), "diamond", BLUE),
        Lettering((1, 2), "a < b", RED, 8, "end", halo=True),
    )
    root = ET.fromstring(svg(Drawing(72, 36, shapes, alt), "Calibri"))
    assert root.attrib["viewBox"] == "0 0 72 36"
    assert root.findtext(f"{SVG}title") == alt
    kinds = [child.tag.removeprefix(SVG) for child in root]
    assert kinds == ["title", "polyline", "circle", "polyline", "polyline", "polygon", "text"]
    assert root[1].attrib["points"] == "0,1 2.5,3"
    assert root[1].attrib["stroke-dasharray"] == "3 2"
    assert (root[-1].text, root[-1].attrib["text-anchor"]) == ("a < b", "end")


def test_a_box_is_filled_and_has_an_edge() -> None:
    box = Box((10, 6), 40, 20, RED, BLUE)
    image = drawn(box)
    assert [at(image, *point) for point in ((30, 16), (10.1, 16), (30, 25.6))] == [
        (255, 0, 0),
        (0, 0, 255),
        (0, 0, 255),
    ]
    assert at(image, 52, 16) == at(image, 30, 3) == (255, 255, 255)
    (rect,) = ET.fromstring(svg(Drawing(72, 36, (box,), "alt"))).iter(f"{SVG}rect")
    told = {"x": "10", "y": "6", "width": "40", "height": "20", "fill": RED, "stroke": BLUE}
    assert told.items() <= rect.attrib.items()
