"""Files in and out of the emoji page, and its map of sentences."""

import csv
import re

from playwright.sync_api import expect

from tests.driver.browser.emoji import choose_file, download, short, tab, type_in
from tests.driver.pages.emoji import LUNCH


def test_a_file_with_semicolons_comes_back_with_its_columns_and_the_answers(
    visit, tmp_path
):
    page = visit("emoji")
    tab(page, "Many at once")
    mine = tmp_path / "reviews.csv"
    rows = ["Nr;Review;Stars", "1;I am so hungry, again;4,5", "2;I love you;5,0"]
    mine.write_bytes("\r\n".join(rows).encode("utf-8-sig"))
    choose_file(page, "emoji_upload", mine)
    page.sees("Cells separated by semicolons: text from column 2")
    expect(page.keyed("emoji_download")).to_be_visible()
    written = download(page, "emoji_download")
    assert written.startswith("\ufeff")
    found = list(csv.reader(written[1:].splitlines(), delimiter=";"))
    assert [row[:3] for row in found] == [row.split(";") for row in rows]
    assert found[0][3:6] == ["label", "emoji", "confidence"]
    assert [row[3] for row in found[1:]] == ["food", "heart"]
    page.assert_quiet()


def map_of(page):
    page.choose("emoji_why", "Map")
    found = page.keyed("emoji_map")
    found.scroll_into_view_if_needed()
    expect(found.locator(".training path").first).to_be_visible()
    page.settle()
    return found


def test_a_mark_of_the_map_says_its_sentence_and_answer(visit):
    page = visit("emoji")
    type_in(page, "I am so hungry, where is the pizza")
    page.sees("hungry")
    found = map_of(page)
    expect(found.locator(".typed .now")).to_have_count(1)
    found.locator(".typed .now path").hover(force=True)  # others may lie over it
    says = found.locator(".readout")
    expect(says).to_have_text(re.compile(r"hungry, where is the pizza”: typed, answ"))
    expect(says).to_contain_text("answered food")
    found.locator(".map").focus()
    page.page.keyboard.press("ArrowLeft")
    expect(says).to_have_text(re.compile(r"“.+”: (labelled|typed)"))
    expect(found.locator(".shown")).to_have_text(re.compile(r"have \d+% of the var"))
    expect(found.locator(".steps")).to_be_hidden()
    page.assert_quiet()


def test_the_map_follows_the_epochs_of_a_training(visit, tmp_path):
    page = visit("emoji")
    lunch = tmp_path / "lunch.csv"
    lunch.write_text(LUNCH)
    page.choose("emoji_source", "Upload")
    choose_file(page, "emoji_train_upload", lunch)
    page.sees("40 sentences")
    short(page, epochs=6, patience=0)
    page.press("emoji_train")
    page.sees("Finished", seconds=120)
    found = map_of(page)
    slider, counter = found.locator(".steps"), found.locator(".counter")
    expect(counter).to_have_text("The finished model")
    expect(found.locator(".typed")).to_be_visible()
    places = [found.locator(".training path").first.get_attribute("transform")]
    slider.focus()
    page.page.keyboard.press("Home")
    expect(counter).to_have_text("Epoch 1")
    expect(found.locator(".typed")).to_be_hidden()
    places.append(found.locator(".training path").first.get_attribute("transform"))
    page.page.keyboard.press("ArrowRight")
    expect(counter).to_have_text("Epoch 2")
    places.append(found.locator(".training path").first.get_attribute("transform"))
    assert len(set(places)) == 3
    found.get_by_role("button", name="Play (space)").click()
    expect(counter).to_have_text("The finished model")
    expect(found.get_by_role("button", name="Play (space)")).to_be_visible()
    assert found.locator(".training path").first.get_attribute("transform") == places[0]
    page.assert_quiet()
