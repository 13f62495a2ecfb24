"""The first screen of each page: main button, main picture, and words.

`pytest -s` prints a table of what is measured, in pixels from the top.
"""

import re
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.conftest import wait_until

SIZES = ((1280, 800), (390, 844))
PICTURE = 320  # pixels from the top, above which the picture begins on a wide screen
SEEN = 60  # pixels of the picture, at least, on the first screen of a phone
# Where these stand in a first screen, so do the plain words beside them.
PLAIN = {
    r"(?i)hyperparameter": "Settings (hyperparameters)",
    r"\bNLL\b": "error (NLL)",
    r"\bnats?\b": "loss",
    r"\bp-values?\b|\bp [<>=≤≥]": "chance",
}
# The texts that are drawn: of the first screen, and those that their box cuts off. Code
# and tables scroll; a screen reader's words are not drawn.
TEXTS = """height => {
  const skipped = "script, style, pre, table, canvas, .katex-mathml, [role=tablist]"
  const range = document.createRange(), words = [], cut = []
  const above = (one) => one.assignedSlot ?? one.parentElement ?? one.getRootNode().host
  const clips = (one) => getComputedStyle(one).overflowX !== "visible"
  const note = (text) => {
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    const around = text.parentElement ?? text.getRootNode().host
    const visible = { opacityProperty: true, visibilityProperty: true }
    if (!box.width || !around.checkVisibility(visible)) return
    if (box.bottom > 0 && box.top < height) words.push(text.data.trim())
    for (let one = around; one; one = above(one)) {
      if (!clips(one)) continue
      const { left, right, width } = one.getBoundingClientRect()
      if (width <= 1) return
      const isCut = box.left < left - 1 || box.right > right + 1
      if (isCut) return cut.push(text.data.trim())
    }
  }
  const walk = (node) => node.childNodes.forEach((child) => {
    if (child.nodeType === Node.TEXT_NODE && child.data.trim()) note(child)
    if (child.nodeType === Node.ELEMENT_NODE && !child.matches(skipped)) {
      walk(child.shadowRoot ?? child)
    }
  })
  const main = document.querySelector("[data-testid=stMain]")
  main.scroll(0, 0)
  walk(main)
  return { words: words.join(" "), cut }
}"""

HOME = ".st-key-home_names"
BARS, ROLL, FUTURE = ".st-key-emoji_bars", ".st-key-music_roll", ".st-key-stock_future"
EMOJI, TRAIN = ".st-key-emoji_train button", ".st-key-stock_train button"
GENERATE = ".st-key-music_generate button"
PLAY = " [aria-label^=Play]"
FIRST = {  # address, main button, and main picture, if any
    "Home": ("", f"{HOME} .typed", HOME),
    "Path": ("path", ".st-key-path_open button", None),
    "Prices": ("stock", TRAIN, FUTURE),
    "Prices, classic": ("stock?stock_recipe=classic", TRAIN, ".st-key-stock_hero"),
    "Emoji": ("emoji", EMOJI, BARS),
    "Music": ("music", GENERATE, ROLL),
    "Runs": ("runs", "[data-testid=stPageLink] >> nth=0", None),
    "What became of RNNs": (
        "became",
        ".st-key-became_length",
        ".st-key-became_bars",
    ),
    "Class": (
        "classes",
        ".st-key-classes_alone button",
        ".st-key-home_classes_preview",
    ),
}
LESSONS = {}
for cell in ("rnn", "lstm", "gru"):
    for step in ("The cell", "Forward", "Backward", "Learning"):
        view = f".st-key-{cell}_{step.split()[-1].lower()}_view"
        button = view + (" .guess" if step == "The cell" else PLAY)
        if step == "Learning":
            view = f".st-key-{cell}_scrubber"
            button = f".st-key-{cell}_train button"
        address = f"{cell}?{cell}_step={step.replace(' ', '+')}"
        LESSONS[f"{cell.upper()}, {step}"] = address, button, view
FIRST |= LESSONS
IN_FIREFOX = ("Home", "Prices", "Emoji", "Music", "LSTM, The cell", "LSTM, Learning")


class Measured:
    """The first screens of a page, and what is wrong with them."""

    def __init__(self, page, name, button):
        self.page, self.name, self.button, self.wrong = page, name, button, []

    def measure(self, state, picture):
        """Print the boxes at both sizes, and note what breaks a rule."""
        for width, height in SIZES:
            self.page.page.set_viewport_size({"width": width, "height": height})
            self.page.settle()
            words = self.page.page.evaluate(TEXTS, height)["words"]
            top, bottom = self._rest(self.button)
            first, _ = self._rest(picture)
            highest = PICTURE if width == SIZES[0][0] else height - SEEN
            rules = {"button": 0 <= top < bottom <= height, "picture": first < highest}
            for term, plain in PLAIN.items():
                rules[term] = not re.search(term, words) or plain in words
            broken = ", ".join(rule for rule, kept in rules.items() if not kept)
            row = self.name, state, str(width), f"{bottom:.0f}", f"{first:.0f}", broken
            sys.stdout.write(f"\n| {' | '.join(row)} |")
            if broken:
                self.wrong.append(row)
        self.page.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})

    def _rest(self, selector):
        """Top and bottom of an element once it moves no more; zeros without one."""
        if selector is None:
            return 0.0, 0.0
        one = self.page.page.locator(selector).filter(visible=True).first
        one.wait_for()
        boxes = []

        def rests():
            box = one.bounding_box()
            boxes.append(box and (box["y"], box["y"] + box["height"]))
            return len(boxes) > 3 and boxes[-1] and len(set(boxes[-3:])) == 1

        wait_until(rests, what=f"{selector} at rest")
        return boxes[-1]


