"""Writing on a take, with the mouse, by touch, and with the keyboard."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.music import (
    audio,
    download,
    drawn,
    heard,
    marked_span,
    melody,
    roll,
    source,
)

BARS = 16


@pytest.fixture
def page(visit):
    page = visit("music")
    expect(audio(page)).to_be_attached(timeout=120_000)
    page.settle()
    return page


def ruler(page):
    return roll(page).locator(".ruler")


def bar_centre(page, bar):
    box = ruler(page).bounding_box()
    return box["x"] + box["width"] / BARS * (bar - 0.5), box["y"] + box["height"] / 2


def mark(page, first, last):
    ruler(page).scroll_into_view_if_needed()
    page.page.mouse.move(*bar_centre(page, first))
    page.page.mouse.down()
    page.page.mouse.move(*bar_centre(page, last), steps=3)
    page.page.mouse.up()
    marked(page, f"bars {first} to {last}" if first < last else f"bar {first}")


def marked(page, name):
    expect(page.keyed("music_rewrite")).to_contain_text(f"Rewrite {name}")
    page.settle()


def press(page, name, label=None):
    page.keyed(f"music_{name}").get_by_role("button", name=label).first.click()
    page.settle()


@contextmanager
def another_sound(page):
    """Wait until another take is heard: until then its files are those before."""
    before = source(page)
    yield
    expect(audio(page)).not_to_have_attribute("src", before)
    page.settle()


def notes(page):
    return melody(download(page, "music_download"))


def outside(found, begin, end):
    return [tuple(n) for n in found if not begin - 1e-6 <= n[0] < end - 1e-6]


def test_marked_bars_are_rewritten_heard_used_and_undone(page):
    before, first_source = notes(page), source(page)
    mark(page, 5, 8)
    begin, end = marked_span(page)
    assert (begin, end) == pytest.approx((4.8, 9.6))
    page.press("music_rewrite")
    expect(audio(page)).not_to_have_attribute("src", first_source)
    # It begins a bar before what is new, which is a second and a fifth.
    wait_until(lambda: heard(page) > begin - 1.3, what="the bar before")
    page.settle()
    fits = page.page.get_by_text("leads on")
    expect(fits).to_have_count(4)
    proposed = notes(page)  # what is heard is what is downloaded
    assert outside(proposed, begin, end) == outside(before, begin, end)
    assert [tuple(n) for n in proposed] != [tuple(n) for n in before]
    second_source = source(page)
    press(page, "listen_2")
    expect(audio(page)).not_to_have_attribute("src", second_source)
    press(page, "use_2")
    expect(fits).to_have_count(0)
    page.settle()
    used = notes(page)
    assert outside(used, begin, end) == outside(before, begin, end)
    assert [tuple(n) for n in used] != [tuple(n) for n in before]
    wait_until(lambda: len(drawn(page)) == len(used), what="the roll")
    with another_sound(page):
        page.press("music_undo")
    assert [tuple(n) for n in notes(page)] == [tuple(n) for n in before]
    page.assert_quiet()


def test_locked_bars_are_hatched_and_repeated_ones_come_after(page):
    mark(page, 2, 2)
    press(page, "lock")
    expect(page.keyed("music_lock")).to_contain_text("Unlock")
    expect(roll(page).locator(".locked")).to_have_count(1)
    before = notes(page)
    mark(page, 1, 2)
    with another_sound(page):
        page.press("music_repeat")
    bar = marked_span(page)[1] / 2
    after = notes(page)
    assert outside(after, 2 * bar, 4 * bar) == outside(before, 2 * bar, 4 * bar)

    def rhythm(begin):
        return [round(n[0] - begin, 3) for n in after if begin <= n[0] < begin + bar]

    assert rhythm(2 * bar) == rhythm(0)


def test_a_note_is_dragged_and_moved_by_the_keyboard(page):
    before = notes(page)
    note = roll(page).locator(".note.own").nth(5)
    note.scroll_into_view_if_needed()
    box = note.bounding_box()
    row = row_height(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.page.mouse.move(x, y)
    with another_sound(page):
        page.page.mouse.down()
        page.page.mouse.move(x, y - 2 * row, steps=4)
        page.page.mouse.up()
    assert notes(page)[5, 1] == before[5, 1] + 2
    assert heard(page) == 0  # a drag is no click
    with another_sound(page):
        roll(page).get_by_role("group", name="Piano roll").press("ArrowDown")
    assert notes(page)[5, 1] == before[5, 1] + 1
    for _ in range(2):
        with another_sound(page):
            page.press("music_undo")
    assert [tuple(n) for n in notes(page)] == [tuple(n) for n in before]


def row_height(page):
    """Pixels of a semitone: the height of the tinted rows."""
    return roll(page).locator(".black").first.bounding_box()["height"]


def test_bars_are_marked_with_the_keyboard_and_unmarked(page):
    line = ruler(page)
    line.press("ArrowRight")
    marked(page, "bar 1")
    line.press("ArrowRight")
    line.press("Shift+ArrowRight")
    marked(page, "bars 2 to 3")
    expect(line).to_have_attribute("aria-valuetext", "bar 2 to bar 3 are marked")
    assert heard(page) == 0
    line.press("Escape")
    expect(page.keyed("music_rewrite").get_by_role("button").first).to_be_disabled()
    expect(roll(page).locator(".shades .marked")).to_have_count(0)


def test_bars_are_marked_by_touch_on_a_phone(visit):
    page = visit("music", width=390)
    expect(audio(page)).to_be_attached(timeout=120_000)
    page.settle()
    ruler(page).scroll_into_view_if_needed()
    x, y = bar_centre(page, 2)
    finger = page.page.context.new_cdp_session(page.page)
    finger.send(
        "Input.dispatchTouchEvent",
        {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]},
    )
    x, y = bar_centre(page, 4)
    finger.send(
        "Input.dispatchTouchEvent",
        {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]},
    )
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    marked(page, "bars 2 to 4")
    page.fits(390)
