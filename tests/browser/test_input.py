"""What is typed and clicked in a real browser arrives as it was meant."""

from playwright.sync_api import expect

from tests.browser.test_learning import SHORT, link


def test_a_number_out_of_its_bounds_blocks_train_until_it_is_put_right(visit):
    page = visit(link("lstm"))
    train = page.keyed("lstm_train").get_by_role("button").first
    for name, before, value in (("learning_rate", "0.01", 99), ("epochs", "40", 0)):
        expect(page.keyed(f"lstm_{name}").locator("input")).to_have_value(before)
        page.fill(f"lstm_{name}", value)
        page.sees(f"{name}: expected .*, got {value}")
        expect(train).to_be_disabled()
        page.fill(f"lstm_{name}", before)
        expect(train).to_be_enabled()


def test_a_double_click_on_train_starts_one_run(visit):
    page = visit(link("rnn", **SHORT, seed=103))
    page.keyed("rnn_train").get_by_role("button").first.dblclick()
    page.sees("RNN · Names · units 8")
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("RNN · Names · units 8")
    page.settle()
    expect(page.page.get_by_role("button", name="Open")).to_have_count(1)
