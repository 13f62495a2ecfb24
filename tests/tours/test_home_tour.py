"""The home page's pictures in a real browser: they move, can be paused, and rest."""

import re

from playwright.sync_api import expect


def test_the_pictures_of_the_exhibits_move_until_they_are_paused(visit):
    page = visit("")
    names = page.keyed("home_rnn_preview").locator("svg").first
    expect(names).to_contain_text("Before training")
    expect(names).to_contain_text("Epoch 3")
    word = page.keyed("home_emoji_preview").locator("svg").first
    expect(word).to_contain_text("the team made me proud")

    pause = page.keyed("home_pause").get_by_role("button")
    pause.click()
    expect(pause).to_have_text("Let the pictures move")
    rested = names.text_content()
    pause.click()  # from where it rested
    expect(names).not_to_have_text(rested)
    page.assert_quiet()


def test_for_whoever_wants_less_motion_each_picture_is_its_end(visit):
    page = visit("", width=390)
    page.page.emulate_media(reduced_motion="reduce")
    names = page.keyed("home_rnn_preview").locator("svg").first
    expect(names).to_contain_text("Epoch 40")
    expect(page.keyed("home_pause").get_by_role("button")).to_be_hidden()
    for exhibit in ("lstm", "gru", "stock", "emoji", "music", "runs", "classes"):
        picture = page.keyed(f"home_{exhibit}_preview").get_by_role("img").first
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_attribute("aria-label", re.compile(r"\w{4}"))
    page.assert_quiet()
