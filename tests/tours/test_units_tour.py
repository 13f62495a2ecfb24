"""The unit that counts: marked by mouse and by keyboard, followed, named."""

import re

import pytest
from playwright.sync_api import expect

ADDRESS = (
    "lstm?lstm_step=Forward&lstm_forward_network=Trained"
    "&lstm_trained_view=The+unit+that+counts"
)


def open_unit(visit, width=1280, **address):
    given = "".join(f"&lstm_units_{name}={value}" for name, value in address.items())
    page = visit(ADDRESS + given, width)
    box = page.keyed("lstm_units_text").locator(".lesson")
    expect(box).to_have_attribute("data-mark", re.compile(r"\d+-\d+"), timeout=60_000)
    return page, box


def drag(page, box, first, last):
    """Drag from the middle of one character to that of another."""
    characters = box.locator(".text [data-i]")
    characters.nth(first).scroll_into_view_if_needed()
    places = [characters.nth(i).bounding_box() for i in (first, last)]
    start, end = [
        (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        for place in places
    ]
    page.page.mouse.move(*start)
    page.page.mouse.down()
    page.page.mouse.move(*end, steps=4)
    page.page.mouse.up()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_stretch_is_marked_by_mouse_and_by_keyboard(visit, width):
    page, box = open_unit(visit, width)
    top = page.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop")
    assert top == 0  # the marked stretch is in its box, and the page where it begins
    drag(page, box, 11, 14)
    expect(page.page).to_have_url(re.compile("lstm_units_mark=11-15"))
    expect(box.locator(".text .marked")).to_have_count(4)
    page.settle()
    box.locator(".text").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.page.keyboard.press(key)
    expect(page.page).to_have_url(re.compile("lstm_units_mark=15-18"))
    page.page.keyboard.press("ArrowDown")
    expect(page.page).to_have_url(re.compile(r"lstm_units_mark=(?!15-18)\d+-\d+"))
    page.settle()
    expect(page.keyed("lstm_units_unit")).to_be_visible()
    page.assert_quiet()


def test_a_unit_is_followed_over_the_epochs(visit):
    page, box = open_unit(visit)
    expect(box).to_have_attribute("data-epoch", "40")
    box.get_by_role("button", name="Play the training").click()
    expect(box).to_have_attribute("data-playing", "false")  # at the end again
    expect(box).to_have_attribute("data-epoch", "40")
    colours = "cells => cells.map((one) => one.style.background).join()"
    trained = box.locator(".text [data-i]").evaluate_all(colours)
    box.get_by_label("Epoch", exact=True).fill("0")
    expect(box).to_have_attribute("data-epoch", "0")
    expect(box.get_by_text("Before training")).to_be_visible()
    assert box.locator(".text [data-i]").evaluate_all(colours) != trained
    page.choose("lstm_units_colours", "What is lost without it")
    page.sees("At the ends of names")
    page.choose("lstm_units_colours", "Its state")
    expect(box).to_have_attribute("data-epoch", "40")


def test_the_name_of_a_unit_is_kept_by_a_reload(visit):
    page, box = open_unit(visit, mark="7-12", unit="5")
    name = page.keyed("lstm_units_name").locator("input")
    name.fill("<b>mine</b>")
    name.press("Enter")
    expect(box.locator(".title")).to_have_text("Unit 5: <b>mine</b>")
    page.settle()
    page.page.reload()
    page.settle()
    expect(box.locator(".title")).to_have_text("Unit 5: <b>mine</b>")
    expect(box).to_have_attribute("data-mark", "7-12")


def test_a_passage_is_shown_in_the_text(visit):
    page, box = open_unit(visit)
    last = box.locator(".passages button").last
    place = last.locator(".again").first.get_attribute("data-i")
    last.click()
    expect(box.locator(".readout strong")).to_contain_text(
        f"Character {int(place) + 1},"
    )
    expect(box.locator(f'.text [data-i="{place}"]')).to_be_in_viewport()
    page.assert_quiet()
