"""The network on the home page computes in the browser what NumPy computes."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from core import examples
from core.lesson.cells import CELLS
from core.lesson.snapshot_file import weights_file
from core.lesson.snapshots import half_precision
from core.lesson.trained import text_sequence
from core.recurrent import softmax


@pytest.fixture(scope="module")
def trained():
    return examples.load_trained("text")


@pytest.fixture
def first_page(visit):
    opened = visit("")
    opened.keyed("home_names").locator(".chances li").first.wait_for()
    opened.keyed("home_names").locator(".steps").press("End")  # it plays no more
    return opened


def chances(first_page):
    """The chances of the most likely letters, as the browser has computed them."""
    letters = first_page.keyed("home_names").locator(".chances li")
    read = "all => all.map(({ dataset }) => [dataset.letter, Number(dataset.chance)])"
    return letters.evaluate_all(read)


def expected(trained, epoch, text):
    """The same by the functions of the lessons, with weights as they are sent."""
    network = trained.networks[epoch]
    cell, weights = CELLS["lstm"], network.parameters
    rounded = {name: half_precision(w).astype(float) for name, w in weights.items()}
    network = type(network)("lstm", rounded, network.name)
    last = network.forward(text_sequence(trained.corpus, text).x.transpose(2, 0, 1)).h[
        -1
    ]
    W, b = (rounded[name] for name in cell.head)
    share = softmax(W @ last + b)[:, 0]
    return dict(zip(trained.corpus.characters, share, strict=True))


@pytest.mark.parametrize("text", ["mar", "zo", "konstantinos"])
def test_the_browser_computes_the_chances_that_numpy_computes(
    first_page, trained, text
):
    part = first_page.keyed("home_names")
    part.locator(".typed").fill(text)
    for at in (0, 4, len(examples.NAMES_EPOCHS) - 1):
        part.locator(".steps").fill(str(at))
        shown = chances(first_page)
        known = expected(trained, examples.NAMES_EPOCHS[at], text)
        assert [letter for letter, _ in shown] == sorted(
            known, key=known.get, reverse=True
        )[: len(shown)]
        for letter, chance in shown:
            assert chance == pytest.approx(known[letter], abs=1e-6)


def test_the_name_begins_as_typed_and_goes_on(first_page):
    part = first_page.keyed("home_names")
    part.locator(".typed").fill("Mar")
    name = part.locator(".name")
    assert name.inner_text().startswith("mar")
    names = {name.inner_text()}
    for _ in range(5):
        part.get_by_role("button", name="Another name").click()
        names.add(name.inner_text())
    assert len(names) > 2


# Notes every text of the story from the page's first moment on.
NOTE_STORIES = """
  window.stories = []
  const within = (root) => [...root.querySelectorAll("*")].flatMap((part) =>
    part.shadowRoot ? within(part.shadowRoot) : part.matches(".story") ? [part] : [])
  setInterval(() => {
    const text = within(document)[0]?.textContent
    if (text && window.stories.at(-1) !== text) window.stories.push(text)
  }, 20)
"""


def test_it_plays_from_noise_to_names_when_the_page_opens(visit, trained):
    page = visit("").page
    page.add_init_script(NOTE_STORIES)
    page.reload()
    last = "() => window.stories.at(-1)?.includes('for 40 epochs')"
    page.wait_for_function(last, timeout=120_000)
    first, *later = page.evaluate("window.stories")
    assert "Untrained" in first
    told = re.compile(r"Trained for (\d+) epochs?\. It has read ([\d,]+) names")
    counts = [
        [int(number.replace(",", "")) for number in told.match(story).groups()]
        for story in later
    ]
    assert len(counts) > 5
    assert counts == sorted(counts)
    drawn = trained.config.steps * trained.config.batch
    assert all(names == epoch * drawn for epoch, names in counts)


def test_it_is_used_by_keyboard_and_read_out(first_page):
    part, keys = first_page.keyed("home_names"), first_page.page.keyboard
    part.get_by_label("Type the beginning of a name").focus()
    keys.type("zo")
    name = part.get_by_role("status").filter(has_text=re.compile("^zo"))
    expect(name).to_have_attribute("aria-live", "polite")
    keys.press("Tab")  # to the buttons
    keys.press("Home")
    assert "Untrained" in part.locator(".story").inner_text()
    keys.press("ArrowRight")
    expect(part.get_by_role("slider", name="Epoch")).to_have_attribute(
        "aria-valuetext", "Epoch 1 of 40"
    )
    expect(part.get_by_role("img")).to_have_attribute("aria-label", re.compile("“zo"))


def loss_by_numpy(trained, epoch, text, turned):
    """Loss of a text's letters, with the bias of the score of "a" turned up."""
    network = trained.networks[epoch]
    W, b = (half_precision(w).astype(float) for w in network.head)
    b[trained.corpus.characters.index("a")] += turned
    rounded = {
        n: half_precision(w).astype(float) for n, w in network.parameters.items()
    }
    network = type(network)("lstm", rounded, network.name)
    x = text_sequence(trained.corpus, text).x.transpose(2, 0, 1)
    chances = softmax((W @ network.forward(x).h[:-1, :, 0].T) + b)
    letters = trained.corpus.encode(text)
    return -np.log(chances[letters, np.arange(len(text))]).mean()


@pytest.mark.parametrize("epoch", [0, 40])
def test_the_first_station_shows_loss_and_gradient_of_one_weight(visit, trained, epoch):
    page = visit("")
    page.press("home_start")
    page.settle()
    page.press("path_open")
    part = page.keyed("home_names")
    expect(part.locator(".inside")).to_be_visible()
    assert "Untrained" in part.locator(".story").inner_text()  # it does not play
    part.locator(".typed").fill("hannah")
    part.locator(".steps").fill(str(examples.NAMES_EPOCHS.index(epoch)))
    part.locator(".turn").fill("1.5")
    low, at, high = (
        loss_by_numpy(trained, epoch, "hannah", turned) for turned in (1.49, 1.5, 1.51)
    )
    assert f"Loss {at:.2f}:" in part.locator(".loss").inner_text()
    slope = part.locator(".slope").inner_text()
    gradient = f"{(high - low) / 0.02:.2f}".replace("-", "−")
    assert f"Gradient {gradient}:" in slope
    assert f"turns this weight {'down' if high > low else 'up'}" in slope
    count = sum(weight.size for weight in trained.result.parameters.values())
    assert f"{count:,} weights" in part.locator(".inside").inner_text()
    page.page.reload()
    expect(part.locator(".turn")).to_be_visible()  # still at this station


def test_a_letter_that_it_does_not_know_is_named(first_page):
    part = first_page.keyed("home_names")
    part.locator(".typed").fill("maé3")
    assert "é3" in part.locator(".refused").inner_text()
    assert part.locator(".typed").input_value() == "ma"


def test_the_weights_are_those_of_the_example_and_small(trained):
    content = examples.NAMES.read_bytes()
    assert content == weights_file(trained, examples.NAMES_EPOCHS)
    assert len(content) < 250_000
