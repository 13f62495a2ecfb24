"""The lessons' steps 1 to 3: every view by mouse and by keyboard, at every width."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.lesson.cells import CELLS
from core.lesson.demo import CellDemo, cell_numbers
from pages.ui.lesson.steps import STEPS
from tests.conftest import wait_until
from tests.driver.browser.lessons import (
    agree,
    at,
    open_view,
    page_of,
    press,
    shown,
    step_of,
)

WORD = {"sequence_word": "hello"}
VIEWS = {"The cell": "cell", "Forward": "forward", "Backward": "backward"}


def last_of(box):
    return int(box.get_by_label("Step", exact=True).get_attribute("max"))


@pytest.mark.parametrize(("step", "view"), VIEWS.items())
def test_a_view_is_played_by_mouse_and_by_keyboard(visit, step, view):
    page, box = open_view(visit, "lstm", step, view, **WORD)
    play_by_mouse(box)
    play_by_keyboard(page, box)
    page.assert_quiet()


@pytest.mark.parametrize("cell", CELLS)
def test_the_views_of_a_cell_fit_every_screen(visit, cell):
    page, box = open_view(visit, cell, "The cell", "cell", **WORD)
    name = page_of(cell)
    for step, view in VIEWS.items():
        page.page.set_viewport_size({"width": 1280, "height": 900})
        page.choose(f"{name}_step", STEPS[step])
        box = page.keyed(f"{name}_{view}_view").locator(".lesson")
        expect(box).to_have_attribute("data-step", re.compile(r"\d+"))
        press(box, "One step on")
        fits(page, box, 1280)
        page.page.set_viewport_size({"width": 390, "height": 900})
        fits(page, box, 390)
    page.assert_quiet()


def play_by_mouse(box):
    at(box, 0)
    last = last_of(box)
    assert last >= 4
    press(box, "One step on")
    at(box, 1)
    press(box, "One step back")
    at(box, 0)
    speed = box.get_by_label("Speed")
    speed.select_option("0.5")  # two seconds a step
    press(box, "Play")
    expect(box).to_have_attribute("data-playing", "true")
    expect(box.locator("[aria-live=polite]")).to_have_count(0)  # steps are not read out
    speed.select_option("4")
    at(box, last)
    expect(box).to_have_attribute("data-playing", "false")
    expect(box.locator("[aria-live=off]")).to_have_count(0)
    box.get_by_label("Step", exact=True).fill("2")
    at(box, 2)


def play_by_keyboard(page, box):
    last = last_of(box)
    box.focus()
    keys = page.page.keyboard
    for key, wanted in (
        ("Home", 0),
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", last),
    ):
        keys.press(key)
        at(box, wanted)
    box.get_by_label("Speed").select_option("0.5")  # two seconds a step
    box.focus()
    keys.press("Space")
    expect(box).to_have_attribute("data-playing", "true")
    wait_until(lambda: 0 < step_of(box) < last, what="a step between the ends")
    keys.press("Space")
    expect(box).to_have_attribute("data-playing", "false")


def fits(page, box, width):
    """Nothing is wider than the screen, and the view not wider than its box."""
    page.fits(width)
    inner = "box => box.scrollWidth - box.clientWidth"
    wait_until(lambda: box.evaluate(inner) <= 0, what="a view inside its box")


def test_a_number_is_changed_by_arrow_keys_and_by_dragging_without_the_server(visit):
    page, box = open_view(visit, "lstm", "The cell", "cell")
    numbers = cell_numbers("lstm", CellDemo())
    page.page.context.set_offline(True)
    box.press("End")  # parts of later steps are folded
    field = box.locator('input[data-name="bf"]').first
    field.focus()
    page.page.keyboard.press("ArrowUp")
    changed = {**numbers, "bf": numbers["bf"] + [[0.1], [0]]}
    agree(box, "lstm", changed)
    spot = field.bounding_box()
    x, y = spot["x"] + 10, spot["y"] + 10
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 50, y, steps=5)
    page.page.mouse.up()
    agree(box, "lstm", {**numbers, "bf": numbers["bf"] + [[1.1], [0]]})


@pytest.mark.parametrize("width", [1280, 390])
def test_a_number_that_gets_the_focus_is_below_the_player(visit, width):
    _, box = open_view(visit, "lstm", "The cell", "cell", width)
    box.press("End")
    hidden = """box => [...box.querySelectorAll("input[data-name]")].reverse()
    .filter(made => {
      made.focus()
      const player = box.querySelector(".head").getBoundingClientRect()
      return made.getBoundingClientRect().top < player.bottom
    }).map(made => made.ariaLabel)"""
    assert box.evaluate(hidden) == []


def test_changed_numbers_stay_while_a_question_is_answered(visit):
    page, box = open_view(visit, "rnn", "The cell", "cell")
    box.press("End")
    box.locator('input[data-name="ba"]').first.fill("0.5")
    changed = shown(box, "h")
    page.choose("rnn_ask_the_cell", "The input alone")
    page.sees("only connection")
    assert np.array_equal(shown(box, "h"), changed)


def test_a_change_keeps_the_player_where_it_is(visit):
    page, box = open_view(visit, "rnn", "Forward", "forward", **WORD)
    box.press("End")
    at(box, 4)
    page.choose("rnn_sequence_source", "A sine")
    wait_until(lambda: last_of(box) == 23, what="the sine")
    at(box, 4)


def test_parts_of_later_steps_are_folded_until_then(visit):
    _, box = open_view(visit, "rnn", "The cell", "cell")
    result = box.locator('[data-group="h"]')
    expect(box.get_by_role("heading", name="Its memory of “ann”")).to_be_visible()
    expect(result).to_be_hidden()
    box.press("End")
    expect(result).to_be_visible()
    expect(result).not_to_have_class(re.compile("later"))


def test_the_arrow_keys_choose_a_unit(visit):
    _, box = open_view(visit, "lstm", "Forward", "forward")
    expect(box.locator(".readout")).to_contain_text("unit 1")
    box.press("ArrowDown")
    expect(box.locator(".readout")).to_contain_text("unit 2")
    box.press("ArrowUp")
    expect(box.locator(".readout")).to_contain_text("unit 1")


def test_the_equations_follow_the_step_and_the_unit(visit):
    _, box = open_view(visit, "rnn", "Backward", "backward", **WORD)
    equations = box.locator(".equations")
    box.press("ArrowRight")
    box.press("ArrowDown")
    expect(equations.locator("figcaption")).to_have_text("From step 4 back to step 3")
    expect(equations).to_contain_text("Unit 2")
    expect(equations).to_contain_text("Waa₁₂")
    box.press("End")
    expect(equations).to_contain_text("back to the initial state")


def test_the_backward_pass_begins_at_the_last_letter(visit):
    _, box = open_view(visit, "lstm", "Backward", "backward", **WORD)
    expect(box.locator(".readout strong")).to_have_text("Step 5, letter o")
    box.press("ArrowRight")
    expect(box.locator(".readout strong")).to_have_text("Step 4, letter l")


def test_the_canvas_has_the_pixels_of_the_screen(browser, dashboard):
    context = browser.new_context(device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{dashboard.url}/rnn?rnn_step=Forward")
    strip = page.locator(".st-key-rnn_forward_view .strip")
    expect(strip).to_have_attribute("width", re.compile(r"\d{3,}"))
    ratio = strip.evaluate("one => one.width / one.clientWidth")
    context.close()
    assert ratio == pytest.approx(2, abs=0.01)


def test_a_large_number_fits_its_square_and_the_counter_its_bar(visit):
    _, box = open_view(visit, "rnn", "The cell", "cell", width=390)
    wide = "all => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    expect(box.locator(".blocks")).to_be_hidden()  # it comes with the first press
    teach = box.get_by_role("button", name="Teach anna")
    place = teach.bounding_box()
    teach.click()
    expect(box.locator(".blocks")).to_be_visible()
    assert teach.bounding_box() == place  # for the next press
    box.press("End")
    assert box.locator(".grid input").evaluate_all(wide) == 0
    assert box.locator(".counter").evaluate_all(wide) == 0
    box.locator('input[data-name="xt"]').first.fill("100")
    weight = box.locator('input[data-name="Wax"]').first
    for value, text in (
        ("-0.3", r"−[23]\d\.\d\d"),
        ("-9", r"−[89]\d\d\.\d"),
        ("-50", r"−(49|50)\d\d"),
        ("-100", r"−(1\.0e4|99\d\d)"),
    ):
        weight.fill(value)
        z = box.locator('output[data-name="h argument"]').first
        expect(z).to_have_text(re.compile(f"^{text}$"))
        assert box.locator("output").evaluate_all(wide) == 0


@pytest.mark.parametrize(
    ("step", "view", "ends"),
    [
        ("Forward", "forward", ["−1", "0", "1"]),
        (
            "Backward",
            "backward",
            ["≤ −1", "−0.0001", "0", "0.0001", "≥ 1", "(logarithmic)"],
        ),
    ],
)
def test_the_scale_of_the_colours_says_where_it_is_logarithmic(visit, step, view, ends):
    _, box = open_view(visit, "rnn", step, view)
    expect(box.locator(".scale span")).to_have_text(ends)
