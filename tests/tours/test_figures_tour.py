"""Charts of every page, saved as files on a phone."""

import pytest

from tests.browser.conftest import Page
from tests.browser.test_figures import SAVE, shapes_of

CHARTS = {  # by page: the charts of each tab
    "stock": {
        "Result": ("stock_future", "stock_forecast"),
        "Judgement": ("stock_horizons", "stock_years", "stock_pit"),
        "Recipes": ("stock_recipe_seed",),
    },
    "emoji": {
        "": ("emoji_bars", "emoji_importance"),
        "Judgement": ("emoji_mix", "emoji_sure", "emoji_scores", "emoji_more"),
    },
    "music": {
        "Result": ("music_copied", "music_figures"),
        "Judgement": ("music_compared", "music_orders", "music_sweep"),
    },
    "lstm?lstm_step=Learning": {
        "Vanishing gradient": (
            "lstm_lags",
            "lstm_lags_adding",
            "lstm_reach",
            "lstm_errors",
        ),
        "Curves": ("lstm_curve", "lstm_curves"),
    },
}


@pytest.fixture(scope="module")
def touched(browser):
    """A browser where fingers point, and nothing hovers."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", CHARTS)
def test_each_chart_that_is_touched_can_be_saved(touched, dashboard, path):
    phone = Page(touched, dashboard)
    phone.open(path)
    for tab, keys in CHARTS[path].items():
        if tab:
            phone.page.get_by_role("tab", name=tab).tap()
        for key in keys:
            chart = phone.keyed(key)
            chart.tap()
            with phone.page.expect_download() as waiting:
                chart.get_by_role("button", name=SAVE).tap()
            assert waiting.value.suggested_filename == f"{key}.svg"
            assert shapes_of(waiting.value.path().read_bytes())
    phone.stop_listening()
    phone.assert_quiet()
