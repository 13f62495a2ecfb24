"""A short visit to every page in the menu or behind a link: `make walk`.

Each page opens on a laptop and on a phone. On the laptop its main button is pressed,
with the real server and a real training, and something new appears.
"""

import re

import pytest
from playwright.sync_api import expect

from pages.ui.frame import LINKED, entries
from pages.ui.startup import FAILED
from tests.conftest import wait_until

LAPTOP, PHONE = (1280, 800), (390, 844)
PAGES = [entry.name for entry in (*entries(), *LINKED)]
# They list what you have made, which is nothing on a first visit; or you move a slider.
NOTHING_TO_PRESS = {"runs", "became", "search", "compare", "shared", "board"}
PRIMARY = '[data-testid="stMain"] [data-testid="stBaseButton-primary"]'
# What a person sees in the main part: texts, shapes of figures, sounds.
SEEN = """() => {
  const seen = [location.pathname]
  const walk = (node) => node.childNodes.forEach((child) => {
    if (child.nodeType === Node.TEXT_NODE) seen.push(child.data.trim())
    if (child.nodeType !== Node.ELEMENT_NODE || child.matches("style, script")) return
    if (child.matches("path, rect, audio, img")) {
      for (const name of ["d", "x", "y", "height", "src"]) {
        seen.push(child.getAttribute(name))
      }
    }
    walk(child.shadowRoot ?? child)
  })
  walk(document.querySelector("[data-testid=stMain]"))
  return seen.filter(Boolean).join(" ")
}"""


@pytest.fixture
def open_page(visit, server_log):
    """A function that opens a page; nothing may have failed in it at the end."""
    opened = []

    def open_page(name, width, height):
        page = visit("" if name == "home" else name, width, height=height)
        opened.append((name, page))
        complain(name, page)
        return page

    def complain(name, page):
        log = server_log.read_text()[start:]
        if page.page.get_by_text(FAILED).or_(page.keyed("stException")).count():
            pytest.fail(f"{name}: its script failed. The server's log:\n{log}")
        if "Traceback" in log:
            pytest.fail(f"{name}: an error in the server's log:\n{log}")
        if complaints := [c for c in page.complaints if "404" not in c]:
            pytest.fail(f"{name}: errors in the browser: {complaints}")
        if page.outside:
            pytest.fail(f"{name}: requests to other hosts: {page.outside}")

    start = len(server_log.read_text())
    yield open_page
    for name, page in opened:
        complain(name, page)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_opens_and_its_main_button_shows_something_new(open_page, name):
    page = open_page(name, *LAPTOP)
    expect(page.page.locator("h1")).to_be_visible()
    button = page.page.locator(f"{PRIMARY}, .st-key-{name}_train button")
    button = button.filter(visible=True).first
    if name in NOTHING_TO_PRESS:
        assert not button.count(), f"{name} has a main button now: press it here"
        return
    steps = page.keyed(f"{name}_step").get_by_role("radio")
    expect(button.or_(steps.first)).to_be_visible()
    if steps.count():  # of a lesson, the last of which trains
        steps.last.click()
        button = page.keyed(f"{name}_train").get_by_role("button")
    expect(button).to_be_enabled()
    page.settle()
    before, downloads = page.page.evaluate(SEEN), []
    page.page.on("download", lambda file: downloads.append(file))
    button.click()
    wait_until(
        lambda: downloads or page.page.evaluate(SEEN) != before,
        what=f"{name} to show something new after its main button was pressed",
    )
    if page.keyed(f"{name}_train").filter(has=button).count():
        sees_a_training(page, name)
    page.settle()


def sees_a_training(page, name):
    """See the first epoch of a training and its curve, and stop it."""
    live = page.keyed(f"{name}_live")
    expect(live).to_contain_text(re.compile(r"Epoch [1-9]\d* of"), timeout=120_000)
    curve = live.locator(".scatterlayer path.js-line[d]")
    wait_until(curve.count, what=f"a curve on {name} after Train was pressed")
    stop = page.keyed(f"{name}_stop").get_by_role("button")
    stop.click()
    page.sees("Stopped|Finished")
    expect(stop).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_opens_on_a_phone_and_fits(open_page, name):
    open_page(name, *PHONE).fits(PHONE[0])
