"""Step 4 of the lessons in a real browser: train, scrub, refresh, share."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until

EPOCHS = 50
SHORT = {"units": 8, "epochs": EPOCHS, "steps": 2, "batch": 4}


def link(cell, **settings):
    """The address of the step, with settings in it."""
    asked = {f"{cell}_step": "Learning"}
    asked |= {f"{cell}_{name}": value for name, value in settings.items()}
    return f"{cell}?" + "&".join(f"{name}={value}" for name, value in asked.items())


def train(page, cell):
    """Press Train and wait for the whole film."""
    page.press(f"{cell}_train")
    page.sees("Finished", 120)
    film = scrubber(page, cell)
    expect(film).to_have_attribute("data-epoch", re.compile(r"\d+"))
    return film


def scrubber(page, cell):
    return page.keyed(f"{cell}_scrubber").locator(".lesson")


def epoch_of(film):
    return int(film.get_attribute("data-epoch"))


def final_loss(page, film):
    film.get_by_role("slider", name="Epoch").press("End")
    expect(film).to_have_attribute("data-epoch", str(EPOCHS))
    return film.locator(".losses").inner_text()


def test_fifty_epochs_are_scrubbed_without_the_server_at_thirty_frames_a_second(visit):
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
    film = scrubber(page, "lstm")
    slider = film.get_by_role("slider", name="Epoch")
    expect(film).to_have_attribute("data-epoch", str(EPOCHS))
    page.page.wait_for_load_state("networkidle")
    before = len(sent)

    slider.press("Home")
    expect(film).to_have_attribute("data-epoch", "0")
    slider.press("ArrowRight")
    expect(film).to_have_attribute("data-epoch", "1")
    slider.press("PageUp")
    expect(film).to_have_attribute("data-epoch", "11")
    slider.press("End")
    expect(film).to_have_attribute("data-epoch", str(EPOCHS))

    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + box["width"] - 4, middle)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.25, middle, steps=40)
    page.page.mouse.up()
    wait_until(lambda: 5 < epoch_of(film) < 20, 10, "the epoch under the pointer")

    slider.press("Home")
    slider.press("Space")
    expect(film).to_have_attribute("data-playing", "true")
    expect(film).to_have_attribute("data-playing", "false", timeout=20_000)
    assert epoch_of(film) == EPOCHS
    assert int(film.get_attribute("data-frames")) > 60
    assert float(film.get_attribute("data-fps")) >= 30
    assert len(sent) == before  # not a word to the server


def test_a_link_with_settings_gives_the_same_loss_in_another_browser(visit):
    page = visit(link("rnn", **SHORT, seed=3))
    loss = final_loss(page, train(page, "rnn"))
    assert re.fullmatch(r"loss \d\.\d\d", loss)
    address = page.page.url.split("/")[-1]
    shared = re.sub(r"run=\w+&?", "", address)
    assert "rnn_seed=3" in shared
    other = visit(shared)
    other.sees("Example")
    assert final_loss(other, train(other, "rnn")) == loss


def test_the_samples_are_read_aloud_while_it_learns(visit):
    page = visit(link("lstm", epochs=500, steps=60))
    page.press("lstm_train")
    live = page.keyed("lstm_live_scrubber")
    expect(live.locator(".samples li").first).to_be_visible(timeout=60_000)
    early = epoch_of(live.locator(".lesson"))
    wait_until(lambda: epoch_of(live.locator(".lesson")) > early, 30, "a later epoch")
    page.press("lstm_stop")
    page.sees("Stopped")
    expect(page.keyed("lstm_scrubber").locator(".samples li").first).to_be_visible()


def test_pointing_at_a_character_tells_which_earlier_ones_it_listens_to(visit):
    page = visit(link("lstm"))
    film = scrubber(page, "lstm")
    letters = film.locator(".letter")
    says = film.locator(".listening p")
    letters.nth(3).hover()
    expect(letters.nth(3)).to_have_class(re.compile("chosen"))
    expect(says).to_contain_text(f"After “{letters.nth(3).inner_text()}” it listens")
    letters.nth(3).focus()
    letters.nth(3).press("ArrowRight")
    expect(letters.nth(4)).to_have_class(re.compile("chosen"))
    expect(letters.nth(0)).to_have_attribute("aria-label", re.compile(r"heard \d+%"))


def test_pointing_at_a_square_reads_its_value(visit):
    page = visit(link("lstm"))
    film = scrubber(page, "lstm")
    film.locator(".inside canvas").first.hover(position={"x": 20, "y": 20})
    expect(film.locator(".readout")).to_contain_text(
        re.compile(r"LSTM, forget gate, unit \d+, at “.”: 0\.\d+")
    )


@pytest.mark.parametrize("task", ["Writing", "Adding+problem"])
def test_the_step_fits_a_phone_in_light_and_dark_and_asks_no_other_host(visit, task):
    for cell in ("rnn", "lstm"):
        for scheme in ("light", "dark"):
            page = visit(link(cell, task=task), 390, scheme)
            expect(scrubber(page, cell)).to_have_attribute("data-epoch", "40")
            wide = page.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390
            assert page.outside == []
            assert [c for c in page.complaints if "404" not in c] == []
