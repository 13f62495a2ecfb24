"""Charts that are saved as files, by the browser itself."""

import struct
from xml.etree import ElementTree

from playwright.sync_api import expect

from core.palette import INK_DARK, INK_LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def saved(page, chart, kind):
    """Save a chart that is pointed at; return the file's name and content."""
    with page.page.expect_download() as waiting:
        chart.get_by_role("button", name=kind).press("Enter")
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def shapes_and_title(content):
    """Return what an SVG of a chart draws its values with, and the SVG's title."""
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SVG}svg"
    kinds = {"trace", "hm"}  # lines, points and bars; heatmaps
    shapes = [e for e in root.iter() if kinds & set(e.get("class", "").split())]
    return shapes, root.find(f"{SVG}title").text


def rgb(colour):
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def test_a_chart_is_saved_as_svg_and_png_with_dark_text_on_white(visit):
    page = visit("stock", scheme="dark")
    chart = page.page.locator(".st-key-stock_future .stPlotlyChart")
    expect(chart.locator(".main-svg").first).to_be_visible()
    buttons = chart.get_by_role("button")
    expect(buttons).to_have_count(2)
    box = chart.bounding_box()

    name, content = saved(page, chart, "SVG")
    assert name == "stock_future.svg"
    shapes, title = shapes_and_title(content)
    assert len(shapes) >= 4  # two intervals, the forecast, the prices
    assert title == chart.get_attribute("aria-label")
    assert rgb(INK_DARK) not in content.decode()
    assert rgb(INK_LIGHT) in content.decode()

    name, content = saved(page, chart, "PNG")
    assert name == "stock_future.png"
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    size = struct.unpack(">II", content[16:24])
    assert size == (int(3 * box["width"]), int(3 * box["height"]))
    assert len(content) > 20_000  # there is something on it
    page.assert_quiet()
