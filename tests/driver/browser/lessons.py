"""The lessons in a browser."""

import re

import numpy as np
from playwright.sync_api import expect

from core.course import Course
from core.lesson.cells import CELLS
from core.lesson.demo import CellDemo, SequenceDemo, cell_numbers, states, word_sequence
from tests.conftest import wait_until


def page_of(cell):
    return "gru" if cell == "mingru" else cell


def open_view(visit, cell, step, view, width=1280, **address):
    """The page of a cell at a step, and the box of its animation."""
    name = page_of(cell)
    if name != cell:
        address["cell"] = cell
    settings = {"step": step.replace(" ", "+"), **address}
    given = "&".join(f"{name}_{field}={value}" for field, value in settings.items())
    page = visit(f"{name}?{given}", width)
    box = page.keyed(f"{name}_{view}_view").locator(".lesson")
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
    states = {n: numbers[n] for n in ("h_prev", "c_prev") if n in numbers}
    rest = {n: v for n, v in numbers.items() if n not in ("xt", *states)}
    *_, probabilities, cache = Course(CELLS[cell]).cell_forward(
        numbers["xt"], *states.values(), rest
    )
    return {
        "yt_pred": probabilities,
        **dict(zip(CELLS[cell].cache, cache, strict=False)),
    }


def agree(box, cell, numbers):
    for name, value in computed(cell, numbers).items():
        assert np.abs(shown(box, name) - value.ravel()).max() < 1e-9, name


def check_edits(visit, cell):
    _, box = open_view(visit, cell, "The cell", "cell", cell_seed=5)
    numbers = cell_numbers(cell, CellDemo(seed=5))
    agree(box, cell, numbers)
    box.press("ArrowRight")  # opens the inputs
    names = [name for name in numbers if name[0] in "xhcWb"]
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


def check_heatmaps(visit, cell):
    page, box = open_view(visit, cell, "Forward", "forward", sequence_word="abacus")
    box.press("End")  # what is yet to come has no value
    canvas = box.locator(".panels canvas").first
    size = canvas.bounding_box()
    canvas.hover(position={"x": size["width"] * 2.5 / 6, "y": 50})  # step 3, unit 3
    expect(box.locator(".readout strong")).to_have_text("Step 3, letter a")
    before = canvas.bounding_box()["width"]
    page.page.set_viewport_size({"width": 1240, "height": 900})
    wait_until(lambda: canvas.bounding_box()["width"] < before, what="a new size")
    page.page.evaluate("() => new Promise(requestAnimationFrame)")
    assert box.locator(".readout strong").inner_text() == "Step 3, letter a"
    for name, values in states(cell, word_sequence("abacus"), SequenceDemo()).items():
        value = box.locator(f'.readout [data-panel="{name}"]')
        assert float(value.get_attribute("data-value")) == values[2, 2]
