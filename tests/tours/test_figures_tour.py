"""Charts that are saved as files, by Plotly's own button."""

from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from core.figures.palette import INK_DARK, INK_LIGHT, PAPER_DARK, PAPER_LIGHT
from tests.browser.conftest import Page
from tests.driver.browser.figures import SAVE, SVG, shapes_of

CHARTS = {  # of the price page, by tab
    "Result": ("stock_future", "stock_forecast"),
    "Judgement": ("stock_horizons", "stock_years", "stock_pit"),
    "Recipes": ("stock_recipe_seed",),
}


def test_each_chart_that_is_touched_can_be_saved(browser, dashboard):
    context = browser.new_context(  # where fingers point, and nothing hovers
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    phone = Page(context.new_page(), dashboard)
    phone.open("stock")
    for tab, keys in CHARTS.items():
        phone.page.get_by_role("tab", name=tab).tap()
        for key in keys:
            chart = phone.keyed(key)
            chart.tap()
            with phone.page.expect_download() as waiting:
                chart.get_by_role("button", name=SAVE).tap()
            assert waiting.value.suggested_filename == f"{key}.svg"
            assert shapes_of(waiting.value.path().read_bytes())
    phone.assert_quiet()
    context.close()


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
