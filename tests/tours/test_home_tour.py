"""The home page's pictures in a real browser: shown, paused, and still if asked for."""

import pytest
from playwright.sync_api import expect

from pages.ui.previews import LABELS
from tests.conftest import wait_until

LOADED = "one => one.complete && one.naturalWidth > 0 && one.currentSrc"


def picture_of(page, exhibit):
    """The file that the browser shows, when it is there."""
    image = page.keyed(f"home_{exhibit}_preview").locator("img")
    image.scroll_into_view_if_needed()
    loaded = page.page.wait_for_function(LOADED, arg=image.element_handle())
    return loaded.json_value().rsplit("/", 1)[-1]


def shows(page, exhibit, name):
    wait_until(lambda: picture_of(page, exhibit) == name, what=name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_exhibit_has_a_moving_picture_with_words_for_it(visit, scheme):
    page = visit("", scheme=scheme)
    for exhibit in LABELS:
        assert picture_of(page, exhibit) == f"{exhibit}-{scheme}.webp"
        image = page.keyed(f"home_{exhibit}_preview").locator("img")
        assert len(image.get_attribute("alt")) > 20
    page.assert_quiet()


def test_the_pictures_are_still_while_they_are_paused(visit):
    page = visit("")
    assert picture_of(page, "rnn") == "rnn-light.webp"
    page.keyed("home_pause").get_by_text("Pause the pictures").click()
    page.settle()
    image = page.keyed("home_rnn_preview").locator("img")
    expect(image).to_have_attribute("src", "/previews/rnn-light-still.webp")
    page.assert_quiet()


def test_the_pictures_are_still_for_visitors_who_want_less_motion(visit):
    page = visit("", width=390)
    page.page.emulate_media(reduced_motion="reduce")
    for exhibit in LABELS:
        shows(page, exhibit, f"{exhibit}-light-still.webp")
    page.assert_quiet()
