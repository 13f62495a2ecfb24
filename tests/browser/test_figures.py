"""Charts that are saved as files, by Plotly's own button."""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from core.figures.palette import INK_DARK, INK_LIGHT, PAPER_DARK, PAPER_LIGHT
from tests.driver.browser.figures import SAVE, SVG, shapes_of


def saved(page, chart):
    """Save a chart that is pointed at; return the file's name and content."""
    with page.page.expect_download() as waiting:
        chart.get_by_role("button", name=SAVE).press("Enter")
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def rgb(colour):
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


@pytest.mark.parametrize(
    ("scheme", "ink", "paper"),
    [("light", INK_LIGHT, PAPER_LIGHT), ("dark", INK_DARK, PAPER_DARK)],
)
def test_a_chart_is_saved_as_it_is_drawn_on_the_colour_of_the_page(
    visit, scheme, ink, paper
):
    page = visit("stock", scheme=scheme)
    chart = page.keyed("stock_future")
    expect(chart.locator(".main-svg").first).to_be_visible()
    expect(chart.get_by_role("button")).to_have_count(1)
    size = chart.locator(".main-svg").first.bounding_box()

    name, content = saved(page, chart)
    assert name == "stock_future.svg"
    assert len(shapes_of(content)) >= 4  # two intervals, the forecast, the prices
    assert rgb(ink) in content.decode()
    root = ElementTree.fromstring(content)
    assert [float(root.get(name)) for name in ("width", "height")] == [
        size["width"],
        size["height"],
    ]
    background = root.find(f"{SVG}rect")
    assert rgb(paper) in background.get("style")
    assert [float(background.get(name)) for name in ("width", "height")] == [
        size["width"],
        size["height"],
    ]
    page.assert_quiet()
