"""Charts that are saved as files on a phone."""

from tests.browser.conftest import Page
from tests.driver.browser.figures import SAVE, shapes_of

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
