"""What changes by itself, in Firefox: train, stop, scrub, play, and a class's board."""

import re
import secrets

from playwright.sync_api import expect

from pages.ui.session import platform
from pages.ui.web.server import COOKIE
from tests.conftest import wait_until
from tests.driver.browser.learning import epoch_of, link, scrubber
from tests.driver.tours.board import names

SETTINGS = {"epochs": 500, "steps": 40, "seed": 411}


def later_than(page, epoch):
    """Wait for a later epoch on the live panel; return it."""
    live = page.page.locator(".live").first
    return (
        wait_until(
            lambda: max(int(live.get_attribute("data-epoch") or 0), epoch) - epoch,
            what="an epoch",
        )
        + epoch
    )


def test_a_training_is_followed_stopped_resumed_reloaded_and_scrubbed(visit_firefox):
    page = visit_firefox(link("lstm", **SETTINGS))
    page.press("lstm_train")
    later_than(page, later_than(page, 0))
    expect(page.page.locator(".live-figure .main-svg").first).to_be_visible()
    page.press("lstm_stop")
    page.sees("Stopped")
    view = scrubber(page, "lstm")
    expect(view).to_have_attribute("data-epoch", re.compile("[1-9]"))
    last = epoch_of(view)
    page.press("lstm_resume")
    epoch = later_than(page, last)
    page.page.reload()
    later_than(page, epoch)
    page.press("lstm_stop")
    page.sees("Stopped")
    slider = view.get_by_role("slider", name="Epoch")
    slider.press("Home")
    expect(view).to_have_attribute("data-epoch", "0")
    slider.press("ArrowRight")
    expect(view).to_have_attribute("data-epoch", "1")
    expect(view.locator(".losses")).to_contain_text(
        re.compile(r"error \(validation loss\) \d\.")
    )
    page.assert_quiet()


def test_music_is_played_and_its_playhead_moves(visit_firefox):
    page = visit_firefox("music")
    sound = page.keyed("music_sound").locator("audio")
    expect(sound).to_be_attached(timeout=120_000)
    wait_until(lambda: sound.evaluate("e => e.readyState > 1"), what="sound")
    page.page.get_by_label("Play (space)").first.click()
    wait_until(lambda: sound.evaluate("e => e.currentTime > 0.5"), what="playing")
    expect(page.page.locator(".note.now").first).to_be_visible()


def test_a_student_who_joins_has_a_tile_on_the_board(visit_firefox):
    teacher, student = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    code = platform().classes.create(teacher, "Lesson")
    page = visit_firefox()
    cookie = {"name": COOKIE, "value": teacher, "url": page.dashboard.url}
    page.page.context.add_cookies([cookie])
    page.open(f"board?class={code}")
    platform().classes.join(student, code, "Ann")
    names(page, "Ann")
