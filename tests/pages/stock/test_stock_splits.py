"""A file with an unadjusted split: the panel, the verdict that waits, both answers."""

import re

import numpy as np
import pytest

from core.stock import Result
from pages.ui.session import platform
from tests.core.stock.csv.files import days, prices, table
from tests.driver.pages.app import open_page, small, train_to_the_end, upload, words

ROWS, ROW = 600, 200
DAY = days(ROWS)[ROW]


def halved():
    values = prices(ROWS)
    values[ROW:] = [round(value / 2, 2) for value in values[ROW:]]
    return table(days(ROWS), values)


@pytest.fixture
def page():
    return upload(open_page("stock"), halved(), "halved.csv")


def decide(page, answer):
    page.radio(key="stock_splits").set_value(answer).run()
    assert not page.exception
    return page


def series_of(page, run):
    content = platform().store.result(page.session_state["owner"], run.id)
    return Result.decode(content).series


def is_judged(page):
    """Whether the verdict of the risk compares the errors of two models."""
    (risk,) = [line for line in words(page).splitlines() if "Risk:" in line]
    return re.search(r"error \(NLL\) \S+", risk) and "not judged yet" not in risk


def test_a_split_is_shown_with_a_choice_and_does_not_stop_anybody(page):
    assert f"2:1 on {DAY}" in words(page)
    radio = page.radio(key="stock_splits")
    assert radio.value is None
    assert radio.options == ["Adjust", "Keep"]
    assert not page.button(key="stock_train").disabled
    assert "moved by more than half" not in words(page)


def test_a_file_without_a_split_asks_nothing():
    page = upload(open_page("stock"), table(days(ROWS)))
    assert "stock_splits" not in [radio.key for radio in page.radio]


@pytest.mark.parametrize(
    ("answer", "note"),
    [("adjust", "prices before it divided by 2"), ("keep", "kept as a change")],
)
def test_the_answer_is_noted_and_can_be_changed(page, answer, note):
    decide(page, answer)
    assert note in words(page)
    assert not page.warning
    assert f"2:1 on {DAY}" in words(page)
    other = {"adjust": "keep", "keep": "adjust"}[answer]
    decide(page, other)
    assert note not in words(page)


def test_another_file_is_asked_about_anew(page):
    decide(page, "keep")
    upload(page, halved(), "other.csv")
    assert page.radio(key="stock_splits").value is None


def test_the_verdict_of_the_risk_waits_for_the_answer(page):
    undecided = train_to_the_end(small(page))
    assert "Risk: not judged yet" in words(page)
    assert undecided.summary["verdict_risk"] in words(page).replace("**", "")
    decide(page, "keep")  # the same prices: judged without another training
    assert page.query_params["run"] == undecided.id
    assert is_judged(page)
    decide(page, "adjust")  # other prices
    assert "After *Train*" in words(page)
    adjusted = train_to_the_end(page)
    assert is_judged(page)
    before, after = series_of(page, undecided), series_of(page, adjusted)
    np.testing.assert_allclose(after.prices[:ROW], before.prices[:ROW] / 2)
    np.testing.assert_array_equal(after.prices[ROW:], before.prices[ROW:])
    assert (len(before.splits), after.splits) == (1, ())
