"""A page in a real browser is not drawn anew by what changes by itself."""

from tests.driver.browser.learning import SHORT, link
from tests.driver.browser.live import Asked

SOME_SECONDS = SHORT | {"steps": 60}


def test_a_page_reruns_once_when_its_training_has_ended(visit):
    page = visit()
    asked = Asked(page.page)
    page.open(link("rnn", **SOME_SECONDS, seed=205))
    page.press("rnn_train")
    page.sees(r"Epoch \d+ of|Preparing")
    page.settle()
    runs = asked.runs
    page.sees("Finished", seconds=120)
    page.settle()
    # One run of the page at the first epoch, one at the end. A browser also sends what
    # it does with each: a few frames a run, where redraws sent two a second.
    assert asked.runs - runs <= 4
