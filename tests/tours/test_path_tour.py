"""The guided path from first to last station, by mouse and by keyboard alone.

At each station one answers wrongly, then rightly, and does what the station asks.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from pages.ui.lesson.units import COLOURS
from pages.ui.path.stations import STATIONS, number_of

MOST_TABS = 400  # to any element of a page
# The smallest trainings that do what the stations ask.
ADDING = {"epochs": 12}  # enough for the LSTM with seed 0
PRICES = {"epochs": 3, "units": 4, "window": 32, "seeds": 1, "folds": 1}
PATIENCE_SECONDS = 400  # with a loaded machine
# The key that brings the focus closer: within a group of choices the arrows move it.
KEY = """one => {
  const focused = one.getRootNode().activeElement
  if (focused === one) return ""
  if (!one.closest("[role=radiogroup]")?.contains(focused)) return "Tab"
  const place = focused.compareDocumentPosition(one)
  return place & Node.DOCUMENT_POSITION_FOLLOWING ? "ArrowRight" : "ArrowLeft"
}"""


class Walker:
    """Somebody with a browser."""

    def __init__(self, visit):
        self.page = visit("", self.width)
        self.page.page.set_default_timeout(PATIENCE_SECONDS * 1000)

    def keyed(self, key):
        return self.page.keyed(key)

    def push(self, key):
        self.press(self.keyed(key).locator("button:visible").last)

    def choose(self, key, label):
        self.press(self.keyed(key).get_by_role("radio", name=label, exact=True))
        self.page.settle()

    def set_number(self, key, value):
        box = self.keyed(key).locator("input")
        if not box.is_visible():
            self.press(self.page.page.locator("summary", has_text="Hyperparameters"))
        self.type(box, value)
        self.page.settle()

    def edit(self, view, name, value):
        """Change the first number of an array of the cell."""
        self.type(self.keyed(view).locator(f'input[data-name="{name}"]').first, value)

    def is_done(self):
        line = self.keyed("path_line_box")
        expect(line).to_contain_text("Done.", timeout=PATIENCE_SECONDS * 1000)


class Mouse(Walker):
    width = 1280

    def press(self, target):
        target.click()

    def type(self, target, text):
        target.fill(str(text))
        target.press("Enter")

    def pick(self, key, label):
        self.keyed(key).locator("input").click()
        self.page.page.get_by_role("option", name=label, exact=True).click()
        self.page.settle()

    def slide(self, key):
        track = self.keyed(key).locator("[data-orientation]").first.bounding_box()
        x, y = track["x"] + 0.8 * track["width"], track["y"] + track["height"] / 2
        self.page.page.mouse.click(x, y)


class Keyboard(Walker):
    width = 390

    @property
    def keys(self):
        return self.page.page.keyboard

    def reach(self, target):
        """Move the focus to an element, as somebody without a mouse does."""
        target.wait_for()
        for _ in range(MOST_TABS):
            key = target.evaluate(KEY)
            if not key:
                return
            self.keys.press(key)
        pytest.fail(f"no way by keyboard to {target}")

    def press(self, target):
        self.reach(target)
        self.keys.press("Enter")

    def type(self, target, text):
        self.reach(target)
        self.keys.press("ControlOrMeta+A")
        self.keys.type(str(text))
        self.keys.press("Enter")

    def pick(self, key, label):
        self.reach(self.keyed(key).locator("input"))
        self.keys.type(label)
        expect(self.page.page.get_by_role("option", name=label)).to_be_visible()
        self.keys.press("Enter")
        self.page.settle()

    def slide(self, key):
        self.reach(self.keyed(key).locator("input"))
        self.keys.press("ArrowRight")


def saturate(walker):
    walker.edit("rnn_cell_view", "ba", 5)


def read_word(walker):
    walker.type(walker.keyed("rnn_sequence_word").locator("input"), "hannah")


def find_mistake(walker):
    walker.push("rnn_find")
    walker.page.page.wait_for_url(re.compile("mistake="))
    query = parse_qs(urlsplit(walker.page.page.url).query)
    planted = hidden_mistake("rnn", int(query["mistake"][0]), mistakes_of("rnn"))
    wrong = next(name for name in mistakes_of("rnn") if name != planted)
    walker.choose("rnn_suspect", PRESETS[wrong].title)
    walker.page.sees("Not this one")
    walker.choose("rnn_suspect", PRESETS[planted].title)
    walker.page.sees("Found")


def train_on_adding(walker):
    for name, value in ADDING.items():
        walker.set_number(f"lstm_{name}", value)
    walker.push("lstm_train")


def keep_number(walker):
    walker.edit("lstm_cell_view", "bf", 10)
    walker.edit("lstm_cell_view", "bi", -10)


def switch_unit_off(walker):
    walker.choose("lstm_forward_network", "Trained")
    walker.choose("lstm_trained_view", "The unit that counts")
    walker.choose("lstm_units_colours", COLOURS[1])


def train_on_prices(walker):
    for name, value in PRICES.items():
        walker.set_number(f"stock_{name}", value)
    walker.push("stock_train")


def ask_for_emoji(walker):
    box = walker.keyed("emoji_text").locator("input, textarea")
    walker.type(box, "my dog ran away and came back")


def improvise(walker):
    walker.set_number("music_temperature", 1.5)
    walker.push("music_generate")


def lengthen(walker):
    walker.slide("became_length")


ACTIONS = {
    "cell": saturate,
    "forward": read_word,
    "backward": find_mistake,
    "vanishing": train_on_adding,
    "lstm": keep_number,
    "unit": switch_unit_off,
    "prices": train_on_prices,
    "emoji": ask_for_emoji,
    "music": improvise,
    "became": lengthen,
}


def answer(walker, station):
    """Answer each station's question wrongly at first."""
    right = station.question.options[station.question.right]
    wrong = next(option for option in station.question.options if option != right)
    walker.choose(f"path_answer_{station.key}", wrong)
    walker.page.sees("Not quite")
    walker.choose(f"path_answer_{station.key}", right)
    walker.page.sees("Correct")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_the_path_is_walked_from_first_to_last_station(visit, hands):
    walker = hands(visit)
    walker.push("home_start")
    for station in STATIONS:
        browser = walker.page.page
        browser.wait_for_url(re.compile(rf"/path\?station={station.key}$"))
        walker.page.settle()
        walker.page.sees(f"Station {number_of(station)} of {len(STATIONS)}")
        answer(walker, station)
        walker.push("path_open")
        browser.wait_for_url(re.compile(rf"/{station.page}(\?|$)"))
        walker.page.settle()
        expect(walker.keyed("path_line_box")).not_to_contain_text("Done.")
        ACTIONS[station.key](walker)
        walker.is_done()
        wide = browser.evaluate("document.documentElement.scrollWidth")
        assert wide <= walker.width, station.key
        if station != STATIONS[-1]:
            walker.push("path_line_next")
    walker.page.sees("That was the last one")
    walker.page.assert_quiet()
    walker.page.open("")
    walker.page.sees(f"{len(STATIONS)} of {len(STATIONS)} stations done")
