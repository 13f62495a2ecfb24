"""Two people press Train on the same settings, and see one training."""

from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.learning import link

SETTINGS = {"task": "adding", "epochs": 60, "steps": 40, "length": 30, "seed": 106}


def begin(page):
    page.press("lstm_train")
    page.sees(r"Epoch [1-9]\d* of 60", seconds=120)  # the workers may have to start


def test_one_of_two_stops_and_the_other_goes_on_to_a_result_that_is_known_then(visit):
    one, two = (visit(link("lstm", **SETTINGS), width) for width in (1280, 390))
    begin(one)
    begin(two)
    before = one.epoch()
    wait_until(lambda: one.epoch() > before, what="an epoch at the first one")
    one.press("lstm_stop")
    one.sees("Stopped")
    one.sees("no result yet")
    before = two.epoch()
    wait_until(lambda: two.epoch() > before, what="an epoch at the other one")
    two.sees("Finished", 120)
    expect(two.page.get_by_text("Trained before")).to_have_count(0)

    one.press("lstm_resume")
    one.sees("Finished")
    one.press("lstm_replay")
    one.sees("Skip to the result")
    before = one.epoch()
    wait_until(lambda: one.epoch() > before, what="an epoch of the replay")
    one.press("lstm_end_replay")
    one.sees("Finished")

    three = visit(link("lstm", **SETTINGS), 390, "dark")
    three.press("lstm_train")
    three.sees("Trained before")
    three.fits(390)
    three.press("lstm_another_seed")
    expect(three.keyed("lstm_seed").locator("input")).to_have_value("0")
    three.press("lstm_stop")
    three.sees("Stopped")
    for page in (one, two, three):
        page.assert_quiet()
