"""Who acts before the browser has heard of the run before, or it of two at once."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

import pages.ui
from tests.browser.test_music import audio

PAGES = Path(pages.ui.__file__).parent
# Streamlit calls what a component has returned if newer data came before it did.
OVERTAKEN = """async ([source, html, data]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }))
  const { default: draw } = await import(url)
  const parentElement = document.createElement("div")
  parentElement.innerHTML = html
  document.body.append(parentElement)
  const tiles = html.includes("tiles") // which are sent as bytes
  const sent = tiles ? new TextEncoder().encode(data) : JSON.parse(data)
  const drawn = () => draw({ data: sent, parentElement })
  const overtaken = drawn()
  drawn()
  overtaken()
  const last = drawn()
  const count = parentElement.querySelectorAll("button").length
  parentElement.remove()
  last()
  return count
}"""
TILE = dict.fromkeys(("title", "status", "word", "figure", "caption", "curve"), "")
STUDENTS = [TILE | {"id": name, "name": name, "label": name} for name in "abc"]
CLICKS = {"first": 0, "beat": 0.5, "beats": 4}


@pytest.fixture
def page(visit):
    page = visit("music")
    expect(audio(page)).to_be_visible(timeout=60_000)
    page.settle()
    return page


def read(*names):
    return "\n".join((PAGES / name).read_text() for name in names)


@pytest.mark.parametrize(
    ("source", "html", "data", "count"),
    [
        (
            read("board/tiles.js"),
            '<div class="tiles"></div>',
            {"students": STUDENTS, "size": [10, 10], "curve": "red"},
            3,
        ),
        (
            read(
                "lesson/player.js",
                "music/transport/clicks.js",
                "music/transport/transport.js",
            ),
            '<div class="lesson"><p class="bar"></p><p class="says"></p></div>',
            {"sound": "x", "roll": "x", "clicks": CLICKS, "seconds": 9, "start": None},
            3,
        ),
    ],
    ids=["tiles", "transport"],
)
def test_data_that_newer_ones_overtake_are_drawn_once(page, source, html, data, count):
    found = page.page.evaluate(OVERTAKEN, [source, html, json.dumps(data)])
    assert found == count
