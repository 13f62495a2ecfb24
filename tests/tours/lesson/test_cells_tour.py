"""The other cells, tried in the ways in which tests/browser tries the LSTM."""

import pytest
from playwright.sync_api import expect

from tests.driver.browser.lessons import check_edits, check_heatmaps, open_view


@pytest.fixture(params=["rnn", "gru", "mingru"])
def cell(request):
    return request.param


def test_the_browser_computes_what_numpy_computes_after_every_edit(visit, cell):
    check_edits(visit, cell)


def test_pointing_at_a_square_reads_its_value_in_every_heatmap(visit, cell):
    check_heatmaps(visit, cell)


def test_a_long_answer_is_shown_whole_on_a_phone(visit):
    page, box = open_view(visit, "gru", "Forward", "forward", width=390)
    box.press("End")
    answers = page.keyed("gru_ask_forward").locator("button p")
    expect(answers).to_have_count(3)
    for answer in answers.all():
        assert answer.evaluate("one => one.scrollWidth <= one.clientWidth")
