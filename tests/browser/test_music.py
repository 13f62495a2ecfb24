"""The music page, as a person goes through it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Page
from tests.conftest import wait_until
from tests.driver.browser.music import (
    audio,
    download,
    drawn,
    heard,
    melody,
    roll,
    source,
)


def head(page, name="music"):
    """Pixels from the left edge of the notes to the playhead."""
    line = roll(page, name).locator(".head").bounding_box()
    notes = roll(page, name).locator(".notes").bounding_box()
    return line["x"] + line["width"] / 2 - notes["x"]


@pytest.fixture
def page(visit):
    page = visit("music")
    expect(audio(page)).to_be_attached(timeout=60_000)
    yield page
    assert page.outside == []


def test_the_first_visit_plays_and_the_playhead_and_the_midi_agree(page):
    toggle = roll(page).get_by_role("button", name="Play (space)")
    toggle.click()
    wait_until(lambda: heard(page) > 0.5, what="sound")
    expect(roll(page).locator(".note.now").first).to_be_visible()
    roll(page).get_by_role("button", name="Pause (space)").click()
    expect(toggle).to_be_visible()

    written, notes = melody(download(page, "music_download")), drawn(page)
    assert len(written) == len(notes) > 20
    scale = np.polyfit(written[:, 0], notes[:, 1], 1)[0]  # pixels a second
    assert notes[:, 1] == pytest.approx(written[:, 0] * scale, abs=0.1)
    row = np.polyfit(written[:, 1], notes[:, 2], 1)[0]  # pixels a semitone
    assert np.diff(notes[:, 2]) == pytest.approx(np.diff(written[:, 1]) * row, abs=0.1)
    assert row < 0
    assert head(page) == pytest.approx(heard(page) * scale, abs=2)

    before = heard(page)
    roll(page).get_by_role("group", name="Piano roll").press("ArrowRight")
    wait_until(lambda: heard(page) > before, what="the next bar")
    assert head(page) == pytest.approx(heard(page) * scale, abs=2)
    note = roll(page).locator(".note.own:not(.copied)").nth(6)
    note.hover()
    read = roll(page).locator(".readout")
    expect(read).to_contain_text("over")
    expect(read).to_contain_text(": melody")
    note.click()
    place = int(note.get_attribute("data-note"))
    wait_until(
        lambda: abs(heard(page) - written[:, 0][list(notes[:, 0]).index(place)]) < 0.3,
        what="the sound at the note",
    )


def test_a_piece_has_one_play_button_and_two_never_sound_at_once(page):
    for name in ("music", "music_preview"):
        expect(audio(page, name)).to_be_attached(timeout=60_000)
        expect(roll(page, name).get_by_role("slider", name="Volume")).to_be_visible()
        expect(audio(page, name)).to_be_hidden()
    roll(page).get_by_role("button", name="Play (space)").click()
    wait_until(lambda: heard(page) > 0.3, what="sound")
    roll(page, "music_preview").get_by_role("button", name="Play (space)").click()
    wait_until(lambda: heard(page, "music_preview") > 0.3, what="the data's sound")
    assert audio(page).evaluate("audio => audio.paused")
    expect(roll(page).get_by_role("button", name="Play (space)")).to_be_visible()


def test_the_network_alone_is_heard_and_drawn_by_itself(page):
    before, first = drawn(page), source(page)
    expect(roll(page).locator(".note.own.pushed").first).to_be_visible()
    expect(roll(page).locator(".legend")).to_contain_text("pushed by the plan")
    page.keyed("music_part").get_by_role("radio", name="Network alone").click()
    expect(audio(page)).not_to_have_attribute("src", first)
    wait_until(lambda: len(drawn(page)) and source(page) != first, what="the network")
    expect(roll(page).locator(".note.pushed")).to_have_count(0)
    expect(roll(page).locator(".note.other")).to_have_count(0)
    assert drawn(page).tolist() != before.tolist()


def test_a_download_pressed_while_its_button_is_drawn_again_is_not_lost(
    browser, dashboard
):
    page = Page(browser.new_context().new_page(), dashboard)
    held, socket, is_slow = [], [], False  # the server's messages on a slow connection

    def connect(route):
        socket[:] = [route]
        server = route.connect_to_server()
        server.on_message(
            lambda message: (held.append if is_slow else route.send)(message)
        )

    def brought(kind):
        page.page.wait_for_timeout(50)
        return any(ForwardMsg.FromString(each).HasField(kind) for each in held)

    page.page.route_web_socket(re.compile("/_stcore/stream"), connect)
    page.open("music")
    page.page.get_by_role("tab", name="Take away").click()
    page.settle()
    is_slow = True
    page.press("music_another")
    wait_until(lambda: brought("script_finished"), what="the end of the run")
    with page.page.expect_download() as waiting:
        page.press("music_download")  # it still names the file of before
        wait_until(lambda: brought("backend_operation_response"), what="a refusal")
        is_slow = False
        for message in held:
            socket[0].send(message)
    assert waiting.value.path().read_bytes()[:4] == b"MThd"
    page.page.context.close()
