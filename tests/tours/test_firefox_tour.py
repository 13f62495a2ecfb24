"""What changes by itself, in Firefox as in Chromium: train live, stop, scrub, play."""

import re

import pytest

from tests.browser.firefox import FIND, firefox, started
from tests.conftest import wait_until

LIVE, SCRUBBER, SLIDER = ".live", ".lesson", ".lesson .steps"
STOP, RESUME = ".st-key-lstm_stop button", ".st-key-lstm_resume button"
SETTINGS = "lstm_step=Learning&lstm_epochs=500&lstm_steps=40&lstm_seed=411"
EPOCH = "e => Number(e.dataset.epoch || 0)"
KEYS = {"Home": "\ue011", "ArrowRight": "\ue014", "End": "\ue010"}


class Chromium:
    """The same moves as `Firefox` has, by Playwright."""

    def __init__(self, page):
        self.page = page

    def goto(self, url):
        self.page.goto(url)

    def read(self, selector, function):
        script = f"s => (e => e && ({function})(e))(({FIND})(s))"
        return self.page.evaluate(script, selector)

    def click(self, selector):
        self.page.locator(selector).first.click()

    def press(self, selector, key):
        name = next(name for name, code in KEYS.items() if code == key)
        self.page.locator(selector).first.press(name)


@pytest.fixture(params=["firefox", "chromium"])
def tourist(request, tmp_path, dashboard):
    """A browser, and the dashboard's address."""
    if request.param == "firefox":
        if firefox() is None:
            pytest.skip("Firefox is not installed: see tests/install.sh")
        with started(tmp_path) as page:
            yield page, dashboard.url
    else:
        visit = request.getfixturevalue("visit")
        yield Chromium(visit().page), dashboard.url


def test_a_training_is_followed_stopped_resumed_reloaded_and_scrubbed(tourist):
    browser, url = tourist

    def has(selector, what):
        wait_until(lambda: browser.read(selector, "e => !e.disabled"), what=what)

    def click(selector, what):
        has(selector, what)
        browser.click(selector)

    def later_than(epoch):
        """Wait for a later epoch on the live panel; return it."""
        return (
            wait_until(
                lambda: max(browser.read(LIVE, EPOCH) or 0, epoch) - epoch,
                what="an epoch",
            )
            + epoch
        )

    def scrubbed(key, epoch):
        browser.press(SLIDER, KEYS[key])
        wait_until(
            lambda: browser.read(SCRUBBER, EPOCH) == epoch, what=f"epoch {epoch}"
        )

    browser.goto(f"{url}/lstm?{SETTINGS}")
    click(".st-key-lstm_train button", "Train")
    later_than(later_than(0))
    has(".live-figure .main-svg", "the curves")
    click(STOP, "Stop")
    has(RESUME, "Resume")
    last = wait_until(lambda: browser.read(SCRUBBER, EPOCH), what="the scrubber")
    click(RESUME, "Resume")
    epoch = later_than(last)
    browser.goto(browser.read("body", "() => location.href"))
    later_than(epoch)
    click(STOP, "Stop")
    has(RESUME, "Resume")
    wait_until(lambda: browser.read(SLIDER, "e => e.max > 2"), what="the epochs")
    scrubbed("Home", 0)
    scrubbed("ArrowRight", 1)
    text = browser.read(".lesson .losses", "e => e.textContent")
    assert re.search(r"validation loss \d\.\d+", text)


def test_music_is_played_and_its_playhead_moves(tourist):
    browser, url = tourist
    browser.goto(f"{url}/music")
    sound, play = ".st-key-music_sound audio", '[aria-label="Play (space)"]'
    wait_until(lambda: browser.read(sound, "e => e.readyState > 1"), what="sound")
    wait_until(lambda: browser.read(play, "e => true"), what="the piano roll")
    browser.click(play)
    wait_until(lambda: browser.read(sound, "e => e.currentTime > 0.5"), what="playing")
    assert browser.read(".note.now", "e => true")
