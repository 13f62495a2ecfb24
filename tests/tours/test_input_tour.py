"""What is typed and clicked in a real browser arrives as it was meant."""

import pytest
from playwright.sync_api import expect

from tests.driver.browser.learning import SHORT, link
from tests.driver.browser.lessons import open_view, shown


def write(page, box, text):
    """Type over what a box holds, key by key, as `fill` does not."""
    box.click()
    box.press("Control+a")
    page.page.keyboard.type(text)


def test_a_decimal_comma_is_a_decimal_point(visit):
    page = visit(link("lstm"))
    page.fill("lstm_seed", 1)  # which opens the hyperparameters
    box = page.keyed("lstm_learning_rate").locator("input")
    write(page, box, "0,5")
    box.press("Enter")
    page.sees("learning rate 0.5")
    page.settle()
    expect(box).to_have_value("0.5")
    box.press("Control+a")
    page.page.keyboard.insert_text(" 0,25 ")  # as pasting does
    box.press("Enter")
    page.sees("learning rate 0.25")

    page, view = open_view(visit, "lstm", "The cell", "cell")
    view.press("End")  # parts of later steps are folded
    field = view.locator('input[data-name="bf"]').first
    write(page, field, "-0,5")
    assert shown(view, "bf")[0] == -0.5


@pytest.mark.parametrize("text", ["1e9", "-101", "100.5"])
def test_a_number_that_no_cell_should_have_is_refused_where_it_is_typed(visit, text):
    page, view = open_view(visit, "rnn", "The cell", "cell")
    view.press("End")
    field = view.locator('input[data-name="ba"]').first
    before = field.input_value()
    write(page, field, text)
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "from −100 to 100" in field.evaluate("box => box.validationMessage")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "false")
    assert field.input_value() == before


def test_a_number_out_of_its_bounds_blocks_train_until_it_is_put_right(visit):
    page = visit(link("lstm"))
    train = page.keyed("lstm_train").get_by_role("button").first
    expect(page.keyed("lstm_epochs").locator("input")).to_have_value("40")
    page.fill("lstm_epochs", 0)
    page.sees("epochs: expected .*, got 0")
    expect(train).to_be_disabled()
    page.fill("lstm_epochs", 40)
    expect(train).to_be_enabled()


def test_a_double_click_on_train_starts_one_run(visit):
    page = visit(link("rnn", **SHORT, seed=103))
    page.keyed("rnn_train").get_by_role("button").first.dblclick()
    page.sees("RNN · Names · units 8")
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("RNN · Names · units 8")
    page.settle()
    expect(page.page.get_by_role("button", name="Open")).to_have_count(1)
