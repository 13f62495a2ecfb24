"""Markup typed into every field: a real browser would run it, if a page let it."""

import re
from contextlib import suppress

from playwright.sync_api import TimeoutError, expect

from core import stock
from core.runs.store import Store
from pages.ui.web.server import COOKIE
from tests.conftest import wait_until
from tests.core.music.music_files import TUNE, line, midi

SCRIPT = "<img src=x onerror=window.struck=1><script>window.struck=1</script>"
MARKUP = f"{SCRIPT} **hitme** [hitme](javascript:window.struck=1) $hitme$ " + (
    "www.evil.example https://evil.example/x me@evil.example"
)
DAYS = range(1, 29)
MADE = "strong:text-is('hitme'), a:has-text('hitme'), a[href*=evil], .katex, img[src=x]"


def unharmed(page):
    page.settle()
    assert page.page.evaluate("window.struck") is None
    assert page.page.locator(MADE).all_inner_texts() == []


def type_in(page, key, text, kind="input"):
    page.keyed(key).locator(kind).fill(text)
    page.page.keyboard.press("Control+Enter" if kind == "textarea" else "Enter")
    unharmed(page)


def upload(page, key, *files):
    """Files, each a name and its content."""
    page.keyed(key).locator("input[type=file]").set_input_files(
        [{"name": n, "mimeType": "text/plain", "buffer": c} for n, c in files]
    )
    page.page.wait_for_timeout(0)
    unharmed(page)


def opened(page, key):
    """Look at the options of a list, and take the last one."""
    box, last = (
        page.keyed(key).locator("input"),
        page.page.locator("[role=option]").last,
    )

    def is_taken():  # a redraw that is under way closes it again
        box.click()
        with suppress(TimeoutError):
            last.wait_for(timeout=2_000)
            unharmed(page)
            last.click(timeout=2_000)
            return True
        return False

    page.settle()
    wait_until(is_taken, 60, "the options")
    unharmed(page)


def prices(column="Close"):
    days = (
        f"2019-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)
    )
    rows = "".join(f"{day},{n + 5},{n + 6}\n" for n, day in enumerate(days))
    return f'Date,"{column}",b\n{rows}'.encode()


def test_a_sentence_of_markup_runs_in_no_browser(visit):
    page = visit("emoji")
    type_in(page, "emoji_text", MARKUP)
    page.sees("onerror")
    page.choose("emoji_why", "Word order")
    unharmed(page)
    assert page.page.get_by_role("button", name="Download as CSV").count() == 0


def test_names_of_files_and_columns_run_in_no_browser(visit):
    page = visit("stock")
    page.choose("stock_source", "Upload")
    upload(page, "stock_upload", (f"{MARKUP}.csv".replace("/", ""), prices()))
    page.sees("336 rows")
    unharmed(page)
    upload(page, "stock_upload", ("prices.csv", prices(MARKUP)))
    page.sees("Which column")
    page.settle()
    expect(page.keyed("stock_column").locator("input")).to_have_count(1)
    opened(page, "stock_column")


def cookie(page):
    cookies = {one["name"]: one["value"] for one in page.page.context.cookies()}
    return cookies.get(COOKIE)


def test_the_title_and_the_error_of_a_run_run_in_no_browser(visit, dashboard):
    page = visit("runs")
    owner = wait_until(lambda: cookie(page), what="the cookie")
    store = Store(f"sqlite:///{dashboard.home / 'runs.sqlite'}")
    run_id = store.create(owner, "stock", stock.TASK.tiny()[0], title=MARKUP, data=b"")
    store.give_up(run_id, "failed", MARKUP)
    store.close()
    for path in ("runs", f"stock?run={run_id}"):
        page.open(path)
        page.sees(re.escape("onerror=window.struck=1"))
        unharmed(page)


def test_tracks_files_and_chords_run_in_no_browser(visit):
    page = visit("music")
    type_in(page, "music_chords", MARKUP, "textarea")
    page.sees("xpected")
    page.choose("music_corpus", "Upload")
    band = midi((MARKUP, 0, 0, line(TUNE * 6)), (SCRIPT, 1, 0, line(TUNE * 6)))
    name = MARKUP.replace("/", "")
    files = ((f"{name}.mid", band), (f"2{name}.mid", band), (f"{name}.xml", b"<a>"))
    upload(page, "music_upload", *files)
    page.sees("File to edit")
    for box in ("music_file", "music_track"):
        opened(page, box)
    type_in(page, "music_track_chords", MARKUP)