def measure_first_visits(open_page, names):
    wrong = []
    page = open_page()
    for name in names:
        address, button, picture = FIRST[name]
        page.open(address)
        screen = Measured(page, name, button)
        screen.measure("first visit", picture)
        wrong += screen.wrong
    assert wrong == []


def test_first_visits_show_the_button_and_the_picture(visit):
    measure_first_visits(visit, FIRST)


def test_first_visits_show_them_in_firefox(visit_firefox):
    measure_first_visits(visit_firefox, IN_FIREFOX)


def train(screen, prefix, picture, ended):
    """Measure a training, stop it, and measure its result."""
    page = screen.page
    page.press(f"{prefix}_train")
    page.keyed(f"{prefix}_stop").wait_for()
    page.sees(r"Epoch \d+ of")
    screen.measure("training", picture)
    page.press(f"{prefix}_stop")
    page.keyed(f"{prefix}_close").wait_for(timeout=120_000)
    screen.measure("finished", ended)


def choose_file(page, file):
    page.keyed("stock_upload").locator("input[type=file]").set_input_files(file)


def test_prices_show_them_in_every_state(visit, tmp_path):
    page = visit("stock")
    screen = Measured(page, "Prices", TRAIN)
    page.choose("stock_source", "Upload")
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    choose_file(page, picture)
    page.sees("got a file that is not text")
    screen.measure("error", FUTURE)
    choose_file(page, ROOT / "data" / "prices" / "KO.csv")
    page.sees("8,313 rows")
    screen.measure("file read", ".st-key-stock_prices")
    train(screen, "stock", ".st-key-stock_live", FUTURE)
    for state, button in (("a guess asked", "stock_guess"), ("told", "stock_guess_1")):
        page.press(button)
        page.sees(
            "Is it higher or lower" if button == "stock_guess" else "Right of 1: you"
        )
        screen.measure(state, ".st-key-stock_past")
    assert screen.wrong == []


def test_emoji_show_them_in_every_state(visit):
    page = visit("emoji?emoji_model=v1&emoji_epochs=500")
    screen = Measured(page, "Emoji", EMOJI)
    train(screen, "emoji", BARS, BARS)
    page.fill("emoji_epochs", -1)
    screen.measure("error", BARS)
    assert screen.wrong == []


def test_music_shows_them_in_every_state(visit):
    page = visit("music?music_epochs=100&music_units=4")
    screen = Measured(page, "Music", GENERATE)
    train(screen, "music", ROLL, ROLL)
    chords = page.keyed("music_chords").locator("textarea")
    chords.fill("Cmaj7 | ??? |")
    chords.press("Control+Enter")
    page.sees(r"\?\?\?")
    screen.measure("error", ROLL)
    assert screen.wrong == []


def test_a_lesson_shows_them_in_every_state(visit):
    page = visit("lstm?lstm_step=Learning&lstm_epochs=500&lstm_steps=40&lstm_seed=412")
    screen = Measured(page, "LSTM, Learning", ".st-key-lstm_train button")
    train(screen, "lstm", ".st-key-lstm_live", ".st-key-lstm_scrubber")
    page.fill("lstm_units", -1)
    screen.measure("error", ".st-key-lstm_scrubber")
    assert screen.wrong == []


SMALL = {  # addresses whose training takes seconds
    "stock": "stock?stock_epochs=2&stock_units=2&stock_window=5",
    "emoji": "emoji?emoji_model=v1&emoji_epochs=20",
    "music": "music?music_epochs=2&music_units=4",
    "rnn": "rnn?rnn_step=Learning&rnn_epochs=9&rnn_steps=20&rnn_seed=413",
    "gru": "gru?gru_step=Learning&gru_data=Adding&gru_epochs=9&gru_seed=413",
}


@pytest.mark.parametrize("prefix", SMALL)
def test_train_with_known_settings_says_so_on_the_screen_and_replays(visit, prefix):
    page = visit(SMALL[prefix])
    page.press(f"{prefix}_train")
    buttons = [page.keyed(f"{prefix}_{name}") for name in ("replay", "close")]
    for one in (*buttons, page.keyed(f"share_menu_{prefix}")):
        one.wait_for(timeout=120_000)
        page.settle()
        page.page.evaluate(
            "document.querySelector('[data-testid=stMain]').scroll(0, 0)"
        )
        wait_until(
            lambda one=one: 0 < one.bounding_box()["y"] < PICTURE, what="its place"
        )
    page.press(f"{prefix}_train")
    said = page.page.get_by_text(re.compile(r"Trained before, .*\. Replaying\."))
    expect(said.first).to_be_in_viewport()
    expect(page.keyed(f"{prefix}_another_seed")).to_be_in_viewport()
    page.keyed(f"{prefix}_replay").wait_for(timeout=120_000)
    page.sees(r"Trained before, (at|on) .*\d\d:\d\d\.")


def test_nothing_is_cut_off_beside_the_panel_of_the_path(visit):
    page = visit("")
    page.press("home_start")
    page.settle()
    page.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})

    def cut():
        return page.page.evaluate(TEXTS, SIZES[0][1])["cut"]

    for name in LESSONS:
        page.open(FIRST[name][0])
        if not page.keyed("path_line_all").is_visible():
            page.press("path_line")
        expect(page.keyed("path_line_all")).to_be_visible()
        page.page.locator(FIRST[name][2]).wait_for()
        page.settle()
        # A chart is drawn before its page has the last width, and follows late.
        wait_until(lambda: not cut(), seconds=10, what=f"all words of {name}")
