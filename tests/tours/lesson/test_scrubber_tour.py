"""Step 4 of the lessons in a real browser: train, scrub, refresh, share."""

import re

from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.learning import EPOCHS, SHORT, epoch_of, link, scrubber


def train(page, cell):
    """Press Train and wait for the whole page of the result, with all epochs."""
    page.press(f"{cell}_train")
    page.sees("Finished", 120)
    page.settle()
    view = scrubber(page, cell)
    expect(view).to_have_attribute("data-epoch", re.compile(r"\d+"))
    return view


def test_fifty_epochs_are_scrubbed_without_the_server(visit):
    page = visit(link("lstm", **SHORT))
    train(page, "lstm")
    sent = []

    def listen(socket):
        socket.on("framesent", lambda frame: sent.append(frame))

    page.page.on("websocket", listen)
    address = page.page.url
    page.page.reload()
    page.settle()
    page.sees("Finished")
    assert page.page.url == address
    view = scrubber(page, "lstm")
    slider = view.get_by_role("slider", name="Epoch")
    expect(view).to_have_attribute("data-epoch", str(EPOCHS))
    page.page.wait_for_load_state("networkidle")
    before = len(sent)

    slider.press("Home")
    expect(view).to_have_attribute("data-epoch", "0")
    slider.press("ArrowRight")
    expect(view).to_have_attribute("data-epoch", "1")
    slider.press("PageUp")
    expect(view).to_have_attribute("data-epoch", "11")
    slider.press("End")
    expect(view).to_have_attribute("data-epoch", str(EPOCHS))

    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + box["width"] - 4, middle)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.25, middle, steps=40)
    page.page.mouse.up()
    wait_until(lambda: 5 < epoch_of(view) < 20, 10, "the epoch under the pointer")

    speed = view.get_by_label("Speed")
    speed.select_option("0.5")  # eight seconds for all epochs
    slider.press("Home")
    slider.press("Space")
    expect(view).to_have_attribute("data-playing", "true")
    speed.select_option("4")
    expect(view).to_have_attribute("data-playing", "false")
    assert epoch_of(view) == EPOCHS
    assert len(sent) == before  # nothing is sent to the server


def test_the_live_part_waits_on_the_page_for_the_run(visit):
    page = visit(link("lstm", epochs=500))
    part = page.keyed("lstm_live").locator(".live")
    expect(part).to_be_attached()
    part.evaluate("part => { window.part = part }")
    page.page.wait_for_function("() => window.Plotly")
    page.press("lstm_train")
    page.sees(r"Epoch \d+ of", seconds=120)  # the first training of a cold worker
    expect(part.locator(".scatterlayer .trace").first).to_be_attached()
    assert page.page.evaluate("window.part.isConnected")
    page.press("lstm_stop")
    page.sees("Stopped")
    page.settle()
    expect(part.locator(".live-blocks")).to_be_empty()


def test_pointing_at_a_character_tells_which_earlier_ones_matter(visit):
    page = visit(link("lstm"))
    view = scrubber(page, "lstm")
    letters = view.locator(".letter")
    sentence = view.locator(".connectivity p")
    letters.nth(3).hover()
    expect(letters.nth(3)).to_have_class(re.compile("chosen"))
    expect(sentence).to_contain_text(
        f"The prediction after “{letters.nth(3).inner_text()}” depends"
    )
    letters.nth(3).focus()
    letters.nth(3).press("ArrowRight")
    expect(letters.nth(4)).to_have_class(re.compile("chosen"))
    expect(letters.nth(0)).to_have_attribute(
        "aria-label", re.compile(r"influence \d+%")
    )
