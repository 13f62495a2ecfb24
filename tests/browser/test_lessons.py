"""The lessons' steps 1 to 3 in a real browser, by mouse and by keyboard."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.lesson.cells import CELLS
from core.lesson.demo import CellDemo, SequenceDemo, cell_numbers, states, word

NETWORKS = ("rnn", "lstm")
VIEWS = [
    (cell, step, view)
    for cell in NETWORKS
    for step, view in (
        ("The cell", "cell"),
        ("Forward", "forward"),
        ("Backward", "backward"),
    )
]
GATES = {"a_next": 0, "c_next": 1, "ft": 4, "it": 5, "cct": 6, "ot": 7}


def open_view(visit, cell, step, view, width=1280, address=""):
    """The page at a step, and the box of its animation."""
    path = f"{cell}?{cell}_step={step.replace(' ', '+')}{address}"
    page = visit(path, width)
    box = page.keyed(f"{cell}_{view}_view").locator(".lesson")
    expect(box).to_have_attribute("data-step", re.compile(r"\d+"), timeout=60_000)
    return page, box


def step_of(box):
    return int(box.get_attribute("data-step"))


def at(box, step):
    expect(box).to_have_attribute("data-step", str(step))


def press(box, label):
    box.get_by_role("button", name=re.compile(label)).click()


def shown(box, name):
    """The numbers of one array of the cell, with all their digits."""
    cells = box.locator(f'[data-group="{name}"]').first.locator("[data-value]")
    values = cells.evaluate_all("cells => cells.map((one) => one.dataset.value)")
    return np.array(values, dtype=float)


def computed(cell, numbers):
    """What the NumPy cell makes of the same numbers."""
    states = {n: numbers[n] for n in ("a_prev", "c_prev") if n in numbers}
    rest = {n: v for n, v in numbers.items() if n not in ("xt", *states)}
    *results, cache = CELLS[cell].cell_forward(numbers["xt"], *states.values(), rest)
    found = {"yt_pred": results[-1], "a_next": results[0]}
    if cell == "lstm":
        found |= {name: cache[place] for name, place in GATES.items()}
    return found


def agree(box, cell, numbers):
    for name, value in computed(cell, numbers).items():
        assert np.abs(shown(box, name) - value.ravel()).max() < 1e-9, name


@pytest.mark.parametrize(("cell", "step", "view"), VIEWS)
def test_a_view_is_stepped_and_played_by_mouse(visit, cell, step, view):
    _, box = open_view(visit, cell, step, view)
    last = step_of(box)
    assert last >= 4
    press(box, "To the first step")
    at(box, 0)
    press(box, "One step on")
    at(box, 1)
    press(box, "One step back")
    at(box, 0)
    box.get_by_label("Speed").select_option("4")
    press(box, "Play")
    expect(box).to_have_attribute("data-playing", "true")
    at(box, last)
    expect(box).to_have_attribute("data-playing", "false")
    box.get_by_label("Step", exact=True).fill("2")
    at(box, 2)


@pytest.mark.parametrize(("cell", "step", "view"), VIEWS)
def test_a_view_is_stepped_and_played_by_keyboard(visit, cell, step, view):
    page, box = open_view(visit, cell, step, view)
    last = step_of(box)
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
    keys.press("Space")
    expect(box).to_have_attribute("data-playing", "true")
    at(box, 1)
    keys.press("Space")
    expect(box).to_have_attribute("data-playing", "false")


@pytest.mark.parametrize("cell", NETWORKS)
def test_the_browser_computes_what_numpy_computes_after_every_edit(visit, cell):
    _, box = open_view(visit, cell, "The cell", "cell", address=f"&{cell}_cell_seed=5")
    numbers = cell_numbers(cell, CellDemo(seed=5))
    agree(box, cell, numbers)
    names = [name for name in numbers if name[0] in "xacWb"]
    assert len(names) == len(numbers)
    for turn, name in enumerate(names):
        field = box.locator(f'input[data-name="{name}"]').last
        value = round(1.37 - 0.61 * turn, 2)
        field.fill(str(value))
        numbers[name] = numbers[name].copy()
        numbers[name][-1, -1] = value
        agree(box, cell, numbers)
    press(box, "Reset numbers")
    agree(box, cell, cell_numbers(cell, CellDemo(seed=5)))


def test_a_number_is_changed_by_arrow_keys_and_by_dragging_without_the_server(visit):
    page, box = open_view(visit, "lstm", "The cell", "cell")
    numbers = cell_numbers("lstm", CellDemo())
    page.page.context.set_offline(True)
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


def test_changed_numbers_stay_while_a_question_is_answered(visit):
    page, box = open_view(visit, "rnn", "The cell", "cell")
    box.locator('input[data-name="ba"]').first.fill("0.5")
    changed = shown(box, "a_next")
    page.choose("rnn_ask_the_cell", "The input alone")
    page.sees("only road")
    assert np.array_equal(shown(box, "a_next"), changed)


def test_later_results_are_hidden_until_their_step(visit):
    _, box = open_view(visit, "rnn", "The cell", "cell")
    result = box.locator('[data-group="a_next"]')
    press(box, "To the first step")
    expect(result).to_have_class(re.compile("later"))
    box.press("End")
    expect(result).not_to_have_class(re.compile("later"))


@pytest.mark.parametrize("cell", NETWORKS)
def test_pointing_at_a_square_reads_its_value_in_every_heatmap(visit, cell):
    address = f"&{cell}_sequence_word=abacus"
    _, box = open_view(visit, cell, "Forward", "forward", address=address)
    canvas = box.locator(".panels canvas").first
    size = canvas.bounding_box()
    canvas.hover(position={"x": size["width"] * 2.5 / 6, "y": 50})  # step 3, unit 3
    expect(box.locator(".readout strong")).to_have_text("Step 3, letter a")
    for name, values in states(cell, word("abacus"), SequenceDemo()).items():
        value = box.locator(f'.readout [data-panel="{name}"]')
        assert float(value.get_attribute("data-value")) == values[2, 2]


def test_the_arrow_keys_choose_a_unit(visit):
    _, box = open_view(visit, "lstm", "Forward", "forward")
    expect(box.locator(".readout")).to_contain_text("unit 1")
    box.press("ArrowDown")
    expect(box.locator(".readout")).to_contain_text("unit 2")
    box.press("ArrowUp")
    expect(box.locator(".readout")).to_contain_text("unit 1")


def test_the_way_back_begins_at_the_last_letter(visit):
    _, box = open_view(visit, "lstm", "Backward", "backward")
    box.press("Home")
    expect(box.locator(".readout strong")).to_have_text("Step 5, letter o")
    box.press("ArrowRight")
    expect(box.locator(".readout strong")).to_have_text("Step 4, letter l")


@pytest.mark.parametrize("cell", NETWORKS)
def test_the_badge_turns_red_when_a_mistake_is_chosen(visit, cell):
    page, _ = open_view(visit, cell, "Backward", "backward")
    page.sees(r"gradients agree\.")
    page.keyed(f"{cell}_preset").locator("input").click()
    page.page.get_by_role("option", name="Nothing handed on").click()
    page.sees(r"differ from step 4 back")
    assert "preset=Nothing" in page.page.url


def test_a_link_opened_in_a_new_browser_shows_the_same_numbers(visit):
    page, box = open_view(visit, "lstm", "The cell", "cell")
    page.page.get_by_text("Size and seed").click()
    seed = page.keyed("lstm_cell_seed").locator("input")
    seed.fill("42")
    seed.press("Enter")
    page.page.wait_for_url(re.compile("lstm_cell_seed=42"))
    page.settle()
    expect(box.locator('input[data-name="xt"]').first).to_have_value(
        str(cell_numbers("lstm", CellDemo(seed=42))["xt"][0, 0])
    )
    other = visit(page.page.url.removeprefix(page.dashboard.url + "/"))
    twin = other.keyed("lstm_cell_view").locator(".lesson")
    expect(twin).to_have_attribute("data-step", re.compile(r"\d+"))
    for name in ("xt", "Wf", "ft", "c_next", "a_next", "yt_pred"):
        assert np.array_equal(shown(twin, name), shown(box, name)), name


@pytest.mark.parametrize("width", [1280, 390])
def test_no_step_asks_another_host_complains_or_overflows(visit, width):
    for cell, step, view in VIEWS:
        page, box = open_view(visit, cell, step, view, width)
        wide = page.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (cell, step)
        inner = box.evaluate("box => box.scrollWidth - box.clientWidth")
        assert inner <= 0, (cell, step)
        assert page.outside == []
        assert [c for c in page.complaints if "404" not in c] == []


def test_the_canvas_has_the_pixels_of_the_screen(browser, dashboard):
    context = browser.new_context(device_scale_factor=2)
    page = context.new_page()
    page.goto(f"{dashboard.url}/rnn?rnn_step=Forward")
    strip = page.locator(".st-key-rnn_forward_view .strip")
    expect(strip).to_have_attribute("width", re.compile(r"\d{3,}"))
    ratio = strip.evaluate("one => one.width / one.clientWidth")
    context.close()
    assert ratio == pytest.approx(2, abs=0.01)
