"""What is typed and clicked in a real browser arrives as it was meant."""

from playwright.sync_api import expect

from tests.driver.browser.learning import SHORT, link


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
