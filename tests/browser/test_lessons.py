"""The lessons' steps 1 to 3 in a real browser, by mouse and by keyboard."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core.lesson.demo import CellDemo, cell_numbers
from tests.driver.browser.lessons import (
    at,
    check_edits,
    check_heatmaps,
    computed,
    open_view,
    page_of,
    shown,
)


@pytest.fixture
def cell():
    """The cell of these tests; test_cells_tour.py has the others."""
    return "lstm"


def test_the_browser_computes_what_numpy_computes_after_every_edit(visit, cell):
    check_edits(visit, cell)


def test_a_closed_block_has_its_results_in_colours_and_words_until_a_click(visit):
    _, box = open_view(visit, "lstm", "The cell", "cell")
    block = box.locator("section", has_text="Forget gate")
    expect(block).to_be_hidden()  # comes with the first step
    box.press("ArrowRight")
    squares, words, equation = map(block.locator, (".outcome span", ".words", "h4 i"))
    expect(squares.first).to_be_visible()
    expect(words).to_have_text("what to keep")
    expect(equation).to_be_hidden()
    results = block.locator('output[data-name="f"]')
    assert values_of(squares) == values_of(results)
    assert len(set(values_of(squares))) == 2
    block.click()
    expect(equation).to_be_visible()
    expect(squares.first).to_be_hidden()
    expect(words).to_be_hidden()


def test_numbers_can_be_reset_once_one_has_changed(visit):
    _, box = open_view(visit, "lstm", "The cell", "cell")
    reset = box.get_by_text("Reset numbers")
    expect(reset).to_be_hidden()
    box.press("End")
    field = box.locator('input[data-name="bf"]').first
    before = field.input_value()
    field.fill("-5")
    reset.click()
    expect(field).to_have_value(before)


def test_a_button_makes_the_cell_forget_where_one_is_and_another_begins_anew(visit):
    page, box = open_view(visit, "gru", "The cell", "cell")
    squares = [
        box.locator("section", has_text=title).locator(".outcome span")
        for title in ("Candidate", "Hidden state")
    ]
    assert values_of(squares[0]) != values_of(squares[1])
    box.get_by_role("button", name="Make it forget").click()
    expect(box.locator(".sentence")).to_contain_text("bz in Update gate is −10")
    assert box.get_attribute("data-step") == "1"  # its inputs are open
    candidate, state = ([float(v) for v in values_of(each)] for each in squares)
    assert candidate == pytest.approx(state, abs=0.02)
    share, _ = np.round(100 * shown(box, "yt_pred"))
    expect(box.locator(".guess").first).to_have_text(f"Teach anna{share:.0f}%")
    expect(page.page).to_have_url(re.compile("gru_cell_numbers="))
    expect(box.get_by_role("button", pressed=True)).to_have_text("forget")
    box.locator('input[data-name="xt"]').first.fill("0.5")
    box.get_by_role("button", name="Make it start anew").click()
    expect(page.page).to_have_url(re.compile(r"xt\.1\.1\.0\.5.*br\.1\.1\.-10"))
    page.page.reload()
    expect(box.get_by_role("button", pressed=True)).to_have_text("start anew")
    expect(box.locator('input[data-name="br"]').first).to_have_value("-10")
    assert float(box.locator('input[data-name="bz"]').first.input_value()) > -5
    box.get_by_text("Reset numbers").click()
    expect(page.page).not_to_have_url(re.compile("gru_cell_numbers="))


def test_each_press_on_learn_is_a_step_of_gradient_descent(visit, cell):
    _, box = open_view(visit, cell, "The cell", "cell")
    numbers = cell_numbers(cell, CellDemo())
    inputs = {name for name in numbers if name == "xt" or name.endswith("_prev")}

    def probability(changed):
        return computed(cell, changed)["yt_pred"][0, 0]

    for _ in range(2):
        before = {name: array.copy() for name, array in numbers.items()}
        for name in numbers.keys() - inputs:
            for place in np.ndindex(numbers[name].shape):
                moved = [{n: a.copy() for n, a in before.items()} for _ in range(2)]
                moved[0][name][place] += 1e-5
                moved[1][name][place] -= 1e-5
                upper, lower = (-np.log(probability(each)) for each in moved)
                numbers[name][place] -= (upper - lower) / 2e-5
        box.get_by_role("button", name="Teach anna").click()
        assert probability(numbers) > probability(before) + 0.02
        assert shown(box, "yt_pred")[0] == pytest.approx(probability(numbers), abs=2e-3)
    for name in numbers:
        field = box.locator(f'input[data-name="{name}"][data-place^="1"]').first
        assert float(field.input_value()) == pytest.approx(
            numbers[name][0, 0], abs=2e-3
        )
    box.get_by_role("button", name="Teach anne").click()
    assert shown(box, "yt_pred")[0] < probability(numbers) - 0.02


def values_of(squares):
    return [square.get_attribute("data-value") for square in squares.all()]


def test_pointing_at_a_square_reads_its_value_in_every_heatmap(visit, cell):
    check_heatmaps(visit, cell)


def test_the_badge_turns_red_when_a_mistake_is_chosen(visit, cell):
    page, box = open_view(visit, cell, "Backward", "backward")
    page.sees(r"gradients agree\.")
    at(box, 0)
    equations = box.locator(".equations")
    expect(equations.locator("figcaption")).to_have_text("From step 24 back to step 23")
    expect(equations.locator(".wrong")).to_have_count(0)
    page.pick(f"{page_of(cell)}_preset", "Nothing handed on")
    page.sees(r"differ from step 23 back")
    expect(equations.locator(".wrong").first).to_contain_text("≠")
    expect(page.page).to_have_url(re.compile("preset=dropped"))
