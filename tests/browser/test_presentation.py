"""Presentation mode: one block of a page at a time, by a remote's keys."""

import re

from playwright.sync_api import expect

from tests.conftest import wait_until

# Pixels between the labels of a vertical axis.
GAPS = """chart => {
  const labels = [...chart.querySelectorAll(".ytick")]
  const boxes = labels.map((label) => label.getBoundingClientRect())
  boxes.sort((a, b) => a.top - b.top)
  return boxes.slice(1).map((box, i) => box.top - boxes[i].bottom)
}"""


def place(page):
    return page.page.inner_text(".presentation output")


def test_a_page_is_presented_block_by_block_and_left_as_it_was(visit):
    page = visit("lstm?lstm_step=Forward")
    keyboard, title = page.page.keyboard, page.page.get_by_role("heading", name="LSTM")
    word = page.keyed("lstm_sequence_word")
    size = "getComputedStyle(document.documentElement).fontSize"
    usual = page.page.evaluate(size)

    page.page.get_by_role("button", name="Present").click()
    expect(title).to_be_visible()
    expect(word).to_be_hidden()
    blocks = int(place(page).split()[-1])
    assert blocks > 2
    assert float(page.page.evaluate(size)[:-2]) > 1.3 * float(usual[:-2])
    assert "present=true" in page.page.url

    keyboard.press("PageDown")
    expect(title).to_be_hidden()
    expect(word).to_be_visible()
    box = word.locator("input")
    box.fill("gradient")
    box.press("ArrowLeft")  # moves in the field
    box.press("Enter")
    expect(page.page).to_have_url(re.compile("lstm_sequence_word=gradient"))
    page.settle()
    assert place(page) == f"2 of {blocks}"
    expect(title).to_be_hidden()

    page.page.reload()
    page.settle()
    expect(title).to_be_visible()
    expect(word).to_be_hidden()
    keyboard.press("ArrowRight")
    wait_until(lambda: place(page).startswith("2"), what="the second block")
    keyboard.press("PageUp")
    wait_until(lambda: place(page).startswith("1"), what="the first block")

    keyboard.press("Escape")
    expect(word).to_be_visible()
    expect(title).to_be_visible()
    assert page.page.evaluate(size) == usual
    assert "present" not in page.page.url
    page.assert_quiet()


def test_the_larger_labels_of_a_chart_do_not_overlap(visit):
    page = visit("rnn?rnn_step=Backward&present=true")
    chart = page.keyed("rnn_fading").locator(".js-plotly-plot")
    block, size = page.keyed("rnn_fading"), "chart => chart.layout.font.size"
    next_block = page.page.get_by_role("button", name="Next block")
    expect(chart).to_be_attached()

    def is_large():
        # While the page is still being drawn, the chart may come into a later block.
        if not block.is_visible():
            next_block.press("ArrowRight")
        return block.is_visible() and chart.evaluate(size) == 18

    wait_until(is_large, what="a chart in large type")
    gaps = chart.evaluate(GAPS)
    assert len(gaps) >= 2
    assert min(gaps) > 0
