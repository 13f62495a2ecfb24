"""The guided path from first to last station, by mouse and by keyboard alone.

At each station one does the steps beside the work, answers wrongly and then rightly,
and goes on to the page of the next one.
"""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from core.lesson.backward_passes import PRESETS, hidden_mistake, mistakes_of
from pages.ui.lesson.units import COLOURS
from pages.ui.path.stations import STATIONS, place_of

MOST_TABS = 400  # to any element of a page
# The smallest trainings that do what the stations ask.
PRICES = {"epochs": 3, "units": 4, "window": 32, "seeds": 1, "folds": 1}
PATIENCE_SECONDS = 400  # with a loaded machine
# How many of some elements scroll by themselves.
SCROLLING = """all => all.filter((one) => getComputedStyle(one).overflowY !== "visible"
  && one.scrollHeight > one.clientHeight).length"""
# The key that brings the focus closer: within a group of choices the arrows move it.
KEY = """one => {
  const root = one.getRootNode(), focused = root.activeElement
  if (focused === one) return ""
  const from = focused ?? document.activeElement ?? document.body
  const place = from.compareDocumentPosition(focused ? one : root.host ?? one)
  const isLater = place & Node.DOCUMENT_POSITION_FOLLOWING
  return one.closest("[role=radiogroup], [role=tablist]")?.contains(focused)
    ? isLater ? "ArrowRight" : "ArrowLeft"
    : isLater ? "Tab" : "Shift+Tab"
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
        panel = self.keyed("path_line_box")
        expect(panel).to_contain_text("· Done", timeout=PATIENCE_SECONDS * 1000)

    def has_steps(self, count):
        """Wait until so many steps are ticked."""
        panel = self.keyed("path_line_box")
        expect(panel).to_contain_text(f"· {count} of", timeout=PATIENCE_SECONDS * 1000)

    def sees_steps_beside_work(self):
        """Steps and work are on the screen at the same time."""
        panel = self.keyed("path_line_box").bounding_box()
        height = self.page.page.viewport_size["height"]
        assert panel["y"] >= 0
        assert panel["y"] < height / 2
        assert panel["width"] * panel["height"] < 0.5 * self.width * height
        rows = self.keyed("path_line_box").locator(".stHorizontalBlock")
        assert rows.evaluate_all(SCROLLING) == 0


class Mouse(Walker):
    width = 1280

    def press(self, target):
        target.click()

    def type(self, target, text):
        target.click()
        target.press("ControlOrMeta+A")
        target.press_sequentially(str(text))
        target.press("Enter")

    def pick(self, key, label):
        self.page.pick(key, re.compile(f"^{re.escape(label)}$"))
        self.page.settle()

    def tick(self, key):
        self.keyed(key).locator("label").first.click()
        self.page.settle()

    def play_to_end(self, view):
        self.keyed(view).locator(".bar:has(.steps) button").first.click()
        steps = self.keyed(view).locator(".bar .steps")
        box = steps.bounding_box()
        steps.click(position={"x": box["width"] - 3, "y": box["height"] / 2})
        self.page.settle()

    def across(self, slider):
        """Move the handle from the left end to the right end, by small steps."""
        slider.scroll_into_view_if_needed()
        box, mouse = slider.bounding_box(), self.page.page.mouse
        height = box["y"] + box["height"] / 2
        mouse.move(box["x"] + 3, height)
        mouse.down()
        mouse.move(box["x"] + box["width"], height, steps=160)
        mouse.up()

    def slide(self, key):
        track = self.keyed(key).locator("[data-orientation]").first
        box = track.bounding_box()
        place = {"x": 0.8 * box["width"], "y": box["height"] / 2}
        track.click(position=place, force=True)


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

    def tick(self, key):
        self.reach(self.keyed(key).locator("input"))
        self.keys.press("Space")
        self.page.settle()

    def play_to_end(self, view):
        self.reach(self.keyed(view).locator(".bar .main"))  # its keys are the view's
        self.keys.press("Home")
        self.keys.press("End")
        self.page.settle()

    def across(self, slider):
        self.reach(slider)
        self.keys.press("Home")
        for _ in range(160):
            self.keys.press("ArrowRight")

    def slide(self, key):
        self.reach(self.keyed(key).locator("input"))
        self.keys.press("ArrowRight")


def learn(walker):
    walker.play_to_end("home_names")
    walker.has_steps(1)
    typed = walker.keyed("home_names").locator(".typed")
    walker.type(typed, "zoe")  # without an a, so the weight of its e is turned
    walker.has_steps(2)
    # The lowest loss is on the way.
    walker.across(walker.keyed("home_names").locator(".turn"))


def saturate(walker):
    walker.play_to_end("rnn_cell_view")
    walker.has_steps(1)
    walker.edit("rnn_cell_view", "ba", 5)
    walker.has_steps(2)
    walker.edit("rnn_cell_view", "h_prev", 0.83)
    walker.edit("rnn_cell_view", "ba", 0)


def read_word(walker):
    walker.play_to_end("rnn_forward_view")
    walker.type(walker.keyed("rnn_sequence_word").locator("input"), "hannah")
    walker.has_steps(2)
    walker.press(walker.page.page.locator("summary", has_text="Weights"))
    scale = walker.keyed("rnn_sequence_recurrent_scale").locator("input")
    walker.type(scale, 0.1)


def find_mistake(walker):
    walker.play_to_end("rnn_backward_view")
    walker.has_steps(1)
    walker.tick("path_line_step_backward_2")
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
    walker.push("lstm_train")
    walker.has_steps(2)
    walker.tick("path_line_step_vanishing_3")
    walker.pick("lstm_recipe_adding", "Ten steps only")
    walker.set_number("lstm_epochs", 3)
    walker.push("lstm_train")


def keep_number(walker):
    walker.play_to_end("lstm_cell_view")
    walker.edit("lstm_cell_view", "bf", 10)
    walker.edit("lstm_cell_view", "bi", -10)
    walker.has_steps(2)
    walker.edit("lstm_cell_view", "xt", 0.5)
    walker.has_steps(3)
    walker.page.open("gru")


def switch_unit_off(walker):
    walker.choose("lstm_forward_network", "Trained")
    walker.choose("lstm_trained_view", "The unit that counts")
    walker.play_to_end("lstm_units_text")
    walker.has_steps(1)
    box = walker.keyed("lstm_units_unit").locator("input")
    walker.page.settle()
    walker.press(box)
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        walker.page.page.keyboard.press(key)
    walker.page.settle()
    walker.has_steps(2)
    walker.choose("lstm_units_colours", COLOURS[1])


def train_on_prices(walker):
    for name, value in PRICES.items():
        walker.set_number(f"stock_{name}", value)
    walker.push("stock_train")
    walker.has_steps(2)
    walker.tick("path_line_step_prices_3")
    walker.press(walker.page.page.get_by_role("tab", name="Judgement"))


def ask_for_emoji(walker):
    box = walker.keyed("emoji_text").locator("input, textarea")
    walker.type(box, "I was happy and now I am sad")
    walker.has_steps(1)
    walker.choose("emoji_why", "Word order")
    walker.has_steps(2)
    walker.type(box, "my dog ran away and came back")


def improvise(walker):
    walker.push("music_generate")
    walker.has_steps(1)
    walker.set_number("music_temperature", 1.5)
    walker.push("music_generate")
    walker.has_steps(2)
    walker.tick("path_line_step_music_3")


def lengthen(walker):
    walker.slide("became_length")
    for number in (2, 3):
        walker.tick(f"path_line_step_became_{number}")


ACTIONS = {
    "start": learn,
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
    walker.has_steps(station.needed)
    walker.page.settle()
    if not walker.keyed(f"path_line_answer_{station.key}").is_visible():
        walker.push("path_line")  # closed on a page that was opened on a phone
    right = station.question.options[station.question.right]
    wrong = next(option for option in station.question.options if option != right)
    walker.choose(f"path_line_answer_{station.key}", wrong)
    walker.page.sees("Not quite")
    hint = station.hints[station.question.options.index(wrong)]
    walker.page.sees(re.escape(hint[:20]))
    walker.choose(f"path_line_answer_{station.key}", right)
    walker.page.sees("Correct")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("opens", "hands"),
    [("visit", Keyboard), ("visit_firefox", Mouse)],
    ids=["keyboard", "mouse in Firefox"],
)
def test_the_path_is_walked_from_first_to_last_station(request, opens, hands):
    walker = hands(request.getfixturevalue(opens))
    browser = walker.page.page
    walker.push("home_start")
    browser.wait_for_url(re.compile(r"/path\?station=start$"))
    walker.page.sees(place_of(STATIONS[0]))
    walker.push("path_open")
    for station in STATIONS:
        address = "" if station.page == "home" else station.page
        browser.wait_for_url(re.compile(rf"/{address}(\?|$)"))
        walker.page.settle()
        expect(walker.keyed("path_line_box")).to_contain_text(f"{place_of(station)} ·")
        expect(walker.keyed("path_line_box")).not_to_contain_text("· Done")
        if not walker.keyed("path_line_all").is_visible():  # closed on a phone
            walker.push("path_line")
            expect(walker.keyed("path_line_all")).to_be_visible()
        walker.sees_steps_beside_work()
        if station.guess:
            walker.choose(f"path_line_guess_{station.key}", station.guess.options[0])
        ACTIONS[station.key](walker)
        answer(walker, station)
        walker.is_done()
        walker.page.fits(walker.width)
        if station != STATIONS[-1]:
            walker.push("path_line_next")
    walker.page.sees("That was the last one")
    walker.push("path_line_all")
    walker.page.sees("You have walked the whole path")
    walker.page.sees(f"{len(STATIONS)} of {len(STATIONS)} done")
    walker.page.assert_quiet()
    walker.page.open("")
    walker.page.sees(f"{len(STATIONS)} of {len(STATIONS)} stations done")
