"""Who acts before the browser has heard of the run before, or it of two at once."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.live.part import HTML, SCRIPT
from pages.ui.web.scripts import script_path
from tests.browser.conftest import Page
from tests.conftest import wait_until
from tests.driver.browser.music import audio, drawn, roll, source

# Streamlit calls what a component has returned if newer data came before it did.
OVERTAKEN = """async ([url, html, data]) => {
  const { default: draw } = await import(url)
  const parentElement = document.createElement("div")
  parentElement.innerHTML = html
  document.body.append(parentElement)
  const given = JSON.parse(data)
  const tiles = html.includes("tiles") // which a live part is sent
  if (tiles) {
    const answers = await import(url.replace("board/tiles", "components/answers"))
    answers.publish("board", { board: given })
  }
  const sent = tiles ? "board" : given
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
SIZES = """async ([url, html, data]) => {
  const { default: draw } = await import(url)
  const parentElement = document.createElement("div")
  parentElement.innerHTML = html
  parentElement.style.cssText = "position: absolute; width: 300px"
  document.body.append(parentElement)
  const asked = []
  const setStateValue = (_, size) => asked.push(size)
  draw({ data, parentElement, setStateValue })
  parentElement.style.width = "900px"
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  for (let i = 0; i < 3; i++) await frame() // until its width has been noticed
  const end = draw({ data: { ...data, size: "phone" }, parentElement, setStateValue })
  parentElement.remove()
  end()
  return asked
}"""
# Milliseconds after which a live part of another page's state requests a rerun.
REQUESTED = """async ([url, html, data, clicked]) => {
  const { default: draw } = await import(url)
  const parentElement = document.createElement("div")
  parentElement.innerHTML = html
  document.body.append(parentElement)
  window.fetch = async () => new Response(JSON.stringify({ version: 1, page: "ended" }))
  const link = document.createElement("a")
  document.body.append(link)
  if (clicked) link.click()
  const began = performance.now()
  let end
  const waited = await new Promise((done) => {
    const setTriggerValue = () => done(performance.now() - began)
    end = draw({ data, parentElement, setTriggerValue })
  })
  end()
  return waited
}"""
LIVE = {
    "url": "live/run/x",
    "query": {},
    "page": "running",
    "first": None,
    "milliseconds": 20,
    "switches": [],
}
TILE = dict.fromkeys(("title", "status", "word", "figure", "caption", "curve"), "")
STUDENTS = [TILE | {"id": name, "name": name, "label": name} for name in "abc"]
CLICKS = {"first": 0, "beat": 0.5, "beats": 4}


@pytest.fixture
def page(visit):
    page = visit("music")
    expect(audio(page)).to_be_attached(timeout=60_000)
    page.settle()
    return page


@pytest.fixture(scope="module")
def empty(profiles, dashboard):
    """A page of the server without scripts, for components alone."""
    page = profiles.take()
    page.goto(f"{dashboard.url}/_stcore/health")
    yield page
    profiles.give_back(page, dashboard.url)


@pytest.fixture
def far(browser, dashboard):
    """A page whose browser hears the server only while `hears` is true.

    If `hears` is "address", it is slow to draw: it hears of the address alone.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = Page(context.new_page(), dashboard)
    page.hears, waiting = True, []

    def connect(socket):
        server = socket.connect_to_server()

        def pass_on(message):
            kind = ForwardMsg.FromString(message).WhichOneof("type")
            if page.hears == "address" and kind == "page_info_changed":
                socket.send(message)
                return
            waiting.append((socket, message))
            if page.hears is True:
                hear()

        server.on_message(pass_on)

    def hear():
        page.hears = True
        while waiting:
            socket, message = waiting.pop(0)
            socket.send(message)

    def ended():
        page.page.title()  # while the browser is asked, messages come
        kinds = [ForwardMsg.FromString(sent).WhichOneof("type") for _, sent in waiting]
        return kinds.count("script_finished")

    page.hear, page.ended = hear, ended
    page.page.route_web_socket("**/_stcore/stream", connect)
    yield page
    context.close()


@pytest.mark.parametrize("clicked", [False, True])
def test_a_live_part_requests_nothing_while_a_link_is_followed(empty, clicked):
    given = [script_path(SCRIPT), HTML, LIVE, clicked]
    calls = 1 if clicked else 3  # a busy browser makes one of them wait
    waited = min(empty.evaluate(REQUESTED, given) for _ in range(calls))
    assert (waited > 950) is clicked


@pytest.mark.parametrize(
    ("source", "html", "data", "count"),
    [
        (
            "board/tiles.js",
            '<div class="tiles"></div>',
            {"students": STUDENTS, "size": [10, 10], "curve": "red"},
            3,
        ),
        (
            "music/transport/transport.js",
            '<div class="lesson"><p class="bar"></p><p class="says"></p></div>',
            {"sound": "x", "roll": "x", "clicks": CLICKS, "seconds": 9, "start": None},
            3,
        ),
    ],
    ids=["tiles", "transport"],
)
def test_data_that_newer_ones_overtake_are_drawn_once(empty, source, html, data, count):
    found = empty.evaluate(OVERTAKEN, [script_path(source), html, json.dumps(data)])
    assert found == count


def test_sheet_music_is_asked_for_anew_if_its_width_changes_before_it_has_come(empty):
    url = script_path("music/notation/notation.js")
    html = (
        '<div class="lesson"><p class="bar"></p><div class="pages"></div>'
        '<p class="readout"></p></div>'
    )
    svg = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    data = {"pages": [svg], "numbers": [1], "bars": [0], "size": "paper", "sound": "x"}
    assert empty.evaluate(SIZES, [url, html, data]) == ["phone", "paper"]


def test_a_click_counts_in_a_part_of_the_page_that_has_been_drawn_anew(far):
    far.open("path?station=music")
    for is_over in (True, False):
        far.press("path_open")
        expect(audio(far)).to_be_attached(timeout=60_000)
        far.settle()
        if is_over:
            far.fill("music_temperature", 1.5)
            far.press("music_generate")
        expect(far.keyed("path_line_all")).to_be_visible()
        far.settle()
        far.hears = False
        box = far.keyed("music_temperature").locator("input")
        box.fill("1.4" if is_over else "1.3")
        box.press("Enter")
        if is_over:
            wait_until(far.ended, what="the page that the browser does not know")
        far.press("path_line_all")
        far.hear()
        expect(far.page).to_have_url(re.compile("station=music"))
        expect(far.keyed("path_answer_music")).to_be_visible()
        far.settle()


def test_a_number_that_the_server_sets_counts_before_it_is_drawn(far):
    far.open("music")
    expect(audio(far)).to_be_attached(timeout=60_000)
    far.page.get_by_text("Tempo, length, key").click()
    far.settle()
    before, far.hears = source(far), "address"
    box = far.keyed("music_bars").locator("input")
    box.fill("40")  # which sets the number of choruses to 0
    box.press("Enter")
    expect(far.page).to_have_url(re.compile("music_bars=40"))
    expect(far.keyed("music_choruses").locator("input")).to_have_value("1")
    far.press("music_generate")
    far.hear()
    expect(audio(far)).not_to_have_attribute("src", before)
    far.settle()
    expect(far.keyed("music_choruses").locator("input")).to_have_value("0")
    far.sees("40 bars")
    far.choose("music_view", "Notation")
    sheet = far.keyed("music_notation").locator(".lesson")
    expect(sheet.locator(".measure")).to_have_count(40)


@pytest.mark.parametrize(
    ("to_home", "seen"), [(False, "path_go_music"), (True, "home_start")]
)
def test_a_page_that_has_been_left_does_not_come_back(far, dashboard, to_home, seen):
    far.open("path?station=music")
    far.press("path_open")
    expect(far.keyed("path_line_all")).to_be_visible(timeout=60_000)
    far.settle()
    far.hears = False
    if to_home:
        far.page.get_by_role("link", name="Home").click()
    else:
        far.press("path_line_all")
    runs = 1 if to_home else 2  # the button's run ends where the next page begins
    wait_until(lambda: far.ended() >= runs, what="the next page")
    other = Page(far.page.context.new_page(), dashboard)
    other.open("path?station=music")
    other.page.locator("summary", has_text="things to do").click()
    box = other.keyed("path_step_music_3").get_by_role("checkbox")
    ended = far.ended()
    box.click(force=True)  # `check` would look at it once more; a done step has none
    expect(box).not_to_be_visible()
    # The live part of the page that has been left requests it.
    far.page.bring_to_front()  # a hidden tab asks nothing
    wait_until(lambda: far.ended() > ended, what="what that page has requested")
    far.hear()
    far.settle()
    expect(far.keyed(seen)).to_be_visible()
    assert to_home or "station=music" in far.page.url


def test_two_steps_that_are_ticked_in_quick_succession_are_both_done(visit, dashboard):
    page = visit("path?station=became")
    page.press("path_open")
    expect(page.keyed("path_line_step_became_3")).to_be_visible(timeout=60_000)
    page.settle()
    store = sqlite3.connect(dashboard.home / "runs.sqlite", isolation_level=None)
    with closing(store):
        store.execute("BEGIN IMMEDIATE")  # the store makes the first tick wait
        for number in (2, 3):
            box = page.keyed(f"path_line_step_became_{number}").get_by_role("checkbox")
            box.click(force=True)
            page.page.wait_for_timeout(500)
        store.execute("ROLLBACK")
    for number in (2, 3):
        key = f"path_line_step_became_{number}"
        expect(page.keyed(key)).to_have_count(0)


def test_two_clicks_on_undo_undo_two_moves(page):
    before = drawn(page)
    roll(page).locator(".note.own").nth(5).click()
    for _ in range(2):
        sound = audio(page).get_attribute("src")
        roll(page).get_by_role("group", name="Piano roll").press("ArrowUp")
        expect(audio(page)).not_to_have_attribute("src", sound)  # the move is made
        page.settle()
    row = height(page)
    assert place(page) == pytest.approx(before[5, 2] - 2 * row, abs=row / 2)
    # Streamlit merges clicks that arrive before the run of the first one has begun.
    undo = page.keyed("music_undo").get_by_role("button")
    clicked = page.page.evaluate("performance.now()")
    undo.click()
    wait_until(
        lambda: page.page.evaluate(f"answers.asked > {clicked} && answers.begun()"),
        what="the run of the first click",
    )
    undo.click()
    wait_until(lambda: abs(place(page) - before[5, 2]) < row / 2, what="both undone")


def height(page):
    """Pixels of a semitone: the height of the tinted rows."""
    return roll(page).locator(".black").first.bounding_box()["height"]


def place(page):
    return drawn(page)[5, 2]
